"""How fast is a raw log taken, beside a plain reading of the same columns of the file, and how small does it become?"""

from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from time import perf_counter

import duckdb

from benchmarks.lakes.raw import Raw
from benchmarks.lakes.running import run
from cloison.sources.catalogue import shipped
from cloison.sources.paths import literal, quoted


@dataclass(frozen=True)
class Taken:
    """Over one file: seconds by cloison and by the plain reading, the peak of memory, and the bytes of the lake."""

    raw: Raw
    size: int
    seconds: float
    plain_seconds: float
    peak: int
    lake: int

    def told(self) -> str:
        """One line."""
        megabytes = self.size / 1e6
        speed, plain = megabytes / self.seconds, megabytes / self.plain_seconds
        return (
            f"{self.raw.source:<16}{megabytes:>8.0f} MB {self.raw.records:>10,} records   take {speed:>6.1f} MB/s   "
            f"plain {plain:>6.1f} MB/s   ratio {speed / plain:.2f}   {self.peak / 1e6:>6.0f} MB of memory   "
            f"lake {100 * self.lake / self.size:.1f} % of raw"
        )


def taken(folder: Path, raw: Raw, runs: int = 2) -> Taken:
    """Take a raw log and read it plainly, in turn; the best of the runs counts for both."""
    ran, plain = [], []
    case = folder / "taken"
    for _ in range(runs):
        rmtree(case, ignore_errors=True)
        ran.append(run(["take", str(case), str(raw.path), "-q"]))
        plain.append(_plain(raw))
    parts = sorted((case / "lake").glob("*.parquet"))
    _same(_rows(parts), raw.records, "taken")
    size = sum(part.stat().st_size for part in parts)
    rmtree(case, ignore_errors=True)
    return Taken(raw, raw.size, min(one.seconds for one in ran), min(plain), max(one.peak for one in ran), size)


def _plain(raw: Raw) -> float:
    begun = perf_counter()
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE plain AS SELECT * FROM {_reader(raw)}")
        [(records,)] = engine.execute("SELECT count(*) FROM plain").fetchall()
    seconds = perf_counter() - begun
    _same(records, raw.records, "read")
    return seconds


def _reader(raw: Raw) -> str:
    """A JSON log by the fields that the mapping reads, with their types; a line by its words."""
    mapping = next(one for one in shipped().only(raw.source) if one.carrier.name == raw.carrier)
    if mapping.carrier.kind == "json":
        columns = ", ".join(f"{quoted(name)}: {literal(kind)}" for name, kind in mapping.columns.items())
        return f"read_json({literal(str(raw.path))}, format = 'newline_delimited', columns = {{{columns}}})"
    names = ("client", "request", "user", "time", "zone", "called", "status", "bytes", "duration", "referer", "agent")
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in (*names, "session"))
    return (
        f"read_csv({literal(str(raw.path))}, delim = ' ', quote = '\"', header = false, auto_detect = false, "
        f"columns = {{{columns}}})"
    )


def _rows(parts: list[Path]) -> int:
    [(rows,)] = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [[str(part) for part in parts]]).fetchall()
    return int(rows)


def _same(found: int, wanted: int, how: str) -> None:
    if found != wanted:
        raise SystemExit(f"{found} records {how}, {wanted} were written: the comparison would not be fair")
