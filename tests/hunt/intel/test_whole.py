"""Is a value that stands alone read as the careful way reads it?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloison.hunt.intel.clean import cleaned
from cloison.hunt.intel.find import values_in
from cloison.hunt.intel.refang import marked
from cloison.hunt.intel.whole import whole_value
from cloison.model.indicator import IndicatorKind

K = IndicatorKind
PIECES = st.sampled_from(
    ["evil", "a", "x-1", "www", "192.0.2.7", "203.0.113.", "1", "0", "256", "08", "2001:db8", "::", ":", "7", "ffff",
     ".example", ".com", ".co.uk", ".py", ".", "-", "_", "@", "+", "/", "/24", "/48", "/33", "http://", "https://", "hxxp://",
     ":443", "index.php", "[.]", "00112233445566778899aabbccddeeff", "AB", "?q=1", " ", ",", "\u00fc", "dot", "0xff"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.7", (K.IP, "192.0.2.7")),
        ("192.0.2.7/24", (K.CIDR, "192.0.2.0/24")),
        ("192.0.2.7/32", (K.IP, "192.0.2.7")),
        ("2001:DB8:0:0::7", (K.IP, "2001:db8::7")),
        ("2001:db8::/48", (K.CIDR, "2001:db8::/48")),
        ("Evil.Example", (K.DOMAIN, "evil.example")),
        ("00112233445566778899AABBCCDDEEFF", (K.MD5, "00112233445566778899aabbccddeeff")),
        ("http://Evil.example/a/b.php", (K.URL, "http://evil.example/a/b.php")),
        ("M@evil.example", (K.EMAIL, "m@evil.example")),
        ("evil[.]example", None),
        ("192.0.2.256", None),
        ("script.py", None),
        ("00112233445566778899aabbccddeeff.example", None),
        ("evil.example,", None),
        ("two words.example", None),
    ],
)
def test_what_stands_alone(text: str, expected: tuple[IndicatorKind, str] | None) -> None:
    assert whole_value(text) == expected


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6).map("".join))
def test_the_careful_way_reads_the_same(text: str) -> None:
    whole = whole_value(text)
    if whole is not None:
        found = [
            (value.kind, value.value, value.start, value.end, value.repairs)
            for value in values_in(marked(cleaned(text)))
        ]
        assert found == [(*whole, 0, len(text), ())]
