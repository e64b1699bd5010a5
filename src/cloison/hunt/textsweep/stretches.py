"""Which stretches of a text are read the plain way, and how are they read together?"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# A candidate in a longer line is looked at in its neighbourhood.
LONG_LINE_BYTES = 256 << 10


@dataclass(frozen=True, slots=True)
class Stretch:
    """`text[start:end]`: lines that may hold an indicator, or the neighbourhood of a place in a long one.

    A sighting counts when it lies between `first` and `last`: nearer to a cut its edges are not seen.
    """

    start: int
    end: int
    first: int
    last: int


def stretch_around(text: bytes, start: int, end: int, overlap: int) -> Stretch:
    """The line of `text[start:end]`, or so much of a long one that what is seen of it has both its edges."""
    first = text.rfind(b"\n", 0, start) + 1
    last = text.find(b"\n", end)
    last = len(text) if last < 0 else last
    if last - first <= LONG_LINE_BYTES:
        return Stretch(first, last, first, last)
    left, right = max(first, start - 2 * overlap), min(last, end + 2 * overlap)
    inner_left = left if left == first else left + overlap
    return Stretch(left, right, inner_left, right if right == last else right - overlap)


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order, those that overlap as one."""
    kept: list[Stretch] = []
    for one in sorted(set(stretches), key=lambda one: (one.start, one.end)):
        if kept and one.start < kept[-1].end:
            held = kept[-1]
            kept[-1] = Stretch(held.start, max(held.end, one.end), held.first, max(held.last, one.last))
        else:
            kept.append(one)
    return kept


@dataclass(frozen=True, slots=True)
class Gathered:
    """Stretches of a text put together, a line each."""

    text: bytes
    begins: tuple[int, ...]
    stretches: tuple[Stretch, ...]

    @classmethod
    def of(cls, text: bytes, stretches: Sequence[Stretch]) -> "Gathered":
        """Put them together."""
        begins, at = [], 0
        for one in stretches:
            begins.append(at)
            at += one.end - one.start + 1
        return cls(b"\n".join(text[one.start : one.end] for one in stretches), tuple(begins), tuple(stretches))

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where in the whole text `start`..`end` lies; None too near to a cut."""
        place = bisect_right(self.begins, start) - 1
        one = self.stretches[place]
        shift = one.start - self.begins[place]
        return (start + shift, end + shift) if one.first <= start + shift and end + shift <= one.last else None
