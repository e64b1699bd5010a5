"""Does the sweep agree with its plain twin on any text, few indicators or many, in any chunks?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hunt.plain_sweep import plain_sweep

from cloison.hunt.textsweep import Block, TextSweep, blocks, engine, layout, stretches
from cloison.hunt.textsweep.engine import Engine, compiled
from cloison.model.indicator import Indicator, IndicatorKind

K = IndicatorKind
LOOKED_FOR = (
    (K.IP, "192.0.2.7"), (K.IP, "2001:db8::7"), (K.CIDR, "198.51.100.0/28"), (K.CIDR, "2001:db8:1::/48"),
    (K.RANGE, "203.0.113.5-203.0.113.9"), (K.DOMAIN, "evil.example"), (K.DOMAIN, "a.evil.example"),
    (K.URL, "http://evil.example/g"), (K.URL, "http://evil.example/"), (K.EMAIL, "m@evil.example"),
    (K.MD5, "00112233445566778899aabbccddeeff"), (K.FILE_NAME, "jvm-agent"), (K.FILE_NAME, "b.sh"),
    (K.USER_AGENT, "evil/1"), (K.ACCOUNT, "svc-x"), (K.CREDENTIAL, "AKx1"),
)  # fmt: skip
INDICATORS = tuple(Indicator(kind, value, value, "t") for kind, value in LOOKED_FOR)
FILLERS = tuple(Indicator(K.FILE_NAME, f"filler{n}.dat", "", "t") for n in range(40))
PIECES = st.sampled_from(
    [value for _, value in LOOKED_FOR]
    + ["EVIL.Example", "2001:0DB8::0007", "::ffff:192.0.2.7", "::ffff:c000:207", "198.51.100.15", "198.51.100.16",
       "203.0.113.9", "203.0.113.10",
       "2001:db8:1::f", ".", "-", "_", "@", ":", "::", "/", "?", "=", "+", " ", "\n", '"',
       "x", "n", "1", "%20", "%2E", "%3D", "%40", "%25", "\\", "\\n", "\\\\", "\\u0026", "\\u002e", "\\/", "\\x22",
       "http://", "evil", "example", "com", "192.0.2.", "%", "[", "]", ":443", "akx1"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map(lambda pieces: "".join(pieces).encode())


def swept(indicators: tuple[Indicator, ...], text: bytes) -> set[tuple[int, int, int]]:
    position = {indicator: place for place, indicator in enumerate(indicators)}
    return {(found.offset, found.length, position[found.indicator]) for found in TextSweep(indicators).block(text)}


@settings(max_examples=1500, deadline=None)
@given(TEXTS)
def test_many_indicators_agree_with_the_plain_twin(text: bytes) -> None:
    assert swept(INDICATORS + FILLERS, text) == plain_sweep(INDICATORS, text)


@settings(max_examples=1500, deadline=None)
@given(TEXTS, st.sets(st.sampled_from(INDICATORS), min_size=1, max_size=6))
def test_few_indicators_agree_with_the_plain_twin(text: bytes, chosen: set[Indicator]) -> None:
    some = tuple(sorted(chosen, key=lambda indicator: indicator.value))
    assert compiled(some).few
    assert swept(some, text) == plain_sweep(some, text)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_the_dense_way_finds_what_the_sparse_way_finds(text: bytes) -> None:
    plan = compiled(INDICATORS + FILLERS)
    sparse = set(Engine(plan).places(text))
    limit = engine.FEW
    engine.FEW = 0
    try:
        dense = set(Engine(plan).places(text))
    finally:
        engine.FEW = limit
    assert dense == sparse


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(1, 40))
def test_chunks_of_any_size_give_the_same_sightings(text: bytes, size: int) -> None:
    sweep = TextSweep(INDICATORS)
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(sweep.stream(chunks)) == sweep.block(text)


FOREIGN = tuple(
    Indicator(kind, value, value, "t")
    for kind, value in (
        (K.DOMAIN, "xn--bcher-kva.example"),
        (K.DOMAIN, "xn--80ak6aa92e.example"),
        (K.DOMAIN, "_dmarc.evil.example"),
        (K.FILE_NAME, "\u043e\u0442\u0447\u0451\u0442.exe"),
        (K.FILE_NAME, "\u5831\u544a"),
        (K.FILE_NAME, "---"),
        (K.ACCOUNT, "m\u00fcller"),
        (K.URL, "https://xn--bcher-kva.example/a"),
        (K.URL, "http://192.0.2.7:8080/i"),
        (K.USER_AGENT, "Mozilla/5.0 (x; y)"),
    )
)
ALL = (*INDICATORS, *FOREIGN)
RAW_PIECES = st.one_of(
    PIECES.map(str.encode),
    st.binary(max_size=3),
    st.sampled_from(
        ["b\u00fccher", "B\u00dcCHER.example", ".example", "\u0430\u0440\u0440\u04cf\u0435", "\u3002", "\u5831\u544a",
         "\u043e\u0442\u0447\u0451\u0442.exe", "---", "M\u00dcLLER", "https://", "/a", ":8080/i", "http://192.0.2.7",
         "Mozilla/5.0 (x; y)", "%C3%BC", "\\u00fc", "\\ud83d", "\\u", "\\x4", "%2", "%25", "%5C", "\\u005c", "_dmarc.",
         "xn--bcher-kva", "\u201c", "\u00e9", "b%C3%BCcher.example"]
    ).map(str.encode),
)  # fmt: skip
RAW_TEXTS = st.lists(RAW_PIECES, max_size=16).map(b"".join)


@settings(max_examples=1500, deadline=None)
@given(RAW_TEXTS)
def test_any_bytes_give_the_same_sightings_with_the_kernel_and_without(text: bytes) -> None:
    assert WITH.block(text) == WITHOUT.block(text)


WITH, WITHOUT = TextSweep(ALL), TextSweep(ALL, plain=True)


@settings(max_examples=300, deadline=None)
@given(st.lists(RAW_TEXTS, max_size=6), st.integers(1, 40))
def test_blocks_swept_side_by_side_come_out_in_their_order(texts: list[bytes], size: int) -> None:
    def given_blocks() -> list[tuple[int, Block]]:
        chunked = ([text[at : at + size] for at in range(0, len(text), size)] for text in texts)
        return [(place, block) for place, chunks in enumerate(chunked) for block in WITH.cut.blocks(chunks)]

    found = [(place, one) for place, _, swept in WITH.swept(given_blocks()) for one in swept.sightings]
    assert found == [(place, one) for place, text in enumerate(texts) for one in WITHOUT.block(text)]


@settings(max_examples=200, deadline=None)
@given(st.lists(RAW_PIECES, min_size=20, max_size=60).map(b"".join).map(lambda text: text.replace(b"\n", b" ")))
def test_a_long_line_is_read_around_its_candidates_to_the_same_end(text: bytes) -> None:
    line = b" ".join([text, b"=" * 400, text, b" " * 400, text])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "LONG_LINE_BYTES", 100)
        patch.setattr(blocks, "OVERLAP_BYTES", 64)
        near = TextSweep(ALL)
        assert near.block(line) == WITHOUT.block(line)


def test_a_dense_text_is_read_the_plain_way() -> None:
    text = b"evil.example " * (layout.FOUND_LIMIT + 1)
    assert len(WITH.block(text)) == layout.FOUND_LIMIT + 1


def test_a_text_dense_with_escapes_is_read_the_plain_way() -> None:
    text = b"%2Ex " * (layout.WAYS_LIMIT + 1) + b"evil%2Eexample"
    assert [one.offset for one in WITH.block(text)] == [5 * (layout.WAYS_LIMIT + 1)]


def test_every_address_around_the_edges_of_intervals() -> None:
    listed = [
        Indicator(K.CIDR, value, value, "t")
        for value in ("10.0.0.0/15", "10.255.255.0/24", "11.0.0.0/32", "128.0.0.0/1")
    ]
    listed += [Indicator(K.RANGE, "9.255.255.254-10.0.0.1", "", "t"), Indicator(K.IP, "0.0.0.0", "", "t")]
    spelled = ("0.0.0.0", "0.0.0.1", "9.255.255.253", "9.255.255.254", "10.1.255.255", "10.2.0.0", "10.255.254.255",
               "10.255.255.255", "11.0.0.0", "11.0.0.1", "127.255.255.255", "128.0.0.0", "255.255.255.255")  # fmt: skip
    text = " ".join(spelled).encode()
    assert TextSweep(listed).block(text) == TextSweep(listed, plain=True).block(text)
    assert {text[one.offset : one.offset + one.length].decode() for one in TextSweep(listed).block(text)} == {
        "0.0.0.0", "9.255.255.254", "10.1.255.255", "10.255.255.255", "11.0.0.0", "128.0.0.0", "255.255.255.255",
    }  # fmt: skip
