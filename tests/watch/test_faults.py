"""Does a watch live through what is wrong around it, and lose nothing by it: names, disks, pipes, descriptors?"""

import errno
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from tests.watch.harness import case_with, sighted, watching
from tests.watch.pushing import post
from tests.watch.records import sign_in

from cloison.connect.listening import SyslogListener
from cloison.connect.telling import Lines, UnreachableError
from cloison.evidence.spool import Spool
from cloison.model.limits import LIMITS
from cloison.service.watching import _Frames
from cloison.watch.checkpoint import Checkpoint
from cloison.watch.following import Follower
from cloison.watch.prints import Print
from cloison.watch.pushed import line_of_syslog
from cloison.watch.streams import Stream
from cloison.watch.verdicts import Standing, Verdicts


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


def following(logs: Path) -> Follower:
    return Follower([logs], [], _from_the_beginning, LIMITS.record_bytes)


def _from_the_beginning(_: Path, __: int) -> int:
    return 0


def read(follower: Follower, looks: int = 3) -> list[bytes]:
    pieces = [piece for _ in range(looks) for piece in follower.look(1 << 24, listing=True)]
    return [b"".join(piece.chunks()) for piece in pieces]


def test_a_name_that_is_no_utf8_is_told_with_escapes(tmp_path: Path, logs: Path) -> None:
    Path(os.fsdecode(os.fsencode(logs) + b"/caf\xe9.jsonl")).write_bytes(sign_in(1) + b"\n")
    (logs / "z.jsonl").write_bytes(sign_in(2) + b"\n")
    with watching(case_with(tmp_path), logs) as watch:
        told = watch.wait_for(lambda told: len(sighted(told)) >= 2)
    assert sorted(sighted(told)) == ["mark1", "mark2"]
    assert any(one["records"][0]["evidence"].endswith("caf\\xe9.jsonl") for one in told)


def test_a_damaged_push_costs_nothing_that_comes_after_it(tmp_path: Path) -> None:
    case = case_with(tmp_path)
    with watching(case, "--http", "0") as watch:
        url = watch.noted("listening at")
        assert post(url, b'[{"a":1},{"b"') == (202, {"taken": 2})
        assert post(url, sign_in(1)) == (202, {"taken": 1})
        told = watch.wait_for(lambda told: len(sighted(told)) >= 1)
    assert sighted(told) == ["mark1"]
    assert not list((case / "watch/spool").iterdir()), "all of it is evidence now"


def test_half_a_line_that_a_sudden_death_left_is_kept_with_the_rest(tmp_path: Path) -> None:
    case = case_with(tmp_path)
    spool = case / "watch/spool"
    spool.mkdir(parents=True)
    (spool / "http-20250101T000000.000000Z.log").write_bytes(sign_in(1) + b"\n" + sign_in(2)[:50])
    with watching(case, "--http", "0") as watch:
        told = watch.wait_for(lambda told: len(sighted(told)) >= 1)
    assert sighted(told) == ["mark1"]
    assert not list(spool.iterdir())


def test_a_file_of_pushed_events_is_named_before_anybody_asks_for_it(tmp_path: Path) -> None:
    asked: list[Path | None] = []
    spool = Spool(tmp_path, "http", lambda: "now", asked.append)
    assert spool.path is None
    spool.append([b"one"])
    assert asked == [spool.path]


