"""Is the field of a byte the path of the value that it stands in?"""

import pytest

from cloison.evidence.formats.json_place import field_at

RECORD = b'{"a":{"b":["x",{"c d":"evil.example"}]},"n":[1,22,[3]],"e":"q\\"r, {","last":null}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"evil", "a.b[1].c d"),
        (b'"x"', "a.b[0]"),
        (b"22", "n[1]"),
        (b"3]", "n[2][0]"),
        (b"r, {", "e"),
        (b"null", "last"),
        (b"c d", "a.b[1].c d"),
    ],
)
def test_the_path_of_a_value(text: bytes, expected: str) -> None:
    assert field_at(RECORD, RECORD.index(text)) == expected


@pytest.mark.parametrize("record", [b"GET /evil.example", b"", b'"evil.example"', b"evil.example {"])
def test_no_record_no_path(record: bytes) -> None:
    assert field_at(record, 0) is None


@pytest.mark.parametrize(
    "record", [b"}}}]]evil", b"{" * 5_000 + b"evil", b'{"a":"evil', b"[,,,evil", b'{"\xff\xfe":evil}']
)
def test_a_broken_record_breaks_nothing(record: bytes) -> None:
    assert field_at(record, record.index(b"evil")) in {None, "a", "[3]", "\ufffd\ufffd", "evil"} or record.startswith(
        b"{{"
    )


def test_an_array_is_a_record() -> None:
    assert field_at(b'[{"a":1},{"a":"evil"}]', 14) == "[1].a"
