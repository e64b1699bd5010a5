"""How long does it take to look for few and many indicators in a lake, beside asking every event?"""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import duckdb

from benchmarks.lakes.lake import Lake, found, write_lake
from benchmarks.lakes.ready import make_ready
from benchmarks.scale import place
from cloison.hunt.intel import read_indicators
from cloison.hunt.intel.reading import Reading
from cloison.lake.analysis import run
from cloison.lake.engine import open_engine
from cloison.lake.scene import stage_addresses
from cloison.service.case import MEMORY, Case
from cloison.service.case_sweep import PATHS, sweep_case
from cloison.service.inputs_kept import Given
from cloison.service.investigate import stage, stage_given
from cloison.service.progress import Silent
from cloison.sources.catalogue import shipped

MANY = (10, 1_000, 100_000)


def looked_up(sizes: tuple[int, ...], *, folder: Path | None = None, memory: str = MEMORY) -> Iterator[str]:
    """Build the index of a lake of each size, and look up what it holds and what it does not."""
    with place(folder) as here:
        for events in sizes:
            lake = here / f"lake-{events}"
            written = found(lake, events) or write_lake(lake, events)
            yield from _measured(make_ready(lake), lake, written, memory)


def _measured(case: Case, folder: Path, lake: Lake, memory: str) -> Iterator[str]:
    size = sum((folder / "parts" / part.name).stat().st_size for part in lake.parts)
    begun = perf_counter()
    sweep_case(case, _absent(10), shipped(), Silent(), memory=memory)
    built = perf_counter() - begun
    index = sum(path.stat().st_size for path in (case.lake / "observables").iterdir())
    yield (
        f"{sum(part.rows for part in lake.parts):,} rows, {size / 1e6:,.0f} MB: index of {index / 1e6:,.0f} MB "
        f"({100 * index / size:.1f} %) made and first asked in {built:.1f} s"
    )
    planted = read_indicators((folder / "indicators.csv").read_bytes(), origin="indicators.csv")
    yield f"{len(planted.indicators):>9,} planted  {_timed(case, planted, memory)}"
    for many in MANY:
        yield f"{many:>9,} absent   {_timed(case, _absent(many), memory)}"
        yield f"{many:>9,} present  {_timed(case, _present(folder, many), memory)}"
    begun = perf_counter()
    sightings = _plainly(case, planted, memory)
    seconds = perf_counter() - begun
    yield f"{len(planted.indicators):>9,} planted  {seconds:.3f} s, {sightings:,} sightings by the full scan"


def _timed(case: Case, reading: Reading, memory: str) -> str:
    begun = perf_counter()
    swept = sweep_case(case, reading, shipped(), Silent(), memory=memory)
    return f"{perf_counter() - begun:.3f} s, {len(swept.sightings):,} sightings"


def _absent(many: int) -> Reading:
    return _listed("account", (f"nobody-{number}" for number in range(many)))


def _present(folder: Path, many: int) -> Reading:
    """Names of files: as good as each is in one event alone."""
    names = duckdb.execute(
        "SELECT DISTINCT lower(file_name) AS name FROM read_parquet(?) WHERE file_name IS NOT NULL "
        "ORDER BY hash(name) LIMIT ?",
        [str(folder / "parts" / "*.parquet"), many],
    ).fetchall()
    return _listed("file_name", (name for (name,) in names))


def _listed(kind: str, values: Iterator[str]) -> Reading:
    lines = "".join(f"{kind},{value}\n" for value in values)
    return read_indicators(f"kind,value\n{lines}".encode(), origin="given.csv")


def _plainly(case: Case, reading: Reading, memory: str) -> int:
    """How many sightings there are when every event is asked."""
    engine = open_engine(spill=case.lake / "spill", memory=memory)
    journal = case.journal()
    try:
        stage(engine, case, journal, shipped())
        stage_given(engine, Given(reading.indicators, (), (), ()), None)
        stage_addresses(engine)
        for one in PATHS:
            run(engine, one)
        [(rows,)] = engine.execute("SELECT count(*) FROM sightings").fetchall()
        return int(rows)
    finally:
        journal.close()
        engine.close()
