"""In which blocks of which parts of the lake may an observable be? Kept beside the parts, and made of nothing else.

Parts are indexed in runs: what is new since the last time becomes a run of its own, and small runs are merged, so a
look-up reads few. A part is known by its name, size and the digest of its footer, so one that was written anew is
indexed anew. The manifest is replaced last: a run that it does not name is left over and removed.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import msgspec
import numpy as np
import pyarrow.parquet as pq

from cloison.lake.observables import ADDRESS, OBSERVABLES, made_by, numbered
from cloison.lake.postings import Numbers, Places, Postings, mapped, pairs_of, sorted_postings, written
from cloison.sources.paths import literal

BLOCK = 2048
"""Rows of a block: what the engine reads at once."""
RUN_PAIRS = 8_000_000
"""So many pairs are sorted in memory at once, and no larger run is merged with another."""
_FEW_RUNS = 8
_MANIFEST = "manifest.json"
_WORDS = "words"
_ADDRESSES = tuple(name for name, one in OBSERVABLES.items() if one.family == ADDRESS)
_SECTIONS = (*_ADDRESSES, _WORDS)


class Covered(msgspec.Struct, frozen=True):
    """A part of a run: its name, the digest of its footer, and how many blocks it has."""

    name: str
    digest: str
    blocks: int


Known = Mapping[Path, str]
"""The digest of each part."""


class Run(msgspec.Struct, frozen=True):
    """Some parts, indexed together; their blocks are numbered on from part to part."""

    name: str
    pairs: int
    parts: tuple[Covered, ...]


class Manifest(msgspec.Struct, frozen=True):
    """What the index is made of."""

    made_by: str
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True)
class Found:
    """Where what is looked for may be: an observable in blocks of a part, ascending."""

    held_in: str
    part: str
    blocks: tuple[int, ...]


class Index:
    """The index in `folder`, as it is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made_by = hashlib.sha256(f"{duckdb.__version__} {BLOCK} {made_by()}".encode()).hexdigest()
        self._manifest = self._read()

    def update(
        self, engine: duckdb.DuckDBPyConnection, known: Known, advance: Callable[[int], None] = lambda _: None
    ) -> int:
        """Make the index that of these parts and no others; how many parts were read for it.

        Memory is bounded by `RUN_PAIRS`; what is finished when it is interrupted is kept.
        """
        runs, new = self._usable(known), self.lacks(known)
        if not new and len(runs) == len(self._manifest.runs):
            return 0
        self._folder.mkdir(parents=True, exist_ok=True)
        self._commit(runs)
        waiting = _Waiting()
        for part in new:
            blocks = -(-pq.read_metadata(part).num_rows // BLOCK)
            waiting.add((Covered(part.name, known[part], blocks),), _pairs(engine, part))
            advance(1)
            if waiting.pairs >= RUN_PAIRS:
                self._commit([*self._manifest.runs, self._write(waiting)])
                waiting = _Waiting()
        if waiting.parts:
            self._commit([*self._manifest.runs, self._write(waiting)])
        self._merge()
        return len(new)

    def lacks(self, known: Known) -> list[Path]:
        """Those of the parts that would have to be read."""
        held = {one.name for run in self._usable(known) for one in run.parts}
        return [part for part in known if part.name not in held]

    def _usable(self, known: Known) -> list[Run]:
        digests = {part.name: digest for part, digest in known.items()}
        return [run for run in self._manifest.runs if all(digests.get(one.name) == one.digest for one in run.parts)]

    def places(self, words: Iterable[tuple[str, Numbers]], spans: Sequence[tuple[int, int]]) -> list[Found]:
        """The blocks that may hold a word's number at an observable, or an address in one of the spans."""
        listed = list(words)
        found: list[Found] = []
        for run in self._manifest.runs:
            for name in _ADDRESSES if spans else ():
                found += _by_part(run, name, self._section(run, name).between(spans))
            held = self._section(run, _WORDS)
            for name, numbers in listed:
                found += _by_part(run, name, held.at(numbers))
        return found

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self._folder.iterdir())

    def _section(self, run: Run, section: str) -> Postings:
        return mapped(self._folder, f"{run.name}.{section}")

    def _read(self) -> Manifest:
        """The manifest; an empty one where there is none, or where it or a run cannot be used."""
        empty = Manifest(self._made_by)
        try:
            manifest = msgspec.json.decode((self._folder / _MANIFEST).read_bytes(), type=Manifest)
            for run in manifest.runs:
                for section in _SECTIONS:
                    self._section(run, section)
        except (OSError, ValueError, msgspec.DecodeError):
            return empty
        return manifest if manifest.made_by == self._made_by else empty

    def _write(self, waiting: "_Waiting") -> Run:
        parts = tuple(waiting.parts)
        name = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
        for section in _SECTIONS:
            written(waiting.postings(section), self._folder, f"{name}.{section}")
        return Run(name, waiting.pairs, parts)

    def _merge(self) -> None:
        """While there are many runs, make one of the two smallest that together are small enough."""
        while len(self._manifest.runs) > _FEW_RUNS:
            first, second, *rest = sorted(self._manifest.runs, key=lambda run: (run.pairs, run.name))
            if first.pairs + second.pairs > RUN_PAIRS:
                return
            waiting = _Waiting()
            for run in (first, second):
                sections = {section: pairs_of(self._section(run, section)) for section in _SECTIONS}
                waiting.add(run.parts, sections)
            self._commit([*rest, self._write(waiting)])

    def _commit(self, runs: Sequence[Run]) -> None:
        self._manifest = Manifest(self._made_by, tuple(runs))
        draft = self._folder / "manifest.draft"
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(self._manifest)))
        draft.replace(self._folder / _MANIFEST)
        named = {run.name for run in runs}
        for path in self._folder.iterdir():
            if (
                path.suffix.removeprefix(".") in {"numbers", "starts", "places"}
                and path.name.split(".")[0] not in named
            ):
                path.unlink()


