"""How is a stream of raw bytes cut, so that no spelling is cut with it?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Whole lines are swept in blocks of about this many bytes.
BLOCK_BYTES = 2 << 20
# A line longer than this is cut into windows: no stream makes memory grow beyond a few of these.
WINDOW_BYTES = 4 << 20
# What a window sees of its neighbours, so that a spelling on the cut is found once, with both its edges.
OVERLAP_BYTES = 64 << 10
# One byte may be spelled with this many in an escape inside an escape (`%255Cu0026`).
_ESCAPE_GROWTH = 12


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a stream: whole lines, or a window of one long line.

    `text` begins at byte `base` of the stream; a sighting counts here when it begins at `start` or later and before
    `stop`. No line end is in two blocks. `last`: nothing of the stream follows.
    """

    text: bytes
    base: int
    start: int
    stop: int
    last: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """How long windows are, and how far they overlap."""

    window: int
    overlap: int

    @classmethod
    def for_spellings(cls, longest: int) -> "Cut":
        """Such that a spelling of `longest` bytes is seen whole, escaped or not."""
        overlap = max(OVERLAP_BYTES, _ESCAPE_GROWTH * longest)
        return cls(max(WINDOW_BYTES, 4 * overlap), overlap)

    def blocks(self, chunks: Iterable[bytes]) -> Iterator[Block]:
        """The blocks of a stream that is given in chunks of any size; a line is held together across chunks."""
        held, base, seen = bytearray(), 0, 0
        for chunk in _gathered(chunks):
            place = 0
            while cut := _cut(chunk, place):
                text = b"".join((held, memoryview(chunk)[place:cut]))
                yield Block(text, base, seen, len(text))
                base, seen = base + len(text), 0
                held.clear()
                place = cut
            held += memoryview(chunk)[place:]
            while len(held) - seen > self.window:
                done = seen + self.window - self.overlap
                yield Block(bytes(memoryview(held)[: done + self.overlap]), base, seen, done)
                drop = done - self.overlap
                del held[:drop]
                base, seen = base + drop, self.overlap
        yield Block(bytes(held), base, seen, len(held) + 1, last=True)


def _gathered(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Small chunks together, so that blocks are not smaller than they must be."""
    small = bytearray()
    for chunk in chunks:
        if not small and len(chunk) >= BLOCK_BYTES:
            yield chunk
            continue
        small += chunk
        if len(small) >= BLOCK_BYTES:
            yield bytes(small)
            small.clear()
    yield bytes(small)


def _cut(chunk: bytes, place: int) -> int:
    """Behind the last line end of the next block of `chunk`, or of its first line that is longer; 0 where none ends."""
    return chunk.rfind(b"\n", place, place + BLOCK_BYTES) + 1 or chunk.find(b"\n", place + BLOCK_BYTES) + 1
