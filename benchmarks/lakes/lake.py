"""How is a lake of so many events written: part by part, sorted, as ingest would have left it?"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import msgspec

from benchmarks.lakes import ledger
from benchmarks.lakes.incident import incident
from benchmarks.lakes.life import HERE, SEED, filled, happen, ordinary, organise
from benchmarks.lakes.planting import plant
from benchmarks.lakes.rhythm import PART_ROWS, SOURCES, Hour, Source, exports, hours
from cloison.lake.engine import open_engine
from cloison.lake.repeats import judged
from cloison.ocsf.events import EVENTS
from cloison.sources.paths import literal, quoted

LIST = "lake.json"
"""The file beside the parts that names them."""
_PART = (HERE / "part.sql").read_text(encoding="utf-8")
_SHAPING = ("incident.py", "lake.py", "ledger.py", "life.py", "planting.py", "rhythm.py")


@dataclass(frozen=True)
class Part:
    """A part of the lake: its file, its source, the hash of the export that it stands for, and its rows."""

    name: str
    source: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Lake:
    """What was written: of how many events, made from what, in which parts."""

    events: int
    made_from: str
    parts: list[Part]


def write_lake(folder: Path, events: int, memory: str = "3GB") -> Lake:
    """Write the parts, their list and what the responder gives below `folder`; one event in a hundred twice."""
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    engine = open_engine(spill=folder / "spill", memory=memory)
    try:
        organise(engine)
        logins = [str(one) for (one,) in engine.execute("SELECT login_of(range) FROM range(300)").fetchall()]
        [(key,)] = engine.execute("SELECT key_of('AKIA', 2, 0)").fetchall()
        plant(engine, [*incident(key), *ledger.rotations(logins)])
        parts = [part for source in SOURCES for part in _source_parts(engine, folder / "parts", source, events)]
        ledger.write_given(folder, key, logins)
    finally:
        engine.close()
    written = Lake(events, made_from(events), parts)
    (folder / LIST).write_bytes(msgspec.json.format(msgspec.json.encode(written)))
    return written


def made_from(events: int) -> str:
    """A hash of everything that the bytes of a lake of this size follow from."""
    digest = hashlib.sha256(f"{events}/{SEED}/{PART_ROWS}/{duckdb.__version__}/{EVENTS}/{judged('part')}".encode())
    for path in sorted([*HERE.glob("*.sql"), *HERE.glob("ordinary/*.sql"), *(HERE / name for name in _SHAPING)]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def found(folder: Path, events: int) -> Lake | None:
    """The lake of that size that lies in the folder already, if it is as it would be written now."""
    try:
        lake = msgspec.json.decode((folder / LIST).read_bytes(), type=Lake)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    here = all((folder / "parts" / part.name).is_file() for part in lake.parts)
    return lake if here and lake.made_from == made_from(events) else None


def _source_parts(engine: duckdb.DuckDBPyConnection, folder: Path, source: Source, events: int) -> Iterator[Part]:
    listed = list(exports(hours(round(events * source.share))))
    repeated = max(2, round(100 * (len(listed) - 1) / len(listed)))
    engine.execute("CREATE OR REPLACE TEMP TABLE before AS SELECT * FROM no_events")
    for number, stretch in enumerate(listed):
        sha256 = hashlib.sha256(f"{source.name}/{number}".encode()).hexdigest()
        path = folder / f"{source.name}-{number:06}-{sha256[:12]}-0000.parquet"
        rows = _write_part(engine, path, source, stretch, sha256, repeated)
        engine.execute("CREATE OR REPLACE TEMP TABLE before AS SELECT * FROM part")
        yield Part(path.name, source.name, sha256, rows)


def _write_part(
    engine: duckdb.DuckDBPyConnection, path: Path, source: Source, stretch: list[Hour], sha256: str, every: int
) -> int:
    happen(engine, source, stretch)
    given = {"told": ordinary(source), "source": literal(source.name), "evidence": literal(f"{sha256[:32]}.0")}
    given |= {"from": str(stretch[0].began), "until": str(stretch[-1].began), "every": str(every)}
    given |= {"columns": ", ".join(_column(name) for name in EVENTS.columns)}
    engine.execute(f"CREATE OR REPLACE TEMP TABLE part AS {filled(_PART, given)}")
    engine.execute(
        f"COPY (FROM ({judged('part')}) ORDER BY time, event_uid) TO {literal(str(path))} "
        "(FORMAT parquet, COMPRESSION zstd)"
    )
    [(rows,)] = engine.execute("SELECT count(*) FROM part").fetchall()
    return int(rows)


def _column(name: str) -> str:
    """Only a source that states no zone says that it is assumed."""
    return "coalesce(time_assumed, FALSE) AS time_assumed" if name == "time_assumed" else quoted(name)
