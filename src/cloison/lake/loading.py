"""How does the engine make a part of the lake out of records that wait, and which of them does it doubt?"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa

from cloison.lake.folding import FOLDED, fold
from cloison.lake.repeats import judged
from cloison.lake.waiting import Row, Waiting, waiting
from cloison.ocsf.events import EVENTS
from cloison.sources.mapping import Mapping
from cloison.sources.paths import literal, quoted

EARLIEST, LATEST = "1990-01-01", "2100-01-01"
"""A time outside is not understood: no log here is so old, and one record must not stretch a table over ages."""

_UNSURE = f"""SELECT evidence_uid, record_offset FROM chunk
WHERE NOT _sure OR time IS NULL OR time < TIMESTAMP '{EARLIEST}' OR time >= TIMESTAMP '{LATEST}'"""
_FAULTS = (duckdb.DataError, duckdb.InvalidInputException, UnicodeDecodeError)
_NO_TIME = "its time is missing or not understood"
_MOVING = "SELECT 1 FROM (SELECT time < lag(time) OVER () AS earlier FROM chunk) WHERE earlier LIMIT 1"
_REPEATING = """SELECT 1 FROM chunk
HAVING count(*) > count(DISTINCT event_uid) OR count(CASE WHEN phase = 'end' THEN 1 END) > 0"""
_JUDGED = f"""SELECT c.*, j.superseded FROM chunk AS c JOIN (
  SELECT evidence_uid AS e, record_offset AS o, superseded FROM ({judged("whole")})
) AS j ON j.e = c.evidence_uid AND j.o = c.record_offset"""
_TYPES = EVENTS.sql_columns()
_LOCAL = {"_sure", "_lead", "_folded"}


@dataclass
class Loaded:
    """What became of rows: refused and why, to be judged by themselves, stored of each evidence, in this part."""

    part: str
    refused: list[tuple[Row, str]] = field(default_factory=list)
    doubtful: list[Row] = field(default_factory=list)
    stored: list[tuple[str, int]] = field(default_factory=list)


class Loader:
    """Maps rows of one carrier at a time into Parquet parts below `folder`.

    `dated` says by when a stream of evidence was written, in UTC without a zone.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._engine, self._folder = engine, folder
        self.dated: dict[str, datetime] = {}
        engine.execute("SET disabled_optimizers = 'in_clause'")  # a join for every list of words is dear

    def load(self, given: Waiting, part: str) -> Loaded:
        """Map what waits, put aside what does not show its carrier's signs, and write the rest."""
        loaded = Loaded(part)
        kept = self._mapped(given, loaded)
        if kept is not None:
            self._put_aside(kept, loaded)
            if given.mapping.spec.fold:
                fold(self._engine)
            self._store(given.mapping, loaded)
        return loaded

    def _mapped(self, given: Waiting, loaded: Loaded) -> Waiting | None:
        """What stands in the table `chunk` then; on a fault, what is no JSON is put aside and the rest tried again."""
        try:
            self._map(given)
        except _FAULTS:
            rows = []
            for row in given.rows():
                if given.mapping.carrier.kind == "lines" or _is_json(row.payload):
                    rows.append(row)
                else:
                    loaded.doubtful.append(row)
            mappable = self._mappable(given.mapping, rows, loaded)
            if not mappable:
                return None
            given = waiting(given.mapping, mappable)
            if len(mappable) < len(rows):
                self._map(given)
        return given

    def _mappable(self, mapping: Mapping, rows: list[Row], loaded: Loaded) -> list[Row]:
        """The rows that the engine can map, found by halving; the others are refused."""
        if not rows:
            return []
        try:
            self._map(waiting(mapping, rows))
        except _FAULTS as fault:
            if len(rows) == 1:
                loaded.refused.append((rows[0], f"cannot be mapped: {str(fault).splitlines()[0]}"))
                return []
            half = len(rows) // 2
            return self._mappable(mapping, rows[:half], loaded) + self._mappable(mapping, rows[half:], loaded)
        return rows

    def _map(self, given: Waiting) -> None:
        mapping = given.mapping
        self._engine.register("framed", pa.Table.from_batches(given.batches()))
        if mapping.yearless:
            self._engine.register("dated", self._dates())
        self._engine.execute(f"CREATE OR REPLACE TEMP VIEW raw_records AS {_read(mapping)}")
        silent = f" EXCLUDE ({', '.join(map(quoted, mapping.silent))})" if mapping.silent else ""
        self._engine.execute(f"CREATE OR REPLACE TEMP TABLE chunk AS SELECT *{silent} FROM ({mapping.select})")
        self._engine.unregister("framed")

    def _dates(self) -> pa.Table:
        known = dict(self.dated)
        columns = {"e": pa.array(list(known), pa.string()), "m": pa.array([*known.values()], pa.timestamp("us"))}
        return pa.table(columns)

    def _put_aside(self, given: Waiting, loaded: Loaded) -> None:
        """Rows that do not show their carrier's signs are to be judged one by one; the rest stands."""
        unsure: dict[str, set[int]] = {}
        for uid, offset in self._engine.execute(_UNSURE).fetchall():
            unsure.setdefault(uid, set()).add(offset)
        if not unsure:
            return
        doubtful = list(given.rows(unsure))
        loaded.refused += [(row, _NO_TIME) for row in doubtful if row.sure]
        loaded.doubtful += [row for row in doubtful if not row.sure]
        places = {"e": [row.evidence_uid for row in doubtful], "o": [row.offset for row in doubtful]}
        self._engine.register("doubtful", pa.table(places))
        self._engine.execute(
            "DELETE FROM chunk USING doubtful AS d WHERE chunk.evidence_uid = d.e AND chunk.record_offset = d.o"
        )
        self._engine.unregister("doubtful")

    def _store(self, mapping: Mapping, loaded: Loaded) -> None:
        loaded.stored = self._engine.execute("SELECT evidence_uid, count(*) FROM chunk GROUP BY ALL").fetchall()
        if not loaded.stored:
            return
        held = [column[0] for column in self._engine.execute("SELECT * FROM chunk LIMIT 0").description]
        columns = ", ".join([*_typed(mapping), *(one for one in held if one not in _TYPES and one not in _LOCAL)])
        self._engine.execute(f"CREATE OR REPLACE TEMP VIEW whole AS SELECT {columns} FROM chunk")
        superseded = f"CASE WHEN _folded THEN '{FOLDED}' ELSE superseded END" if mapping.spec.fold else "superseded"
        self._engine.execute(
            f"COPY (SELECT {columns}, {superseded} AS superseded FROM ({self._in_order()})) "
            f"TO {literal(str(self._folder / loaded.part))} (FORMAT parquet, COMPRESSION zstd)"
        )

    def _in_order(self) -> str:
        """The rows of `chunk` by time, each with whether another stands for it; most chunks ask for neither work."""
        repeating, moving = (bool(self._engine.execute(asked).fetchall()) for asked in (_REPEATING, _MOVING))
        rows = _JUDGED if repeating else "SELECT *, '' AS superseded FROM chunk"
        return f"{rows} ORDER BY time, event_uid" if repeating or moving else rows


