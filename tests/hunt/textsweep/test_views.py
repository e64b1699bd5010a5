"""Do escapes decode as they should, and does every decoded byte lead back to its raw place?"""

import pytest

from cloison.hunt.textsweep.views import decoded, views


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"a\\nb", b"a b"),
        (b"a\\u0026b", b"a&b"),
        (b"\\u00e9", b"\xc3\xa9"),
        (b"\\ud83d", b"?"),
        (b"\\u0000", b" "),
        (b"%2e%2E", b".."),
        (b"%00", b" "),
        (b"\\x22", b'"'),
        (b"\\\\n", b"\\n"),
        (b"100%", b"100%"),
        (b"\\q", b"\\q"),
    ],
)
def test_one_round(text: bytes, expected: bytes) -> None:
    assert decoded(text) == expected


def test_only_lines_with_escapes_are_viewed() -> None:
    assert [view.text for view in views(b"plain\na%2Eb\nplain\nc\\td")] == [b"a.b\nc d"]


def test_nested_escapes_are_viewed_again() -> None:
    assert [view.text for view in views(b"x\na%252Eb")] == [b"a%2Eb", b"a.b"]


def test_a_place_leads_back_through_both_rounds() -> None:
    view = list(views(b"x\na%252Eb c"))[1]
    assert view.raw_span(0, 3) == (2, 9)
    assert view.raw_span(2, 3) == (8, 9)
