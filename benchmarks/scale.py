"""Does an investigation of one, ten and fifty million events take time in proportion, bounded memory, and stay exact?

Each lake holds the same ordinary life at another size and the very same intrusion; what the case answers is compared
with what was planted. The lakes are written as ingest would have left them (see `lakes/ready.py` for the one
difference); how fast ingest itself is, is measured on raw logs of the same life.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from time import perf_counter

import duckdb

from benchmarks.lakes.lake import found, write_lake
from benchmarks.lakes.raw import RECORD_BYTES, write_raw
from benchmarks.lakes.ready import command, make_ready
from benchmarks.lakes.running import Ran, run
from benchmarks.lakes.taking import taken
from benchmarks.lakes.truth import differences

EVENTS = (1_000_000, 10_000_000, 50_000_000)
RAW_MEGABYTES = (40, 200)
MEMORY = "4GB"


@dataclass(frozen=True)
class Scaled:
    """One lake: its rows and bytes, the raw bytes that its records state, and what the answers and the rules took."""

    events: int
    rows: int
    raw: int
    lake: int
    written_seconds: float | None
    ran: Ran
    rules: Ran
    wrong: tuple[str, ...]

    def told(self) -> str:
        """One row of the table."""
        written = "-" if self.written_seconds is None else f"{self.written_seconds:.0f} s"
        answer = "exact" if not self.wrong else f"WRONG: {' | '.join(self.wrong)}"
        ran = self.ran
        return (
            f"{self.events:>12,}{self.rows:>13,}{self.lake / 1e6:>9.0f} MB{100 * self.lake / self.raw:>7.1f} %"
            f"{written:>9}{ran.seconds:>10.1f} s{ran.cpu:>8.1f} s{1e6 * ran.cpu / self.events:>9.2f}"
            f"{ran.peak / 1e6:>9.0f} MB{self.rules.seconds:>9.1f} s{self.rules.peak / 1e6:>9.0f} MB   {answer}"
        )


HEADER = (
    f"{'events':>12}{'rows':>13}{'lake':>12}{'of raw':>9}{'written':>9}{'investigate':>12}{'cpu':>10}{'us/event':>9}"
    f"{'memory':>12}{'rules':>11}{'memory':>12}   answer"
)


def scaled(
    sizes: tuple[int, ...] = EVENTS,
    raw_megabytes: tuple[float, ...] = RAW_MEGABYTES,
    *,
    folder: Path | None = None,
    keep: bool = False,
    memory: str = MEMORY,
) -> Iterator[str]:
    """Measure every size, and tell how each grows.

    Args:
        sizes: events of each lake, ascending.
        raw_megabytes: the sizes of the raw logs that are taken.
        folder: where the lakes are written; a lake that is there already is used. None is a temporary folder.
        keep: leave the lakes that were written.
        memory: the limit given to `cloison investigate --memory`.
    """
    with place(folder) as here:
        yield from _ingest(here, raw_megabytes)
        yield f"investigations with --memory {memory}"
        yield HEADER
        done = []
        for events in sizes:
            done.append(investigated(here / f"lake-{events}", events, keep=keep, memory=memory))
            yield done[-1].told()
    yield from (_growth(before, after) for before, after in pairwise(done))


def investigated(folder: Path, events: int, *, keep: bool = False, memory: str = MEMORY) -> Scaled:
    """Write a lake if it is not there, investigate it, and compare the answer with what was planted."""
    begun = perf_counter()
    lake, written = found(folder, events), None
    if lake is None:
        rmtree(folder, ignore_errors=True)
        lake = write_lake(folder, events)
        written = perf_counter() - begun
    make_ready(folder)
    ran = run([*command(folder), "--memory", memory, "--no-detect", "-q"])
    rules = run([*command(folder), "--memory", memory, "-q"])
    size = sum((folder / "parts" / part.name).stat().st_size for part in lake.parts)
    wrong = tuple(differences(folder / "case/results", folder / "parts"))
    raw = _raw_bytes(folder / "parts")
    rmtree(folder / "case")
    if written is not None and not keep:
        rmtree(folder)
    rows = sum(part.rows for part in lake.parts)
    return Scaled(events, rows, raw, size, written, ran, rules, wrong)


@contextmanager
def place(folder: Path | None) -> Iterator[Path]:
    """The folder, or a temporary one."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with TemporaryDirectory() as name:
        yield Path(name)


def _ingest(folder: Path, megabytes: tuple[float, ...]) -> Iterator[str]:
    for source in RECORD_BYTES:
        for size in megabytes:
            raw = write_raw(folder, source, size)
            yield taken(folder, raw).told()
            raw.path.unlink()


def _raw_bytes(parts: Path) -> int:
    [(size,)] = duckdb.execute("SELECT sum(record_length) FROM read_parquet(?)", [str(parts / "*.parquet")]).fetchall()
    return int(size)


def _growth(before: Scaled, after: Scaled) -> str:
    times, cpu = after.events / before.events, after.ran.cpu / before.ran.cpu
    return (
        f"{before.events:,} to {after.events:,}: {times:.1f} times the events, {cpu:.1f} times the processor "
        f"({cpu / times:.2f} an event), {after.ran.seconds / before.ran.seconds:.1f} times the time, "
        f"{after.ran.peak / before.ran.peak:.2f} times the memory, {after.lake / before.lake:.1f} times the lake"
    )