@contextmanager
def limited(what: int, most: int) -> Iterator[None]:
    """Have no more of something than so much."""
    before = resource.getrlimit(what)
    resource.setrlimit(what, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(what, before)


@pytest.mark.parametrize("size", [300, 20_000])
def test_a_full_disk_makes_no_line_twice(tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "told.jsonl"
    lines = [(f"id{number}", b'{"id":"id%d"}' % number + b"x" * size) for number in range(4)]
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with out.open("ab") as file:
        written = Lines(file)
        written.write([("id9", b'{"id":"id9"}')])
        with limited(resource.RLIMIT_FSIZE, out.stat().st_size + size * 3 // 2):
            for _ in range(2):
                with pytest.raises(UnreachableError):
                    written.write(lines)
        written.write(lines)
    signal.signal(signal.SIGXFSZ, ignored)
    assert out.read_bytes().splitlines() == [b'{"id":"id9"}', *(line for _, line in lines)]


def test_no_descriptor_left_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bytes] = []

    def take(lines: list[bytes]) -> int:
        taken.extend(lines)
        return len(lines)

    listener = SyslogListener(("127.0.0.1", 0), ("127.0.0.1", 0), _Frames, line_of_syslog, take, print)
    listener.start()
    assert listener.tcp is not None
    fault = OSError(errno.EMFILE, "too many open files")
    with socket.create_connection(listener.tcp) as first:
        _wait_until(first, b"<1>one", taken)
        with monkeypatch.context() as patched:
            patched.setattr(socket.socket, "accept", _raising(fault))
            second = socket.create_connection(listener.tcp)
            time.sleep(0.3)
        _wait_until(first, b"<1>two", taken)
        _wait_until(second, b"<1>three", taken)
        second.close()
    listener.stop()
    assert taken == [b"<1>one", b"<1>two", b"<1>three"]


def test_what_arrived_when_it_ends_is_taken_whole_or_not() -> None:
    taken: list[bytes] = []
    began, go_on = threading.Event(), threading.Event()

    def take(lines: list[bytes]) -> int:
        if lines and not began.is_set():
            began.set()
            go_on.wait(20)
        taken.extend(lines)
        return len(lines)

    listener = SyslogListener(None, ("127.0.0.1", 0), _Frames, line_of_syslog, take, print)
    listener.start()
    assert listener.tcp is not None
    senders = [socket.create_connection(listener.tcp) for _ in range(3)]
    _wait_until_held(senders[0], b"<1>first", began)
    sent = [b"<1>%06d" % number for number in range(100_000)]
    senders[0].sendall(b"<1>closed\n")
    senders[0].close()
    writing = threading.Thread(target=senders[1].sendall, args=(b"\n".join(sent) + b"\n",))
    writing.start()
    senders[2].sendall(b"<1>half")
    listener._stopping.set()
    go_on.set()
    listener.stop()
    writing.join()
    assert sorted(taken) == sorted([b"<1>first", b"<1>closed", b"<1>half", *sent])


def _wait_until_held(sender: socket.socket, message: bytes, began: threading.Event) -> None:
    sender.sendall(message + b"\n")
    assert began.wait(20)


def _raising(fault: OSError) -> object:
    def raises(*_: object) -> None:
        raise fault

    return raises


def _wait_until(sender: socket.socket, message: bytes, taken: list[bytes]) -> None:
    sender.sendall(message + b"\n")
    until = time.monotonic() + 20
    while message not in taken and time.monotonic() < until:
        time.sleep(0.01)
    assert message in taken


@pytest.mark.parametrize("inode", [7, (1 << 63) + 5, (1 << 64) - 1])
def test_an_inode_of_any_size_is_kept(tmp_path: Path, inode: int) -> None:
    checkpoint = Checkpoint(tmp_path / "checkpoint.sqlite")
    stream = Stream("uid", "/a.log", (1 << 63) + 1, inode, Print(0, "", 0, ""))
    with checkpoint.batch():
        checkpoint.place([stream], [])
    assert checkpoint.streams() == [stream]
    with checkpoint.batch():
        checkpoint.place([], [stream.key])
    assert checkpoint.streams() == []
    checkpoint.close()


@pytest.mark.timeout(20)
def test_a_pipe_is_not_waited_for(logs: Path) -> None:
    os.mkfifo(logs / "pipe")
    os.mkfifo(logs.parent / "other")
    (logs / "a.log").write_bytes(b"one\n")
    follower = Follower([logs, logs.parent / "other"], [], _from_the_beginning, LIMITS.record_bytes)
    assert read(follower) == [b"one\n"]


@pytest.mark.parametrize("at", [0, 3])
def test_a_file_that_cannot_be_read_is_a_gap_and_is_read_when_it_can(
    logs: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    log = logs / "a.log"
    log.write_bytes(b"one\n" if at else b"")
    follower = following(logs)
    first = read(follower) if at else []
    log.write_bytes(b"one\ntwo\n")
    with monkeypatch.context() as patched:
        patched.setattr(os, "pread", _raising(OSError(errno.EIO, "Input/output error")))
        assert read(follower) == []
    assert {gap.what for gap in follower.gaps} == {"cannot be read: Input/output error"}
    assert b"".join(first + read(follower)) == b"one\ntwo\n"


def test_what_is_known_of_a_credential_is_kept_also_where_its_verdict_stays() -> None:
    def told(*, restart: bool) -> list[tuple[str, bool]]:
        verdicts, kept = Verdicts({}, LIMITS), dict[str, bytes]()
        for day in (1, 3):
            used = verdicts._used("x", 1, datetime(2025, 1, day), f"use {day}", "okta", "192.0.2.1")
            verdicts._moved([("x", used)])
            kept |= {uid: msgspec.json.encode(one) for uid, one in verdicts.changed()}
        if restart:
            verdicts = Verdicts({uid: msgspec.json.decode(one, type=Standing) for uid, one in kept.items()}, LIMITS)
        ended = msgspec.structs.replace(verdicts._of("x"), ended_at=datetime(2025, 1, 2), ended_by="e", ended_in="okta")
        return [(one.verdict, one.outlived) for _, one in verdicts._moved([("x", ended)])]

    assert told(restart=True) == told(restart=False) == [("refuted", True)]
