"""Which stretches of a text may hold which indicators? The compiled kernel says; what it names is looked at again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import local
from typing import Any

import numpy as np

from cloison.hunt.textsweep.kept import kernel
from cloison.hunt.textsweep.layout import COUNTS, FOUND_LIMIT, PAD, WAYS_LIMIT
from cloison.hunt.textsweep.stretches import Stretch, merged, stretch_around
from cloison.hunt.textsweep.tables import Lookup, lookup_of
from cloison.hunt.textsweep.views import ROUNDS
from cloison.model.indicator import Indicator

_Array = np.ndarray[Any, Any]


@dataclass(slots=True)
class _Desk:
    """The arrays that one thread works on, as long as the longest text so far."""

    text: _Array = field(default_factory=lambda: np.zeros(0, np.uint8))
    decoded: list[_Array] = field(default_factory=list)
    ways: list[_Array] = field(default_factory=list)
    found: _Array = field(default_factory=lambda: np.zeros((FOUND_LIMIT, 2), np.int64))
    counts: _Array = field(default_factory=lambda: np.zeros(COUNTS, np.int64))

    def hold(self, text: bytes) -> None:
        """Lay out `text` between zeros."""
        if len(self.text) < len(text) + 4 * PAD:
            size = len(text) + len(text) // 8 + 4 * PAD
            self.text = np.zeros(size, np.uint8)
            self.decoded = [np.zeros(size, np.uint8) for _ in range(ROUNDS + 1)]
            self.ways = [np.zeros((WAYS_LIMIT, 3), np.int64) for _ in range(ROUNDS + 1)]
        self.text[PAD : PAD + len(text)] = np.frombuffer(text, np.uint8)
        self.text[PAD + len(text) : PAD + len(text) + 2 * PAD] = 0


@dataclass(frozen=True, slots=True)
class Among:
    """The stretches of a text in order, which indicators they may hold, and how many lines end in the text."""

    stretches: list[Stretch]
    positions: list[int]
    ends: int


class Candidates:
    """Finds stretches in any number of texts, from any number of threads."""

    def __init__(self, indicators: Sequence[Indicator], overlap: int) -> None:
        self.lookup: Lookup = lookup_of(indicators)
        self._overlap = overlap
        self._desks = local()
        self._scan = kernel().scan

    def among(self, text: bytes) -> Among | None:
        """What of `text` must be read the plain way; None when it is dense, and all of it must be."""
        found = self._found(text)
        if found is None:
            return None
        places, ends = found
        positions = {position for ref in {ref for _, _, ref in places} for position in self.lookup.positions(ref)}
        stretches = merged(stretch_around(text, start, end, self._overlap) for start, end, _ in places)
        return Among(stretches, sorted(positions), ends)

    def _found(self, text: bytes) -> tuple[set[tuple[int, int, int]], int] | None:
        """Where candidates lie in the raw text, with their refs; and how many lines end in it."""
        desk = self._desk()
        desk.hold(text)
        places: set[tuple[int, int, int]] = set()
        read, end, ends = desk.text, PAD + len(text), 0
        ways: list[_Array] = []
        for round_ in range(ROUNDS + 1):
            self._scan(
                *(read.ctypes.data, PAD, end, bool(round_)),
                *(self.lookup.tables.ctypes.data, self.lookup.letters.ctypes.data),
                *(desk.found.ctypes.data, desk.decoded[round_].ctypes.data, desk.ways[round_].ctypes.data),
                desk.counts.ctypes.data,
            )
            count, end, turns, lines, dense = desk.counts.tolist()
            if dense:
                return None
            ends = ends if round_ else lines
            places |= {(*_raw_span(place, ways), ref) for place, ref in desk.found[:count].tolist()}
            if not turns:
                break
            ways.append(desk.ways[round_][:turns])
            read = desk.decoded[round_]
            read[end : end + 2 * PAD] = 0
        return places, ends

    def _desk(self) -> _Desk:
        if not hasattr(self._desks, "mine"):
            self._desks.mine = _Desk()
        mine: _Desk = self._desks.mine
        return mine


def _raw_span(place: int, ways: Sequence[_Array]) -> tuple[int, int]:
    """Where in the raw text a place lies that was found after so many rounds of decoding."""
    start, end = place, place
    for way in reversed(ways):
        start = int(way[np.searchsorted(way[:, 0], start, "right") - 1, 1])
        end = int(way[np.searchsorted(way[:, 0], end, "right") - 1, 2])
    return start - PAD, end - PAD
