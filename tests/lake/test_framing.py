"""Is every record of a stream found in its place, whatever stands beside it?"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service.harness import access_line, access_lines, okta, okta_lines

from cloison.lake.engine import open_engine
from cloison.lake.framing import Framer
from cloison.lake.ingest import Ingest
from cloison.lake.judging import Framed, Refused
from cloison.lake.loading import in_parts
from cloison.model.limits import LIMITS, Limits
from cloison.sources.catalogue import shipped
from cloison.sources.recognise import Recogniser

Found = list[tuple[int, int, str]]


def ingested(data: bytes, folder: Path, size: int = 1 << 20) -> Found:
    """(offset, length, carrier or reason) of each record, once the engine has checked what was taken together."""
    recogniser = Recogniser.of(shipped().mappings)
    engine = open_engine()
    ingest = Ingest(engine, in_parts(folder), f"of-{size}")
    ingest.take("e", Framer(recogniser, LIMITS), (data[at : at + size] for at in range(0, len(data), size)))
    tally = ingest.close()
    parts = [str(folder / part) for part in tally.parts]
    places = "record_offset, record_length, source || '/' || carrier"
    rows: Found = engine.execute(f"SELECT {places} FROM read_parquet(?)", [parts]).fetchall() if parts else []
    return sorted(rows + [(one.offset, one.length, one.reason) for one in tally.rejects])


def framed(data: bytes, size: int = 1 << 20, limits: Limits = LIMITS) -> Found:
    """(offset, length, carrier or reason) of each record, before the engine has checked any."""
    framer = Framer(Recogniser.of(shipped().mappings), limits)
    found: Found = []
    for one in framer.records(data[at : at + size] for at in range(0, len(data), size)):
        found += list(_told(one))
    assert framer.received == len(found)
    return sorted(found)


def _told(one: Framed | Refused) -> Iterator[tuple[int, int, str]]:
    if isinstance(one, Refused):
        yield one.offset, one.length, one.reason
    else:
        name = f"{one.mapping.spec.name}/{one.mapping.carrier.name}"
        yield from ((offset, length, name) for offset, length in zip(one.offsets, one.lengths, strict=True))


OKTA, WEB = "okta_system_log/log_event", "web_access/line"
ONE, TWO = json.dumps(okta(1)).encode(), json.dumps(okta(2)).encode()
PRETTY = json.dumps(okta(3), indent=2).encode()
LINE = access_line(1).encode()

LAYOUTS = {
    "one a line": (ONE + b"\n" + TWO, [(ONE, OKTA), (TWO, OKTA)]),
    "one a line with a mark in front": (b"\xef\xbb\xbf" + ONE + b"\r\n" + TWO + b"\r\n", [(ONE, OKTA), (TWO, OKTA)]),
    "array": (b"[" + ONE + b" ,\n" + TWO + b"]", [(ONE, OKTA), (TWO, OKTA)]),
    "array with a mark in front": (b"\xef\xbb\xbf[" + ONE + b"," + TWO + b"]", [(ONE, OKTA), (TWO, OKTA)]),
    "array, one element a line": (b"[\n" + ONE + b",\n" + TWO + b"\n]", [(ONE, OKTA), (TWO, OKTA)]),
    "page": (b'{"next":null,"items":[' + ONE + b"," + TWO + b"]}", [(ONE, OKTA), (TWO, OKTA)]),
    "page a line": (b'  {"items":[' + ONE + b']}\n{"items":[' + TWO + b"]}", [(ONE, OKTA), (TWO, OKTA)]),
    "page with two arrays": (b'{"items":[' + ONE + b'],"events":[' + TWO + b"]}\n", [(ONE, OKTA), (TWO, OKTA)]),
    "pretty": (PRETTY + b"\n" + PRETTY, [(PRETTY, OKTA), (PRETTY, OKTA)]),
    "with nothing between": (ONE + TWO + ONE, [(ONE, OKTA), (TWO, OKTA), (ONE, OKTA)]),
    "with nothing between, once": (
        ONE + b"\n" + TWO + ONE + b"\n" + TWO,
        [(ONE, OKTA), (TWO, OKTA), (ONE, OKTA), (TWO, OKTA)],
    ),
    "array a line": (b"[" + ONE + b"]\n[" + TWO + b"]", [(ONE, OKTA), (TWO, OKTA)]),
    "access lines": (LINE + b"\r\n\n  " + LINE + b"  \n", [(LINE, WEB), (LINE, WEB)]),
    "both in one file": (ONE + b"\n" + LINE + b"\n" + TWO, [(ONE, OKTA), (LINE, WEB), (TWO, OKTA)]),
    "lines before objects": (LINE + b"\n" + ONE, [(LINE, WEB), (ONE, OKTA)]),
}


@pytest.mark.parametrize(("data", "expected"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_layout(data: bytes, expected: list[tuple[bytes, str]], tmp_path: Path) -> None:
    found = ingested(data, tmp_path)
    assert [(data[offset : offset + length], name) for offset, length, name in found] == expected
    assert ingested(data, tmp_path, 7) == found


def test_behind_a_syslog_header() -> None:
    data = b"<134>Mar  4 02:00:01 host app[7]: " + ONE + b"\nMar  4 02:00:01 host nginx: " + LINE
    assert [name for *_, name in framed(data)] == [OKTA, WEB]


def test_records_in_envelopes_are_placed_as_their_envelopes() -> None:
    wrapped = [json.dumps({"host": "h", "event": okta(1)}).encode(), json.dumps({"message": ONE.decode()}).encode()]
    assert framed(b"\n".join(wrapped)) == [(0, len(wrapped[0]), OKTA), (len(wrapped[0]) + 1, len(wrapped[1]), OKTA)]


def test_broken_opening_line_swallows_nothing() -> None:
    data = b"{\n" + okta_lines(range(5))
    assert [name for *_, name in framed(data)] == [
        "not JSON: unexpected end of data: line 1 column 2 (char 1)",
        *[OKTA] * 5,
    ]


def test_nul_and_control_bytes_in_a_log_leave_the_rest_read() -> None:
    data = bytes(3_000) + b"\n" + access_lines(range(3)) + b"\x01\x02\x00 odd\n" + access_lines(range(3, 6))
    names = [name for *_, name in framed(data)]
    assert names.count(WEB) == 7
    assert names[0] == "recognised by no source"


def test_file_of_which_nothing_is_known_is_one_reject_in_bounded_memory() -> None:
    data = b"".join(b"unheard of %d\n" % number for number in range(50_000))
    assert framed(data, 64 << 10) == [(0, len(data) - 1, "recognised by no source")]


def test_what_is_known_behind_much_that_is_not_is_still_found() -> None:
    junk = b"".join(b"unheard of %d\n" % number for number in range(20_000))
    found = framed(junk + access_lines(range(2_000)), 16 << 10)
    assert found[0][:1] + found[0][2:] == (0, "recognised by no source")
    assert sum(name == WEB for *_, name in found) > 1_500
    covered = sum(length + 1 for _, length, _ in found)
    assert abs(covered - len(junk) - len(access_lines(range(2_000)))) < 200


def test_few_unknown_lines_are_placed_one_by_one() -> None:
    assert framed(b"one\ntwo\n\nthree") == [
        (0, 3, "recognised by no source"),
        (4, 3, "recognised by no source"),
        (9, 5, "recognised by no source"),
    ]


def test_line_over_the_limit_is_placed() -> None:
    data = access_lines(range(2)) + b"x" * 5_000 + b"\n" + access_lines(range(2, 4))
    found = framed(data, 100, Limits(record_bytes=1_000))
    assert [name for *_, name in found] == [WEB, WEB, "line of 5000 bytes is over the limit of 1000", WEB, WEB]


FLOW_NAMES = b"srcaddr dstaddr srcport dstport start end action interface-id"
FLOW = b"10.0.1.5 203.0.113.9 49152 443 1741054200 1741054259 ACCEPT eni-0a1b2c3d"
FLOW_TABLE = "aws_vpc_flow/table"


def test_table_of_words_under_a_header_that_a_source_knows(tmp_path: Path) -> None:
    other = b"interface-id dstaddr srcaddr start action"
    data = b"\n".join(
        [FLOW_NAMES, FLOW, FLOW_NAMES, FLOW, b"10.0.1.5 203.0.113.9", other, b"eni-1 - - 1741054200 -", b""]
    )
    at = [data.index(FLOW), data.rindex(FLOW), data.index(b"10.0.1.5 203.0.113.9\n"), data.index(b"eni-1 -")]
    expected = [
        (at[0], len(FLOW), FLOW_TABLE),
        (at[1], len(FLOW), FLOW_TABLE),
        (at[2], 20, "row does not have the 8 columns of its header"),
        (at[3], 22, FLOW_TABLE),
    ]
    assert ingested(data, tmp_path) == expected
    assert ingested(data, tmp_path, size=7) == expected


def test_table_of_words_behind_directives(tmp_path: Path) -> None:
    directives = b"\xef\xbb\xbf#Version: 1.0\r\n#Date: 2025-03-04\r\n#Fields: "
    data = directives + FLOW_NAMES + b"\r\n" + FLOW + b"\r\n#Remark: rotated\r\n" + FLOW
    assert ingested(data, tmp_path) == [
        (data.index(FLOW), len(FLOW), FLOW_TABLE),
        (data.rindex(FLOW), len(FLOW), FLOW_TABLE),
    ]


def test_words_that_no_source_knows_are_no_header(tmp_path: Path) -> None:
    data = b"Dear colleague please look\nat the files below\n"
    assert [reason for _, _, reason in ingested(data, tmp_path)] == ["recognised by no source"] * 2


def test_several_tables_in_one_file_each_follow_their_header(tmp_path: Path) -> None:
    one = b"account_id,srcaddr,dstaddr,srcport,dstport,start,action\n"
    two = b"action,dstaddr,srcaddr,start\n"
    data = (
        one
        + b"1,10.0.1.5,203.0.113.9,1,2,1741054200,ACCEPT\n"
        + one
        + two
        + b"REJECT,203.0.113.9,10.0.1.5,1741054200\n"
    )
    assert ingested(data, tmp_path) == [
        (len(one), 44, FLOW_TABLE),
        (data.index(b"REJECT"), 38, FLOW_TABLE),
    ]


@pytest.mark.parametrize("bad", [b"short,row", b"a,b,c,d,e,f,g"])
def test_a_bad_first_row_costs_only_itself(bad: bytes) -> None:
    header = b"event_type,outcome.result,actor.alternate_id,timestamp,uuid\n"
    rows = [b"user.session.start,SUCCESS,ada@corp.example,2025-03-04T02:00:0%dZ,u%d" % (n, n) for n in range(6)]
    names = [name for *_, name in framed(header + b"\n".join([bad, *rows]))]
    assert names.count("okta_system_log/admin_csv") == 6
    assert names.count("row does not have the 5 columns of its header") == 1


def test_lines_under_a_first_line_with_commas_are_lines() -> None:
    lines = [access_line(number).encode() for number in range(6)]
    names = [name for *_, name in framed(b"started, pid 12, ok\n" + b"\n".join([b"one more", b"a, b, c", *lines]))]
    assert names.count(WEB) >= 6


def test_csv_row_with_a_stray_quote_costs_only_itself() -> None:
    header = b"event_type,outcome.result,actor.alternate_id,timestamp,uuid\n"
    rows = [b"user.session.start,SUCCESS,ada@corp.example,2025-03-04T02:00:0%dZ,u%d" % (n, n) for n in range(6)]
    rows[2] = rows[2].replace(b",SUCCESS", b',"SUCCESS')
    data = header + b"\n".join([*rows, b"short,row"])
    names = [name for *_, name in framed(data)]
    assert names.count("okta_system_log/admin_csv") == 5
    assert names.count("row does not have the 5 columns of its header") == 2