def _typed(mapping: Mapping) -> list[str]:
    """The columns of an event, each of its type; those that the carrier cannot fill are not in `chunk`."""
    return [
        f"CAST({'NULL' if name in mapping.silent else quoted(name)} AS {kind}) AS {quoted(name)}"
        for name, kind in _TYPES.items()
    ]


def _read(mapping: Mapping) -> str:
    """The records that wait as the mapping reads them: what has another type than it expects is NULL."""
    framed = (
        "(SELECT f.*, d.m AS _m FROM framed AS f LEFT JOIN dated AS d ON d.e = f._e)" if mapping.yearless else "framed"
    )
    kept = "_e, _o, _l, _f, _m" if mapping.yearless else "_e, _o, _l, _f"
    if mapping.carrier.kind == "lines":
        return f"SELECT {kept}, rec AS line FROM {framed}"
    structure = literal(orjson.dumps(mapping.structure).decode())
    names = ", ".join(f"struct_extract(_j, {literal(name)}) AS {quoted(name)}" for name in mapping.structure)
    return f"SELECT {kept}, {names} FROM (SELECT *, json_transform(rec, {structure}) AS _j FROM {framed})"


def _is_json(payload: bytes) -> bool:
    try:
        orjson.loads(payload)
    except orjson.JSONDecodeError:
        return False
    return True
