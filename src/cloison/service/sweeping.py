"""Sweep raw logs for indicators without a case: sightings with their place, or none of so many in so many lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cloison.errors import InputError
from cloison.evidence.containers import members
from cloison.evidence.custody import files_below
from cloison.hunt.intel import Cautions, caution_about, read_indicators
from cloison.hunt.intel.reading import Reading
from cloison.hunt.textsweep import Block, Cut, TextSighting, TextSweep
from cloison.model.limits import LIMITS
from cloison.model.wording import many
from cloison.ocsf.observables import defang
from cloison.service.dating import LINE_BYTES, Known, field_of, known_lines
from cloison.service.given_tables import bytes_of
from cloison.service.inputs import read_cautions
from cloison.service.progress import Progress
from cloison.service.spans import Span, Stream, holes, spans_of

SAW, UNREAD = 10, 11
# Of more sightings than this the source, its field and the time are not asked; their place is given all the same.
ASKED_SIGHTINGS = 20_000
# Of more streams than this it is not asked from when to when they speak.
ASKED_STREAMS = 5_000


@dataclass(frozen=True)
class Seen:
    """One sighting: the indicator, the file (its member after `!`), and the byte and line where it begins.

    `field` is a path in a JSON line, or the OCSF field in a line of a known source; `time` is known with the source.
    """

    indicator_kind: str
    indicator_value: str
    evidence: str
    offset: int
    length: int
    line: int
    field: str | None
    source: str | None
    time: datetime | None
    flagged: str | None = None

    def told(self) -> str:
        """One line, the indicator defanged."""
        beside = [
            f"in {self.field}" if self.field else "",
            str(self.source or ""),
            _utc(self.time) if self.time else "",
            f"flagged: {self.flagged}" if self.flagged else "",
        ]
        said = "".join(f", {part}" for part in beside if part)
        indicator = f"{self.indicator_kind} {defang(self.indicator_value)}"
        return f"{self.evidence}:{self.line}: {indicator} at byte {self.offset}{said}"


@dataclass(frozen=True)
class Swept:
    """What a sweep saw, and what it looked at: from when to when each source speaks, by its first and last records."""

    sightings: tuple[Seen, ...]
    indicators: int
    files: int
    streams: int
    lines: int
    unpacked_bytes: int
    spans: tuple[Span, ...]
    undated: int
    faults: tuple[tuple[str, str], ...]
    not_understood: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 nothing seen, 10 something seen, 11 something could not be read."""
        return UNREAD if self.faults else SAW if self.sightings else 0

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the answer does not cover."""
        silent = [f"{one.source} silent from {_utc(one.first_at)} to {_utc(one.last_at)}" for one in holes(self.spans)]
        unread = [f"{len(self.faults):,} streams not read to their end"] if self.faults else []
        undated = [f"no time known in {self.undated:,} of {self.streams:,} streams"] if self.undated else []
        return (*unread, *undated, *silent)

    def answer(self) -> str:
        """The bounded answer in one sentence."""
        between = ""
        if self.spans:
            first, last = min(one.first_at for one in self.spans), max(one.last_at for one in self.spans)
            between = f" between {_utc(first)} and {_utc(last)}"
        gaps = "; ".join(self.gaps) or "none known, everything was read"
        return (
            f"{many(len(self.sightings), 'sighting')} of {many(self.indicators, 'indicator')} "
            f"in {many(self.lines, 'line')} ({self.unpacked_bytes:,} bytes) "
            f"of {many(self.files, 'file')}{between}; gaps: {gaps}"
        )

    def as_lines(self) -> Iterator[str]:
        """The answer for a person, indicators defanged."""
        yield from (one.told() for one in self.sightings)
        for where, fault in self.faults:
            yield f"not read: {where}: {fault}"
        for text in self.not_understood:
            yield f"not understood as an indicator: {text}"
        yield self.answer()


def _utc(moment: datetime) -> str:
    return f"{moment.isoformat()}Z"


def indicators_in(listed: Path) -> Reading:
    """What a file of indicators gives.

    Raises:
        InputError: no indicator is understood.
    """
    reading = read_indicators(bytes_of(listed), origin=listed.name)
    if not reading.indicators:
        raise InputError("no indicator in it", where=str(listed), remedy="see why with `cloison indicators`")
    return reading


def missed_by(reading: Reading) -> tuple[str, ...]:
    """What of a file is no indicator, each with its place and reason."""
    return tuple(f"{one.place}: {one.text[:80]} ({one.why})" for one in reading.not_understood)


def sweep_paths(indicators: Path, paths: list[Path], progress: Progress, cautions: Sequence[Path] = ()) -> Swept:
    """Sweep every file at or below the paths, packed or not; `cautions` say what is flagged, and what is not.

    Raises:
        InputError: no indicator is understood, or a line of the cautions is not.
        EvidenceError: a path does not exist.
    """
    said = Cautions.of(row for path in cautions for row in read_cautions(bytes_of(path), str(path)))
    files = list(files_below(paths))
    looked_for, walk, found = _swept(indicators, files, progress)
    known = _asked(walk.streams[:ASKED_STREAMS], found[:ASKED_SIGHTINGS])
    spans = spans_of(walk.streams, known)
    return Swept(
        tuple(_named(one, known.get(one.line), said) for one in found),
        looked_for.count,
        len(files),
        len(walk.streams),
        sum(stream.lines for stream in walk.streams),
        sum(stream.size for stream in walk.streams),
        tuple(spans),
        len(walk.streams) - len({span.evidence for span in spans}),
        tuple(walk.faults),
        looked_for.missed,
    )


@dataclass(frozen=True)
class _LookedFor:
    """How many indicators a file gives, and which of it give none."""

    count: int
    missed: tuple[str, ...]


def _swept(
    listed: Path, files: Sequence[tuple[Path, str]], progress: Progress
) -> "tuple[_LookedFor, _Walk, list[_Found]]":
    """Go through all. Indicators and tables are let go at the end, before anything is asked of what was found."""
    reading = indicators_in(listed)
    looked_for = _LookedFor(len(reading.indicators), missed_by(reading))
    sweep = TextSweep(reading.indicators)
    how = "sweeping" if sweep.compiled else "sweeping slowly (`pip install 'cloison[fast]'` makes it far faster)"
    progress.begin(how, sum(path.stat().st_size for path, _ in files))
    walk = _Walk(sweep.cut, progress)
    found: list[_Found] = []
    for stream, block, swept in sweep.swept(walk.blocks(files)):
        stream.passed(block, swept.ends)
        found += (_found(stream.label, block, one) for one in swept.sightings)
    return looked_for, walk, found


@dataclass
class _Walk:
    """Goes through the files and notes what cannot be read."""

    cut: Cut
    progress: Progress
    streams: list[Stream] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def blocks(self, files: Sequence[tuple[Path, str]]) -> Iterator[tuple[Stream, Block]]:
        """The blocks of every stream of every file."""
        for path, label in files:
            try:
                yield from self._of_file(path, label)
            except OSError as fault:
                self.faults.append((label, fault.strerror or "cannot be read"))
            self.progress.advance(path.stat().st_size)

    def _of_file(self, path: Path, label: str) -> Iterator[tuple[Stream, Block]]:
        for member in members(path, LIMITS):
            stream = Stream(f"{label}!{member.name}" if member.name else label)
            self.streams.append(stream)
            yield from ((stream, block) for block in self.cut.blocks(member.opened.chunks()))
            if member.opened.fault:
                self.faults.append((stream.label, member.opened.fault))


@dataclass(frozen=True, slots=True)
class _Found:
    """A sighting with the line around it, as far as it is short enough to be asked."""

    evidence: str
    sighting: TextSighting
    line: bytes
    at: int


def _found(evidence: str, block: Block, sighting: TextSighting) -> _Found:
    at = sighting.offset - block.base
    start = block.text.rfind(b"\n", max(0, at - LINE_BYTES), at) + 1
    end = block.text.find(b"\n", at, start + LINE_BYTES)
    whole = (start > 0 or at <= LINE_BYTES) and (end >= 0 or len(block.text) - start <= LINE_BYTES)
    line = block.text[start : end if end >= 0 else len(block.text)] if whole else b""
    return _Found(evidence, sighting, line, at - start)


def _asked(streams: Sequence[Stream], found: Sequence[_Found]) -> dict[bytes, Known | None]:
    """What is known of the lines at the ends of streams and of those with a sighting, all asked at once."""
    ends = (line for stream in streams for line in (*stream.head, *stream.tail))
    lines = list(dict.fromkeys((*ends, *(one.line for one in found))))
    return dict(zip(lines, known_lines(lines), strict=True))


def _named(found: _Found, known: Known | None, cautions: Cautions) -> Seen:
    one = found.sighting
    return Seen(
        str(one.indicator.kind),
        one.indicator.value,
        found.evidence,
        one.offset,
        one.length,
        one.line,
        field_of(found.line, found.at, one.length, known) if found.line else None,
        known.source if known else None,
        known.time if known else None,
        caution_about(one.indicator, cautions) or None,
    )