class _Waiting:
    """Pairs that become a run."""

    def __init__(self) -> None:
        self.parts: list[Covered] = []
        self.pairs = 0
        self._blocks = 0
        self._numbers: dict[str, list[Numbers]] = {section: [] for section in _SECTIONS}
        self._places: dict[str, list[Places]] = {section: [] for section in _SECTIONS}

    def add(self, parts: Iterable[Covered], sections: dict[str, tuple[Numbers, Places]]) -> None:
        for section, (numbers, places) in sections.items():
            self._numbers[section].append(numbers)
            self._places[section].append(places + np.uint32(self._blocks))
            self.pairs += len(numbers)
        for part in parts:
            self.parts.append(part)
            self._blocks += part.blocks

    def postings(self, section: str) -> Postings:
        return sorted_postings(np.concatenate(self._numbers[section]), np.concatenate(self._places[section]))


def known_by(parts: Iterable[Path]) -> Known:
    """Parts by their content: a footer tells the size, place, least and greatest value of every column chunk."""
    return {part: _digest(part) for part in parts}


def _digest(part: Path) -> str:
    with part.open("rb") as file:
        size = file.seek(-8, os.SEEK_END) + 8
        length = int.from_bytes(file.read(4), "little")
        file.seek(-8 - length, os.SEEK_END)
        return hashlib.sha256(f"{size} ".encode() + file.read(length)).hexdigest()


def _pairs(engine: duckdb.DuckDBPyConnection, part: Path) -> dict[str, tuple[Numbers, Places]]:
    """The numbers and blocks of one part's observables, by section."""
    rows = f"read_parquet({literal(str(part))}, file_row_number = true) WHERE TRUE"
    place = f"CAST(file_row_number // {BLOCK} AS UINTEGER)"
    words = [name for name in OBSERVABLES if name not in _ADDRESSES]
    sections = {}
    for section, names in [*((name, [name]) for name in _ADDRESSES), (_WORDS, words)]:
        made = numbered(rows, place, names)
        found = engine.execute(f"SELECT number, place FROM ({made}) WHERE number IS NOT NULL").fetchnumpy()
        sections[section] = (np.asarray(found["number"]), np.asarray(found["place"]))
    return sections


def _by_part(run: Run, held_in: str, places: Places) -> Iterator[Found]:
    """Blocks of a run as blocks of its parts."""
    ends = np.cumsum([one.blocks for one in run.parts])
    for part, end in zip(run.parts, ends.tolist(), strict=True):
        first, last = np.searchsorted(places, (end - part.blocks, end))
        if first < last:
            yield Found(held_in, part.name, tuple((places[first:last] - np.uint32(end - part.blocks)).tolist()))
