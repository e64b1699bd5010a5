"""Which indicators does a stream of raw bytes hold, and where?"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, TypeVar

from cloison.hunt.textsweep.blocks import Block, Cut
from cloison.hunt.textsweep.engine import Engine, compiled
from cloison.hunt.textsweep.stretches import Gathered
from cloison.hunt.textsweep.views import views
from cloison.model.indicator import Indicator

if TYPE_CHECKING:
    from cloison.hunt.textsweep.candidates import Candidates

Tag = TypeVar("Tag")
Place = tuple[int, int, int]
"""Start, end, position of the indicator."""

# More than cores: between two blocks a thread waits for its turn in the interpreter.
THREADS = 4
# So many sets of indicators seen together stay compiled.
_ENGINES = 256


@dataclass(frozen=True, slots=True)
class TextSighting:
    """`indicator`, or an address in it, stands at `length` bytes from byte `offset` of the stream, in line `line`."""

    indicator: Indicator
    offset: int
    length: int
    line: int


@dataclass(frozen=True, slots=True)
class Swept:
    """The sightings in a block, in the order of their offsets, and how many lines end in it."""

    sightings: list[TextSighting]
    ends: int

    def after(self, lines: int) -> "Swept":
        """The same behind so many lines of the stream."""
        if not lines or not self.sightings:
            return self
        return Swept([replace(one, line=one.line + lines) for one in self.sightings], self.ends)


class TextSweep:
    """Indicators, compiled once, swept over any number of streams. Memory does not grow with the stream.

    Where the compiled kernel can be had, it names the lines that may hold something, and only those are read the plain
    way: the answer is the same.
    """

    def __init__(self, indicators: Iterable[Indicator], *, plain: bool = False) -> None:
        listed = tuple(indicators)
        alike = len({indicator.value for indicator in listed}) < len(listed)
        self._indicators = tuple({indicator.key: indicator for indicator in listed}.values()) if alike else listed
        self.cut = Cut.for_spellings(max((len(indicator.value.encode()) for indicator in self._indicators), default=0))
        self._candidates = None if plain else _candidates(self._indicators, self.cut.overlap)
        self._always = self._candidates.lookup.unkeyed if self._candidates else ()
        self._engine = lru_cache(_ENGINES)(partial(_engine_of, self._indicators))

    @property
    def compiled(self) -> bool:
        """Whether the compiled kernel is at work."""
        return self._candidates is not None

    def stream(self, chunks: Iterable[bytes]) -> Iterator[TextSighting]:
        """Sightings of a stream given in chunks of any size, in the order of their offsets.

        A sighting that begins on one line and ends on the next is none.
        """
        for _, _, found in self.swept((None, block) for block in self.cut.blocks(chunks)):
            yield from found.sightings

    def block(self, text: bytes, base: int = 0) -> list[TextSighting]:
        """Sightings in `text`, which begins at byte `base` of its stream, in the order of their offsets."""
        return self.within(Block(text, base, 0, len(text) + 1)).sightings

    def swept(self, blocks: Iterable[tuple[Tag, Block]]) -> Iterator[tuple[Tag, Block, Swept]]:
        """The sightings of the blocks of many streams, in their order; blocks are read ahead while others are swept."""
        lines = 0
        for tag, block, found in self._ahead(blocks):
            lines = lines if block.base else 0
            yield tag, block, found.after(lines)
            lines += found.ends

    def _ahead(self, blocks: Iterable[tuple[Tag, Block]]) -> Iterator[tuple[Tag, Block, Swept]]:
        with ThreadPoolExecutor(THREADS) as pool:
            ahead: deque[tuple[Tag, Block, Future[Swept]]] = deque()
            for tag, block in blocks:
                ahead.append((tag, block, pool.submit(self.within, block)))
                if len(ahead) > 2 * THREADS:
                    first = ahead.popleft()
                    yield first[0], first[1], first[2].result()
            for tag, block, found in ahead:
                yield tag, block, found.result()

    def within(self, block: Block) -> Swept:
        """Sightings of a block, as if no line of the stream stood before it."""
        places, ends = self._places(block.text)
        return Swept(list(self._told(block, sorted(places))), ends)

    def _told(self, block: Block, places: Sequence[Place]) -> Iterator[TextSighting]:
        line, at = 1, 0
        for first, last, indicator in places:
            if block.start <= first < block.stop:
                line += block.text.count(b"\n", at, first)
                at = first
                yield TextSighting(self._indicators[indicator], block.base + first, last - first, line)

    def _places(self, text: bytes) -> tuple[set[Place], int]:
        """Where the indicators stand, and how many lines end in the text."""
        among = self._candidates.among(text) if self._candidates else None
        if among is None:
            return self._plain(text, tuple(range(len(self._indicators)))), text.count(b"\n")
        found = self._plain(text, self._always) if self._always else set()
        if among.stretches:
            gathered = Gathered.of(text, among.stretches)
            for start, end, indicator in self._plain(gathered.text, tuple(among.positions)):
                if span := gathered.span(start, end):
                    found.add((*span, indicator))
        return found, among.ends

    def _plain(self, text: bytes, positions: tuple[int, ...]) -> set[Place]:
        """The places of these indicators in the text as it lies and with its escapes decoded."""
        engine = self._engine(positions)
        found = set(engine.places(text))
        for view in views(text):
            for first, last, indicator in engine.places(view.text):
                found.add((*view.raw_span(first, last), indicator))
        return {(first, last, positions[indicator]) for first, last, indicator in found}


def _engine_of(indicators: Sequence[Indicator], positions: Sequence[int]) -> Engine:
    return Engine(compiled([indicators[position] for position in positions]))


def _candidates(indicators: Sequence[Indicator], overlap: int) -> "Candidates | None":
    """The compiled way, where numba is installed; it is loaded only here, for that takes half a second."""
    try:
        from cloison.hunt.textsweep.candidates import Candidates  # noqa: PLC0415
    except ImportError:
        return None
    return Candidates(indicators, overlap)
