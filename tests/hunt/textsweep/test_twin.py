"""Does the sweep agree with its plain twin on any text, few indicators or many, in any chunks?"""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hunt.plain_sweep import plain_sweep

from cloison.hunt.textsweep import TextSweep, engine
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
