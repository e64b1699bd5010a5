"""Where in a stream of text does each line begin and end?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from cloison.evidence.formats.pieces import Pieces


@dataclass(frozen=True)
class Lines:
    """Consecutive lines without their ends: `offsets[i]` is where `lines[i]` begins; `fault` when one is too long."""

    offsets: list[int]
    lines: list[bytes]
    fault: str = ""
    length: int = 0


def split_lines(chunks: Iterable[bytes], *, base: int = 0, limit: int) -> Iterator[Lines]:
    """Cut a stream of chunks into lines; a line over `limit` bytes becomes a fault of its own, never held whole."""
    tail, offset, skipped = b"", base, 0
    for chunk in chunks:
        begin = 0
        if skipped:
            begin = chunk.find(b"\n") + 1
            if not begin:
                skipped += len(chunk)
                continue
            yield _too_long(offset, skipped + begin - 1, limit)
            offset, skipped = offset + skipped + begin, 0
        parts = (tail + chunk[begin:]).split(b"\n")
        tail = parts.pop()
        yield from _placed(parts, offset, limit)
        offset += sum(map(len, parts)) + len(parts)
        if len(tail) > limit:
            tail, skipped = b"", len(tail)
    if skipped:
        yield _too_long(offset, skipped, limit)
    elif tail:
        yield from _placed([tail], offset, limit)


def place_lines(chunks: Iterable[bytes], *, limit: int) -> Iterator[Pieces | Lines]:
    """As `split_lines`, but the lines stay where they are in their chunk; only what is too long is a `Lines`."""
    tail, offset, skipped = b"", 0, 0
    for chunk in chunks:
        begin = 0
        if skipped:
            begin = chunk.find(b"\n") + 1
            if not begin:
                skipped += len(chunk)
                continue
            yield _too_long(offset, skipped + begin - 1, limit)
            offset, skipped = offset + skipped + begin, 0
        data = tail + chunk[begin:] if tail or begin else chunk
        ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n"))
        begins = np.concatenate(([0], ends + 1))
        yield from _short(Pieces(data, begins[:-1], ends - begins[:-1], offset), limit)
        tail, offset = data[int(begins[-1]) :], offset + int(begins[-1])
        if len(tail) > limit:
            tail, skipped = b"", len(tail)
    if skipped:
        yield _too_long(offset, skipped, limit)
    elif tail:
        yield from _short(Pieces(tail, np.zeros(1, np.int64), np.full(1, len(tail), np.int64), offset), limit)


def _short(lines: Pieces, limit: int) -> Iterator[Pieces | Lines]:
    at = 0
    for number in np.flatnonzero(lines.sizes > limit).tolist():
        if number > at:
            yield lines.only(slice(at, number))
        yield _too_long(int(lines.offsets[number]), int(lines.sizes[number]), limit)
        at = number + 1
    if at < len(lines):
        yield lines.only(slice(at, None))


def _placed(parts: list[bytes], offset: int, limit: int) -> Iterator[Lines]:
    offsets: list[int] = []
    lines: list[bytes] = []
    for part in parts:
        if len(part) > limit:
            if lines:
                yield Lines(offsets, lines)
            yield _too_long(offset, len(part), limit)
            offsets, lines = [], []
        else:
            offsets.append(offset)
            lines.append(part.removesuffix(b"\r"))
        offset += len(part) + 1
    if lines:
        yield Lines(offsets, lines)


def _too_long(offset: int, length: int, limit: int) -> Lines:
    return Lines([offset], [b""], f"line of {length} bytes is over the limit of {limit}", length)
