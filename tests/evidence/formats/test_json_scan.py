"""Does the structural scan find what a plain decoder finds, in any layout and in chunks of any size?"""

import json
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cloison.evidence.formats.json_scan import JsonScan, Path, Span
from cloison.evidence.formats.pieces import Pieces

NASTY = st.text(alphabet='ab{}[]",:\\\n \u00e9\U0001f600\x01', max_size=8)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), NASTY)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NASTY, inner, max_size=3)),
    max_leaves=6,
)
RECORDS = st.lists(st.dictionaries(NASTY, VALUES, max_size=3), max_size=5)
INDENT = st.sampled_from([None, 0, 2])
ASCII = st.booleans()
SPACE = st.text(alphabet=" \t\r\n", max_size=3)


def scan(data: bytes, sizes: list[int], *wanted: Path, limit: int = 1 << 20) -> list[Span]:
    scanner = JsonScan(frozenset(wanted), limit=limit)
    spans = [span for chunk in chunked(data, sizes) for span in scanner.feed(chunk)]
    return spans + list(scanner.feed(b"", last=True))


def chunked(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    at, turn = 0, 0
    while at < len(data):
        size = sizes[turn % len(sizes)] if sizes else len(data)
        yield data[at : at + size]
        at, turn = at + size, turn + 1


def decoded_one_by_one(text: str, at: int) -> Iterator[tuple[int, int, object]]:
    """A naive reader: (offset, length, value) in bytes of each value from `at` on, commas and space skipped."""
    decoder = json.JSONDecoder(strict=False)
    while at < len(text):
        if text[at] in " \t\r\n,":
            at += 1
            continue
        if text[at] == "]":
            return
        value, end = decoder.raw_decode(text, at)
        yield len(text[:at].encode()), len(text[at:end].encode()), value
        at = end


def placed(spans: list[Span]) -> list[tuple[int, int, object]]:
    return [(span.offset, span.length, json.loads(span.data, strict=False)) for span in spans]


SIZES = st.lists(st.integers(min_value=1, max_value=64), max_size=4)


@given(RECORDS, INDENT, ASCII, SPACE, SIZES)
@example([{"a": "\\"}, {"b": '"}'}], None, True, "", [1])
@example([{'"Records': []}, {"b": []}], 2, False, "", [3])
def test_concatenated_objects(
    records: list[dict[str, object]], indent: int | None, ascii_only: bool, space: str, sizes: list[int]
) -> None:
    text = space + "".join(json.dumps(one, indent=indent, ensure_ascii=ascii_only) + space for one in records)
    spans = scan(text.encode(), sizes, ())
    assert [span.fault for span in spans] == [""] * len(records)
    assert placed(spans) == list(decoded_one_by_one(text, 0))
    assert [value for _, _, value in placed(spans)] == records


@given(RECORDS, INDENT, ASCII, SPACE, SIZES)
def test_array(
    records: list[dict[str, object]], indent: int | None, ascii_only: bool, space: str, sizes: list[int]
) -> None:
    text = space + json.dumps(records, indent=indent, ensure_ascii=ascii_only) + space
    spans = scan(text.encode(), sizes, ("[]",))
    assert placed(spans) == list(decoded_one_by_one(text, text.index("[") + 1))
    assert [value for _, _, value in placed(spans)] == records


PAGES: list[Path] = [("Records", "[]"), ("data", "viewer", "[]"), ("[]",)]


@given(RECORDS.filter(bool), st.dictionaries(NASTY, VALUES, max_size=3), INDENT, ASCII, SIZES)
@example([{}], {"[]": {}}, None, True, [2])
@example([{}], {'a"Records': [{"not": "a record"}], "x": {"Records": [{"nor": "this"}]}}, None, True, [2])
def test_pages(
    records: list[dict[str, object]], beside: dict[str, object], indent: int | None, ascii_only: bool, sizes: list[int]
) -> None:
    page = {**beside, "Records": records, "next": {"Records": [{"no": 1}]}, "more": [{"no": 2}]}
    text = json.dumps(page, indent=indent, ensure_ascii=ascii_only)
    spans = scan(text.encode() * 2, sizes, *PAGES)
    assert [value for _, _, value in placed(spans)] == records * 2
    assert {span.path for span in spans} == {("Records", "[]")}
    raw = text.encode() * 2
    assert [json.loads(raw[one.offset : one.offset + one.length], strict=False) for one in spans] == records * 2


@given(RECORDS, st.data(), st.sampled_from([(), ("[]",)]))
def test_cut_anywhere_keeps_what_is_whole_and_places_the_rest(
    records: list[dict[str, object]], data: st.DataObject, path: Path
) -> None:
    text = json.dumps(records) if path else "\n".join(map(json.dumps, records))
    whole = text.encode()
    cut = data.draw(st.integers(min_value=0, max_value=len(whole)))
    spans = scan(whole[:cut], [7], path)
    expected = [one for one in decoded_one_by_one(text, 1 if path else 0) if one[0] + one[1] <= cut]
    assert placed([span for span in spans if not span.fault]) == expected
    assert left_over(whole[:cut], spans, path) == b""


def left_over(data: bytes, spans: list[Span], path: Path) -> bytes:
    """What belongs to no span and is neither space, comma nor a bracket of the array around the records."""
    mask = bytearray(data)
    for span in spans:
        mask[span.offset : span.offset + span.length] = b" " * span.length
    return bytes(mask).translate(None, b" \t\r\n," + (b"[]}" if path else b""))


@settings(max_examples=400)
@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\ a1\n', max_size=60).map(str.encode), SIZES)
@example(b'} {"a":1} ] {"b":2}', [])
@example(b'[[{"a":1}],{"b":2},3]', [])
@example(b'{"a":1}[{"b":2}]4', [])
@example(b'[{"a":1}, garbage', [1])
def test_no_byte_of_any_stream_is_lost(data: bytes, sizes: list[int]) -> None:
    for path in ((), ("[]",)):
        spans = scan(data, sizes, path)
        assert left_over(data, spans, path) == b"", (path, spans)
        places = [(span.offset, span.offset + span.length) for span in spans]
        assert places == sorted(places)
        assert all(end <= start for (_, end), (start, _) in pairwise(places))


@given(st.binary(max_size=80) | st.text(alphabet='{}[]",:\\ a1\n', max_size=80).map(str.encode), SIZES)
def test_chunks_change_nothing(data: bytes, sizes: list[int]) -> None:
    for wanted in ([()], [("[]",)], PAGES):
        assert scan(data, sizes, *wanted, limit=20) == scan(data, [], *wanted, limit=20)


def test_closing_bracket_too_many_hides_nothing_behind_it() -> None:
    spans = scan(b'}}] {"a":1}\n}{"b":2}', [], ())
    assert [(span.offset, span.data, span.fault) for span in spans] == [
        (0, b"}}]", "not a JSON object"),
        (4, b'{"a":1}', ""),
        (12, b"}", "not a JSON object"),
        (13, b'{"b":2}', ""),
    ]


def test_what_is_no_object_in_an_array_is_placed() -> None:
    spans = scan(b'[{"a":1}, 7, [1, {"x":2}], {"b":2}, "tail]"]', [], ("[]",))
    assert [(span.offset, span.length, span.fault) for span in spans] == [
        (1, 7, ""),
        (10, 15, "not a JSON object"),
        (27, 7, ""),
        (36, 7, "not a JSON object"),
    ]


def test_page_without_a_record_is_placed() -> None:
    spans = scan(b'{"Records":[{"a":1}]}\n{"error":"rate limit"}\n{"Records":[]}', [], ("Records", "[]"))
    assert [(span.offset, span.length, span.fault) for span in spans] == [
        (12, 7, ""),
        (22, 22, "a page that holds no record"),
        (45, 14, "a page that holds no record"),
    ]


@pytest.mark.parametrize("size", [1, 7, 64, 4096])
def test_record_over_the_limit_is_a_fault_with_its_length(size: int) -> None:
    long = b'{"a":"' + b"x" * 100 + b'"}'
    spans = scan(b'{"b":1}' + long + b'{"c":2}', [size], (), limit=50)
    assert [(span.offset, span.length, span.data, span.fault) for span in spans] == [
        (0, 7, b'{"b":1}', ""),
        (7, 108, b"", "record of 108 bytes is over the limit of 50"),
        (115, 7, b'{"c":2}', ""),
    ]


def test_backslashes_without_end_are_held_in_bounded_memory() -> None:
    scanner = JsonScan(frozenset([()]), limit=1000)
    for _ in range(100):
        assert list(scanner.feed(b"\\" * 1001)) == []
    assert len(scanner._buffer) <= 5_100
    assert [(span.offset, span.length) for span in scanner.feed(b'{"a":1}', last=True)] == [(0, 100_100), (100_100, 7)]


BITS = st.lists(
    st.sampled_from([b"{}", b'{"a":1}', b"{}", b",", b"\n", b"     ", b"[", b"]", b'{"Records":[', b"]}", b"x", b'"{"'])
)


def told(found: Iterator[Span | Pieces]) -> list[tuple[int, int, bytes, str]]:
    listed: list[tuple[int, int, bytes, str]] = []
    for one in found:
        if isinstance(one, Span):
            listed.append((one.offset, one.length, one.data, one.fault))
        else:
            listed += [(int(o), len(data), data, "") for o, data in zip(one.offsets, one, strict=True)]
    return listed


@settings(max_examples=400)
@given(BITS, st.integers(1, 40), st.sampled_from([(), ("[]",), ("Records", "[]")]), st.integers(1, 9))
@example([b"[", *[b"{}", b","] * 5_000, b"x", *[b"{}", b","] * 200, b"]"], 40_000, ("[]",), 9)
def test_records_that_stand_together_are_the_same_as_by_themselves(
    bits: list[bytes], size: int, path: Path, limit: int
) -> None:
    data = b"".join(bits)
    together = JsonScan(frozenset({path}), limit=limit, together=True)
    pieces = [one for chunk in chunked(data, [size]) for one in told(together.fed(chunk))]
    pieces += told(together.fed(b"", last=True))
    spans = [(one.offset, one.length, one.data, one.fault) for one in scan(data, [size], path, limit=limit)]
    assert pieces == spans


def test_a_long_array_is_read_in_runs() -> None:
    data = b"[" + b",\n".join([b'{"a":[1,{"b":"}"}]}'] * 5_000) + b"]"
    found = [*JsonScan(frozenset({("[]",)}), limit=100, together=True).fed(data, last=True)]
    assert [len(one) for one in found if isinstance(one, Pieces)] == [2_048, 2_048, 904]
    assert len(found) == 3
