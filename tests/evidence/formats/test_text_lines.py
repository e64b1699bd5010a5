"""Does cutting into lines give what a plain split gives, in chunks of any size, with no byte lost?"""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from cloison.evidence.formats.text_lines import split_lines

LIMIT = 12
Found = list[tuple[int, int, bytes, str]]


def cut(data: bytes, size: int, limit: int = LIMIT) -> Found:
    chunks = (data[at : at + size] for at in range(0, len(data), size))
    return [
        (offset, part.length or len(line), line, part.fault)
        for part in split_lines(chunks, limit=limit)
        for offset, line in zip(part.offsets, part.lines, strict=True)
    ]


def naive(data: bytes, limit: int = LIMIT) -> Iterator[tuple[int, int, bytes, str]]:
    offset = 0
    for line in data.split(b"\n"):
        if len(line) > limit:
            yield offset, len(line), b"", f"line of {len(line)} bytes is over the limit of {limit}"
        elif offset + len(line) < len(data) or line:
            bare = line[:-1] if line.endswith(b"\r") else line
            yield offset, len(bare), bare, ""
        offset += len(line) + 1


@given(
    st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r\n", b"\r", b"\xff", b"\0", b"0123456789abc"])).map(b"".join),
    st.integers(1, 40),
)
def test_lines_of_any_chunks(data: bytes, size: int) -> None:
    assert cut(data, size) == list(naive(data))


def test_line_over_the_limit_is_placed_and_the_rest_goes_on() -> None:
    assert cut(b"one\n" + b"x" * 20 + b"\ntwo", 3) == [
        (0, 3, b"one", ""),
        (4, 20, b"", "line of 20 bytes is over the limit of 12"),
        (25, 3, b"two", ""),
    ]


def test_line_over_the_limit_at_the_end_is_placed() -> None:
    assert cut(b"one\n" + b"x" * 13, 100) == [
        (0, 3, b"one", ""),
        (4, 13, b"", "line of 13 bytes is over the limit of 12"),
    ]


def test_offsets_count_from_the_base() -> None:
    (part,) = split_lines([b"a\nb\n"], base=100, limit=LIMIT)
    assert (part.offsets, part.lines) == ([100, 102], [b"a", b"b"])
