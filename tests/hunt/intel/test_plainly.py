"""Does a list that is read in one go say what it says when it is read with all care?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloison.hunt.intel import read, read_indicators
from cloison.hunt.intel.plainly import plain_items, plain_value
from cloison.hunt.intel.reading import Reading
from cloison.hunt.intel.whole import whole_value

VALUES = (
    "192.0.2.7", "192.0.2.07", "256.0.2.7", "192.0.2.0/24", "192.0.2.7/24", "192.0.2.7/32", "0.0.0.0/0", "192.0.2.0/08",
    "2001:db8::1", "2001:db8:0:0:0:0:0:1", "2001:DB8::1", "::ffff:192.0.2.7", "::ffff:c000:207", "2001:db8:0:1:1:1:1:1",
    "2001:db8::1:1:1:1:1", "2001:db8::/32", "::1", "1:2:3", "12:30:45", "a::b::c", "evil.example", "EVIL.example",
    "a.b.evil.example", "script.py", "readme.md", "co.uk", "uk", "x.co.uk", "1.2.3.example", "evil.1", "a-.example",
    "-a.example", "d41d8cd98f00b204e9800998ecf8427e", "D41D8CD98F00B204E9800998ECF8427E", "a" * 40, "b" * 64, "c" * 128,
    "c" * 56, "d" * 31, f"{'e' * 32}.example", f"{'f' * 40}.exe", "http://evil.example", "http://evil.example/",
    "https://EVIL.example/A", "http://evil.example:8080/a", "http://evil.example/a.b/c", "http://evil.example/a?b=c",
    "http://192.0.2.7/a", "HTTP://evil.example/a", "hxxp://evil.example/a", "http://evil.nosuch/a", "ada@evil.example",
    "Ada@evil.example", "ada@evil", "ada@EVIL.example", "a..b@evil.example", "-", "evil[.]example", "ada", "1", "a.b",
    f"{'a.' * 140}example", f"{'a' * 64}.example", "evil.example # seen", " evil.example", "evil.example ",
    "\u00e9vil.example",
    "evil.xn--p1ai", "deadbeef.example", "x.example/deadbeef", "http://x.example/deadbeef", "deadbeefdeadbeefdeadbeef",
)  # fmt: skip
BESIDE = ("", "  ", "# SHA256 of samples", "# TLP:AMBER", "# seen in May", "; deadbeef", "// sample -- deadbeef --")


def carefully(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Reading:
    with monkeypatch.context() as patched:
        patched.setattr(read, "plain_items", lambda *_: None)
        return read_indicators(data, origin="list.txt")


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_what_it_is_with_all_care(value: str) -> None:
    assert plain_value(value) == whole_value(value)


@given(st.lists(st.one_of(st.sampled_from(VALUES), st.sampled_from(BESIDE)), min_size=1, max_size=12))
def test_a_list_says_the_same(lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    if data.strip():
        with pytest.MonkeyPatch.context() as monkeypatch:
            assert read_indicators(data, origin="list.txt") == carefully(data, monkeypatch)


@given(st.text(alphabet="0aF.:/@-_ehtpx\n", max_size=60))
def test_any_text_says_the_same(text: str) -> None:
    for line in text.split("\n"):
        assert plain_value(line) == whole_value(line)


def test_a_plain_list_is_read_in_one_go() -> None:
    listed = plain_items("# seen in May\n192.0.2.7\n\nevil.example\n", "list.txt")
    assert listed is not None
    assert [(str(one.kind), one.value, one.place) for one in listed] == [
        ("ip", "192.0.2.7", "line 2"),
        ("domain", "evil.example", "line 4"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "evil.example\nevil[.]example",
        "# TLP:RED\nevil.example",
        "# sha256\nevil.example",
        "http://x.example/deadbeef\ndeadbeefdeadbeefdeadbeef.example",
        "# only words",
    ],
)
def test_what_takes_care_is_left_to_it(text: str) -> None:
    assert plain_items(text, "list.txt") is None
