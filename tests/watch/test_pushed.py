"""Is what is pushed told, kept as evidence, and seen again by `investigate`; and is a stranger refused?"""

import gzip
import json
import time
from pathlib import Path

import pytest
from tests.service.harness import cloison, shown
from tests.watch.harness import Watching, case_with, sighted, watching
from tests.watch.pushing import address, datagram, post, stream
from tests.watch.records import request, sign_in

from cloison.watch.pushed import PushError, SyslogFrames, line_of_syslog, lines_of, unpacked


def test_json_of_any_layout_over_http(tmp_path: Path) -> None:
    case = case_with(tmp_path)
    with watching(case, "--http", "0") as watch:
        url = watch.noted("listening at")
        page = json.dumps([json.loads(sign_in(0)), json.loads(sign_in(1))], indent=2).encode()
        assert post(url, page) == (202, {"taken": 2})
        assert post(url, sign_in(2) + b"\n" + sign_in(3) + b"\r\n") == (202, {"taken": 2})
        assert post(url, gzip.compress(sign_in(4)), Content_Encoding="gzip") == (202, {"taken": 1})
        told = watch.wait_for(lambda told: len(sighted(told)) >= 5)
    assert sorted(sighted(told)) == ["mark0", "mark1", "mark2", "mark3", "mark4"]
    assert cloison("investigate", case, "--quiet").code == 0
    sightings = shown(case, "sightings")
    assert sorted(row["principal"] for row in sightings) == [f"mark{number}@corp.example" for number in range(5)]
    (evidence,) = {row["evidence"] for row in sightings}
    assert evidence.startswith("watch/http-")
    assert {one["records"][0]["event_uid"] for one in told} == {row["event_uid"] for row in sightings}
    assert list((case / "watch/spool").iterdir()) == []


@pytest.mark.parametrize(
    ("path", "token", "headers", "code"),
    [
        ("", "wrong", {}, 401),
        ("", "", {}, 401),
        ("/elsewhere", "a-token-of-a-test-run", {}, 404),
        ("", "a-token-of-a-test-run", {"Content_Encoding": "br"}, 400),
        ("", "a-token-of-a-test-run", {"Content_Encoding": "gzip"}, 400),
    ],
)
def test_what_is_not_taken(tmp_path: Path, path: str, token: str, headers: dict[str, str], code: int) -> None:
    case = case_with(tmp_path)
    with watching(case, "--http", "0") as watch:
        url = watch.noted("listening at")
        answered, said = post(url.removesuffix("/events") + path if path else url, sign_in(0), token=token, **headers)
        assert (answered, list(said)) == (code, ["error"])
        time.sleep(1)
        assert watch.told() == []
        assert list((case / "watch/spool").iterdir()) == []


def test_syslog_in_its_three_forms(tmp_path: Path) -> None:
    case = case_with(tmp_path)
    with watching(case, "--syslog-udp", "0", "--syslog-tcp", "0") as watch:
        udp = address(watch.noted("listening for syslog at udp:"))
        tcp = address(watch.noted("listening for syslog at tcp:"))
        datagram(udp, b"<134>1 2025-03-04T09:00:00Z web1 nginx 12 - - " + request(0))
        datagram(udp, b"<134>Mar  4 09:00:01 web1 nginx: " + request(1) + b"\n")
        counted = b"<134>1 2025-03-04T09:00:02Z web1 nginx 12 - - " + request(2)
        framed = b"%d %s" % (len(counted), counted)
        stream(tcp, framed[:30], framed[30:], b"<134>Mar  4 09:00:03 web1 nginx: " + request(3) + b"\n")
        stream(tcp, b"<134>Mar  4 09:00:04 web1 nginx: " + request(4))
        told = watch.wait_for(lambda told: len(sighted(told)) >= 5)
    assert sorted(sighted(told)) == ["mark0", "mark1", "mark2", "mark3", "mark4"]


