"""Are stretches of a buffer the very bytes that a plain reading cuts out of it?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloison.evidence.formats.pieces import Pieces
from cloison.evidence.formats.text_lines import Lines, place_lines, split_lines

LINES = st.lists(
    st.sampled_from([b"", b" ", b"a", b"\t\tab \r", b"\xef\xbb\xbf x", b"\xef\xbb\xbf", b"\x00\xff", b"one two"])
)


@given(LINES)
def test_trimmed_pieces_are_the_stripped_texts(texts: list[bytes]) -> None:
    pieces = Pieces.of(texts)
    bare = pieces.trimmed()
    assert list(bare) == [text for line in texts if (text := line.removeprefix(b"\xef\xbb\xbf").strip())]
    assert [pieces.buffer[offset : offset + len(text)] for offset, text in zip(bare.offsets, bare, strict=True)] == [
        *bare
    ]


def test_much_space_at_the_ends_is_all_taken_away() -> None:
    assert list(Pieces.of([b"  \t x y \r\n ", b"   ", b"z"]).trimmed()) == [b"x y", b"z"]


def test_chosen_pieces_keep_their_place() -> None:
    pieces = Pieces.of([b"abc", b"", b"de"])
    assert list(pieces.only(pieces.sizes > 0)) == [b"abc", b"de"]
    assert pieces.only(slice(2, None)).offsets.tolist() == [3]


def test_enclosed_asks_for_both_ends() -> None:
    assert Pieces.of([b"{a}", b"{", b"{b", b"c}", b"{}"]).enclosed(b"{", b"}").tolist() == [
        True,
        False,
        False,
        False,
        True,
    ]


@given(LINES, st.integers(1, 9), st.integers(2, 20))
def test_lines_are_placed_where_they_are_split(texts: list[bytes], size: int, limit: int) -> None:
    data = b"\n".join(texts)
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert placed(chunks, limit) == split(chunks, limit)


def placed(chunks: list[bytes], limit: int) -> list[tuple[int, bytes | str]]:
    found: list[tuple[int, bytes | str]] = []
    for part in place_lines(chunks, limit=limit):
        if isinstance(part, Lines):
            found.append((part.offsets[0], part.fault))
        else:
            found += zip(part.offsets.tolist(), (line.removesuffix(b"\r") for line in part), strict=True)
    return found


def split(chunks: list[bytes], limit: int) -> list[tuple[int, bytes | str]]:
    found: list[tuple[int, bytes | str]] = []
    for part in split_lines(chunks, limit=limit):
        if part.fault:
            found.append((part.offsets[0], part.fault))
        else:
            found += zip(part.offsets, part.lines, strict=True)
    return found


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([b"ab\ncd"], [(0, b"ab"), (3, b"cd")]),
        ([b"a", b"b\n", b"c\n"], [(0, b"ab"), (3, b"c")]),
        ([b"ab\n", b"x" * 9, b"x\ncd"], [(0, b"ab"), (3, "line of 10 bytes is over the limit of 8"), (14, b"cd")]),
        ([b"\n\n"], [(0, b""), (1, b"")]),
    ],
)
def test_lines_over_chunks(chunks: list[bytes], expected: list[tuple[int, bytes | str]]) -> None:
    assert placed(chunks, 8) == expected


@given(LINES, st.integers(0, 99))
def test_narrowed_pieces_are_the_same_in_little_room(texts: list[bytes], chosen: int) -> None:
    pieces = Pieces.of([b"x" * chosen, *texts, b"y" * chosen]).only(slice(1, len(texts) + 1))
    narrow = pieces.narrowed()
    assert [*narrow] == texts
    assert len(narrow.buffer) <= max(2 * sum(map(len, texts)), 0 if texts else 2 * chosen)


def test_joined_pieces_are_those_of_each_behind_the_other() -> None:
    one, other = Pieces(b"--ab-c-", np.array([2, 5]), np.array([2, 1])), Pieces.of([b"d", b"", b"ef"])
    joined = Pieces.joined([one, other])
    assert [*joined] == [b"ab", b"c", b"d", b"", b"ef"]
    assert Pieces.joined([one]) is one
