"""Sweep raw logs for indicators without a case: sightings with their place, or none of so many in so many lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cloison.errors import InputError
from cloison.evidence.containers import members
from cloison.evidence.custody import files_below
from cloison.hunt.intel import caution_about, read_indicators
from cloison.hunt.textsweep import TextSweep
from cloison.model.limits import LIMITS
from cloison.ocsf.observables import defang
from cloison.service.inputs import bytes_of
from cloison.service.progress import Progress

SAW, UNREAD = 10, 11


@dataclass(frozen=True)
class Seen:
    """One sighting: the indicator, the file (and its member, after `!`), and the byte where the text begins."""

    indicator_kind: str
    indicator_value: str
    evidence: str
    offset: int
    length: int
    flagged: str | None = None


@dataclass(frozen=True)
class Swept:
    """What a sweep saw, and what it looked at."""

    sightings: tuple[Seen, ...]
    indicators: int
    files: int
    lines: int
    unpacked_bytes: int
    faults: tuple[tuple[str, str], ...]
    not_understood: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 nothing seen, 10 something seen, 11 something could not be read."""
        return UNREAD if self.faults else SAW if self.sightings else 0

    def answer(self) -> str:
        """The bounded answer in one sentence."""
        gaps = f"; {len(self.faults)} streams not read to their end" if self.faults else "; everything was read"
        return (
            f"{len(self.sightings):,} sightings of {self.indicators:,} indicators in {self.lines:,} lines "
            f"({self.unpacked_bytes:,} bytes) of {self.files:,} files{gaps}"
        )

    def as_lines(self) -> Iterator[str]:
        """The answer for a person, indicators defanged."""
        for one in self.sightings:
            flagged = f" (flagged: {one.flagged})" if one.flagged else ""
            yield f"{one.evidence}:{one.offset}: {one.indicator_kind} {defang(one.indicator_value)}{flagged}"
        for where, fault in self.faults:
            yield f"not read: {where}: {fault}"
        for text in self.not_understood:
            yield f"not understood as an indicator: {text}"
        yield self.answer()


def sweep_paths(indicators: Path, paths: list[Path], progress: Progress) -> Swept:
    """Sweep every file at or below the paths, packed or not.

    Raises:
        InputError: no indicator is understood.
        EvidenceError: a path does not exist.
    """
    reading = read_indicators(bytes_of(indicators), origin=indicators.name)
    if not reading.indicators:
        raise InputError("no indicator in it", where=str(indicators), remedy="see why with `cloison indicators`")
    files = list(files_below(paths))
    progress.begin("sweeping", sum(path.stat().st_size for path, _ in files))
    sweep = TextSweep(reading.indicators)
    seen: list[Seen] = []
    faults: list[tuple[str, str]] = []
    counter = _Counter()
    for path, label in files:
        try:
            _sweep_file(sweep, path, label, counter, seen, faults)
        except OSError as fault:
            faults.append((label, fault.strerror or "cannot be read"))
        progress.advance(path.stat().st_size)
    missed = tuple(f"{one.place}: {one.text[:80]} ({one.why})" for one in reading.not_understood)
    return Swept(tuple(seen), len(reading.indicators), len(files), counter.lines, counter.size, tuple(faults), missed)


@dataclass
class _Counter:
    """Counts what passes through."""

    lines: int = 0
    size: int = 0

    def through(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        last = b"\n"
        for chunk in chunks:
            self.lines += chunk.count(b"\n")
            self.size += len(chunk)
            last = chunk[-1:]
            yield chunk
        self.lines += last != b"\n"


def _sweep_file(
    sweep: TextSweep, path: Path, label: str, counter: _Counter, seen: list[Seen], faults: list[tuple[str, str]]
) -> None:
    for member in members(path, LIMITS):
        where = f"{label}!{member.name}" if member.name else label
        seen += (
            Seen(
                str(one.indicator.kind),
                one.indicator.value,
                where,
                one.offset,
                one.length,
                caution_about(one.indicator) or None,
            )
            for one in sweep.stream(counter.through(member.opened.chunks()))
        )
        if member.opened.fault:
            faults.append((where, member.opened.fault))
