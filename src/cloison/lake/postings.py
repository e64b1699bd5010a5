"""How are pairs of a number and a place kept on disk, sorted, so that few bytes are read to find a number's places?

Three arrays in files of their own, mapped into memory: the numbers ascending, where the places of each begin, and the
places. Nothing is decoded, so a look-up reads only the pages that it touches.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint64]
Places = npt.NDArray[np.uint32]

Item = TypeVar("Item", np.uint64, np.uint32)

_COLUMNS = ("numbers", "starts", "places")


@dataclass(frozen=True)
class Postings:
    """The places of `numbers[i]` are those from `starts[i]` to `starts[i + 1]`."""

    numbers: Numbers
    starts: Places
    places: Places

    def at(self, wanted: Numbers) -> Places:
        """The places of any of these numbers, each place once."""
        found = np.searchsorted(self.numbers, wanted)
        inside = found < len(self.numbers)
        found, wanted = found[inside], wanted[inside]
        return self._gathered((int(one), int(one) + 1) for one in found[self.numbers[found] == wanted])

    def between(self, spans: Sequence[tuple[int, int]]) -> Places:
        """The places of the numbers in any of these spans, both ends among them."""
        lows = np.array([low for low, _ in spans], dtype=np.uint64)
        highs = np.array([high for _, high in spans], dtype=np.uint64)
        firsts = np.searchsorted(self.numbers, lows, side="left")
        lasts = np.searchsorted(self.numbers, highs, side="right")
        return self._gathered(zip(map(int, firsts), map(int, lasts), strict=True))

    def _gathered(self, runs: Iterator[tuple[int, int]]) -> Places:
        pieces = [self.places[self.starts[first] : self.starts[last]] for first, last in runs if first < last]
        return np.unique(np.concatenate(pieces)) if pieces else np.empty(0, dtype=np.uint32)


def sorted_postings(numbers: Numbers, places: Places) -> Postings:
    """Postings of pairs in any order."""
    order = np.lexsort((places, numbers))
    numbers, places = numbers[order], places[order]
    firsts = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1]))) if len(numbers) else np.empty(0)
    starts = np.append(firsts, len(numbers)).astype(np.uint32)
    return Postings(numbers[starts[:-1]], starts, places)


def pairs_of(some: Postings) -> tuple[Numbers, Places]:
    """The pairs again, in order."""
    return np.repeat(some.numbers, np.diff(some.starts)), some.places


def written(some: Postings, folder: Path, name: str) -> None:
    """Write the arrays."""
    for column in _COLUMNS:
        getattr(some, column).tofile(folder / f"{name}.{column}")


def mapped(folder: Path, name: str) -> Postings:
    """The arrays as they lie on disk.

    Raises:
        OSError: a file is gone.
        ValueError: the files are not those of one index.
    """
    numbers = _array(folder / f"{name}.numbers", np.uint64)
    starts = _array(folder / f"{name}.starts", np.uint32)
    places = _array(folder / f"{name}.places", np.uint32)
    if len(starts) != len(numbers) + 1 or int(starts[-1]) != len(places):
        raise ValueError(f"the arrays of {name} do not fit each other")
    return Postings(numbers, starts, places)


def _array(path: Path, kind: type[Item]) -> npt.NDArray[Item]:
    if path.stat().st_size == 0:
        return np.empty(0, dtype=kind)
    return np.memmap(path, dtype=kind, mode="r")