def test_standard_input_until_its_end(tmp_path: Path) -> None:
    case = case_with(tmp_path)
    watch = Watching(case, "--stdin", "--once", stdin=True)
    assert watch.process.stdin is not None
    watch.process.stdin.write(sign_in(0) + b"\n" + sign_in(1))
    watch.process.stdin.close()
    assert watch.process.wait(60) == 0
    assert sighted(watch.told()) == ["mark0", "mark1"]


def test_two_watches_of_one_case_are_one_too_many(tmp_path: Path) -> None:
    case = case_with(tmp_path)
    with watching(case, "--http", "0"):
        second = cloison("watch", case, "--http", "0")
    assert second.code == 4
    assert "another watch runs on this case" in second.err


def test_nothing_to_watch_is_an_error(tmp_path: Path) -> None:
    ran = cloison("watch", tmp_path / "case")
    assert ran.code == 2
    assert "nothing to watch" in ran.err
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b'{"a":1}', [b'{"a":1}']),
        (b'{"a":1}\n{"b":2}\n', [b'{"a":1}', b'{"b":2}']),
        (b'{"a":1}{"b":2}', [b'{"a":1}', b'{"b":2}']),
        (b'{\r\n "a": 1\n}', [b'{   "a": 1 }']),
        (b'[{"a":1},\n{"b":2}]', [b'{"a":1}', b'{"b":2}']),
        (b"[]", [b"[]"]),
        (b"\xef\xbb\xbf a line\n\nanother \n", [b"a line", b"another"]),
        (b'{"a":1}\nno json\n', [b'{"a":1}', b"no json"]),
        (b'[{"a":1},', [b'{"a":1}']),
        (b'[{"a":1},{"b"', [b'{"a":1}', rb'"{\"b\""']),
        (b'[{"a":1},\n{"b"', [b'{"a":1}', rb'"{\"b\""']),
        (b'{\n"a": 1\n}\n{\n"b": [\n2', [b'{ "a": 1 }', rb'"{\n\"b\": [\n2"']),
        (b'{"ok":1}\n{"torn":\n{"b":2}', [b'{"ok":1}', rb'"{\"torn\":"', b'{"b":2}']),
        (b'{"a":1\n{"b":2}\n', [rb'"{\"a\":1"', b'{"b":2}']),
        (b'[{"a":1}]\na line\n', [b'[{"a":1}]', b"a line"]),
        (
            b"[Tue Mar 04] [error] one\n[Tue Mar 04] [error] two\n",
            [b"[Tue Mar 04] [error] one", b"[Tue Mar 04] [error] two"],
        ),
        (b"[2025-03-04] a\n[ts] b", [b"[2025-03-04] a", b"[ts] b"]),
        (b"", []),
    ],
)
def test_a_body_becomes_lines_and_loses_nothing(body: bytes, lines: list[bytes]) -> None:
    assert lines_of(body) == lines


def test_a_packed_bomb_is_refused() -> None:
    with pytest.raises(PushError, match="more than 1000 bytes"):
        unpacked(gzip.compress(b"a" * 100_000), "gzip", 1000)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_frames_are_found_however_the_stream_is_cut(size: int) -> None:
    data = b"5 <1>ab<2>line\n3 a\nb<3>last\n12 not a count\n9999999999 also not\n"
    frames = SyslogFrames()
    found = [one for at in range(0, len(data), size) for one in frames.feed(data[at : at + size])]
    assert found == [b"<1>ab", b"<2>line", b"a\nb", b"<3>last", b"not a count\n", b"9999999999 also not"]


def test_what_is_left_of_a_stream_is_a_message() -> None:
    frames = SyslogFrames()
    assert list(frames.feed(b"<1>half")) == []
    assert list(frames.feed(b"", last=True)) == [b"<1>half"]


def test_line_ends_in_a_message_are_spelled() -> None:
    assert line_of_syslog(b"<1>a\nb\r\nc\0") == b"<1>a#012b#012c"
