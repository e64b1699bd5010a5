"""Which indicators does a stream of raw bytes hold, and where?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cloison.hunt.textsweep.engine import Engine, compiled
from cloison.hunt.textsweep.views import views
from cloison.model.indicator import Indicator

# Whole lines are swept in blocks of about this many bytes.
BLOCK_BYTES = 1 << 20
# A line longer than this is cut into windows: no stream makes memory grow beyond a few of these.
WINDOW_BYTES = 4 << 20
# What a window sees of its neighbours, so that a spelling on the cut is found once, with both its edges.
OVERLAP_BYTES = 64 << 10
# One byte may be spelled with this many in an escape inside an escape (`%255Cu0026`).
_ESCAPE_GROWTH = 12


@dataclass(frozen=True, slots=True)
class TextSighting:
    """`indicator` stands at `length` bytes from byte `offset` of the stream (for a network: the address in it)."""

    indicator: Indicator
    offset: int
    length: int


class TextSweep:
    """Indicators, compiled once, swept over any number of streams. Memory does not grow with the stream."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        self._indicators = tuple({indicator.key: indicator for indicator in indicators}.values())
        self._engine = Engine(compiled(self._indicators))
        longest = max((len(indicator.value.encode()) for indicator in self._indicators), default=0)
        self._overlap = max(OVERLAP_BYTES, _ESCAPE_GROWTH * longest)
        self._window = max(WINDOW_BYTES, 4 * self._overlap)

    def stream(self, chunks: Iterable[bytes]) -> Iterator[TextSighting]:
        """Sightings of a stream given in chunks of any size, in the order of their offsets.

        A line is held together across chunks. A sighting that begins on one line and ends on the next is none.
        """
        held, base, seen = bytearray(), 0, 0
        for chunk in chunks:
            held += chunk
            if len(held) < BLOCK_BYTES:
                continue
            cut = held.rfind(b"\n") + 1
            if cut:
                yield from self._within(bytes(held[:cut]), base, seen, cut)
                del held[:cut]
                base, seen = base + cut, 0
            while len(held) - seen > self._window:
                done = seen + self._window - self._overlap
                yield from self._within(bytes(held[: done + self._overlap]), base, seen, done)
                drop = done - self._overlap
                del held[:drop]
                base, seen = base + drop, self._overlap
        yield from self._within(bytes(held), base, seen, len(held) + 1)

    def block(self, text: bytes, base: int = 0) -> list[TextSighting]:
        """Sightings in `text`, which begins at byte `base` of its stream, in the order of their offsets."""
        return self._within(text, base, 0, len(text) + 1)

    def _within(self, text: bytes, base: int, start: int, stop: int) -> list[TextSighting]:
        """Sightings in `text` that begin at `start` or later and before `stop`."""
        return [
            TextSighting(self._indicators[indicator], base + first, last - first)
            for first, last, indicator in sorted(self._places(text))
            if start <= first < stop
        ]

    def _places(self, text: bytes) -> set[tuple[int, int, int]]:
        found = set(self._engine.places(text))
        for view in views(text):
            for first, last, indicator in self._engine.places(view.text):
                found.add((*view.raw_span(first, last), indicator))
        return found
