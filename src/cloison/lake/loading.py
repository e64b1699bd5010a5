"""How does the engine make a part of the lake out of records that wait, and which of them does it doubt?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa

from cloison.lake.folding import FOLDED, fold
from cloison.lake.repeats import judged
from cloison.lake.statements import statement
from cloison.lake.waiting import Row, Waiting, waiting
from cloison.model.limits import LIMITS
from cloison.ocsf.events import EVENTS
from cloison.sources.mapping import Mapping
from cloison.sources.paths import EACH, literal, parse_path, quoted

EARLIEST, LATEST = "1990-01-01", "2100-01-01"
"""A time outside is not understood: no log here is so old, and one record must not stretch a table over ages."""

_UNSURE = f"""SELECT evidence_uid, record_offset FROM chunk
WHERE NOT _sure OR time IS NULL OR time < TIMESTAMP '{EARLIEST}' OR time >= TIMESTAMP '{LATEST}'"""
_FAULTS = (duckdb.DataError, duckdb.InvalidInputException, UnicodeDecodeError)
_NO_TIME = "its time is missing or not understood"
_TOO_WIDE = "SELECT evidence_uid, record_offset FROM chunk WHERE record_part < 0"
_WIDE = f"it tells more than {LIMITS.record_events} events"
_MOVING = "SELECT 1 FROM (SELECT time < lag(time) OVER () AS earlier FROM chunk) WHERE earlier LIMIT 1"
_REPEATING = """SELECT 1 FROM chunk
HAVING count(*) > count(DISTINCT event_uid) OR count(CASE WHEN phase = 'end' THEN 1 END) > 0"""
_JUDGED = f"""SELECT c.*, j.superseded FROM whole AS c JOIN (
  SELECT evidence_uid AS e, record_offset AS o, coalesce(record_part, 0) AS n, superseded FROM ({judged("whole")})
) AS j ON j.e = c.evidence_uid AND j.o = c.record_offset AND j.n = coalesce(c.record_part, 0)"""
_UNFOLDED = "SELECT evidence_uid, count(*) FROM chunk WHERE record_part > 0 GROUP BY ALL"
_TYPES = EVENTS.sql_columns()

Keep = Callable[[duckdb.DuckDBPyConnection, str, str], None]
"""Keeps the rows of a query, of the columns of `repeats.PART`, under a part's name."""


def in_parts(folder: Path) -> Keep:
    """Keeps rows as a Parquet file in a folder."""

    def keep(engine: duckdb.DuckDBPyConnection, rows: str, part: str) -> None:
        engine.execute(f"COPY ({rows}) TO {literal(str(folder / part))} (FORMAT parquet, COMPRESSION zstd)")

    return keep


@dataclass
class Loaded:
    """What became of rows: refused and why, to be judged by themselves, stored of each evidence, in this part.

    `unfolded` says of each evidence how many events its records tell beyond the first.
    """

    part: str
    refused: list[tuple[Row, str]] = field(default_factory=list)
    doubtful: list[Row] = field(default_factory=list)
    stored: list[tuple[str, int]] = field(default_factory=list)
    unfolded: list[tuple[str, int]] = field(default_factory=list)


class Loader:
    """Maps rows of one carrier at a time into parts, which `keep` keeps.

    `dated` says by when a stream of evidence was written, in UTC without a zone.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, keep: Keep, dated: dict[str, datetime]) -> None:
        self._engine, self._keep, self._dated = engine, keep, dated
        engine.execute("SET disabled_optimizers = 'in_clause'")  # a join for every list of words is dear

    def load(self, given: Waiting, part: str) -> Loaded:
        """Map what waits, put aside what does not show its carrier's signs, and keep the rest."""
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
        made = f"CREATE OR REPLACE TEMP TABLE chunk AS SELECT *{silent} FROM ({mapping.select})"
        self._engine.execute(statement(made))
        self._engine.unregister("framed")

    def _dates(self) -> pa.Table:
        known = dict(self._dated)
        columns = {"e": pa.array(list(known), pa.string()), "m": pa.array([*known.values()], pa.timestamp("us"))}
        return pa.table(columns)

    def _put_aside(self, given: Waiting, loaded: Loaded) -> None:
        """Records that do not show their carrier's signs are to be judged one by one; the rest stands."""
        asked = {_WIDE: _TOO_WIDE} if given.mapping.carrier.each is not None else {}
        for reason, query in (asked | {_NO_TIME: _UNSURE}).items():
            aside = self._taken_out(given, query)
            loaded.refused += [(row, reason) for row in aside if row.sure]
            loaded.doubtful += [row for row in aside if not row.sure]

    def _taken_out(self, given: Waiting, asked: str) -> list[Row]:
        """The records at the places that a query finds, taken out of `chunk`."""
        found: dict[str, set[int]] = {}
        for uid, offset in self._engine.execute(asked).fetchall():
            found.setdefault(uid, set()).add(offset)
        if not found:
            return []
        rows = list(given.rows(found))
        places = {"e": [row.evidence_uid for row in rows], "o": [row.offset for row in rows]}
        self._engine.register("doubtful", pa.table(places))
        self._engine.execute(
            "DELETE FROM chunk USING doubtful AS d WHERE chunk.evidence_uid = d.e AND chunk.record_offset = d.o"
        )
        self._engine.unregister("doubtful")
        return rows

    def _store(self, mapping: Mapping, loaded: Loaded) -> None:
        loaded.stored = self._engine.execute("SELECT evidence_uid, count(*) FROM chunk GROUP BY ALL").fetchall()
        if not loaded.stored:
            return
        if mapping.carrier.each is not None:
            loaded.unfolded = self._engine.execute(_UNFOLDED).fetchall()
        columns = ", ".join([*_typed(mapping), *_traced(mapping)])
        held = f"{columns}, _folded" if mapping.spec.fold else columns
        self._engine.execute(f"CREATE OR REPLACE TEMP VIEW whole AS SELECT {held} FROM chunk")
        superseded = f"CASE WHEN _folded THEN '{FOLDED}' ELSE superseded END" if mapping.spec.fold else "superseded"
        rows = f"SELECT {columns}, {superseded} AS superseded FROM ({self._in_order()})"
        self._keep(self._engine, rows, loaded.part)

    def _in_order(self) -> str:
        """The rows of `chunk` by time, each with whether another stands for it; most chunks ask for neither work."""
        repeating, moving = (bool(self._engine.execute(asked).fetchall()) for asked in (_REPEATING, _MOVING))
        rows = _JUDGED if repeating else "SELECT *, '' AS superseded FROM chunk"
        return f"{rows} ORDER BY time, event_uid" if repeating or moving else rows


def _traced(mapping: Mapping) -> tuple[str, ...]:
    """The numbers of the rules that spoke, where a trial asks for them."""
    return ("_rule", "_rot") if mapping.traced else ()


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
    whole = {name: kind for name, kind in mapping.structure.items() if mapping.carrier.each is None or name != EACH}
    names = ", ".join(f"struct_extract(_j, {literal(name)}) AS {quoted(name)}" for name in whole)
    parsed = f"(SELECT *, json_transform(rec, {_structure(whole)}) AS _j FROM {framed})"
    if mapping.carrier.each is None:
        return f"SELECT {kept}, {names} FROM {parsed}"
    one = f"json_transform(_one, {_structure(mapping.structure[EACH])}) AS {quoted(EACH)}"
    return f"SELECT {kept}, _n, {names}, {one} FROM ({_unfolded(mapping.carrier.each, kept, parsed)})"


def _structure(kind: object) -> str:
    return literal(orjson.dumps(kind).decode())


def _unfolded(place: str, kept: str, parsed: str) -> str:
    """A row for each element of an array in the record, with its number; one where it is empty or something else."""
    path = "$" + "".join(f".{quoted(segment.name)}" for segment in parse_path(place))
    here, each = literal(path), literal(f"{path}[*]")
    listed = f"CASE WHEN json_array_length(rec, {here}) > 0 THEN json_extract(rec, {each}) END"
    alone = f"[json_extract(rec, {here})]"
    few = f"coalesce(json_array_length(rec, {here}), 0) <= {LIMITS.record_events}"
    return f"""SELECT {kept}, _j, unnest(_s) AS _one,
        unnest(CASE WHEN _few THEN range(len(_s)) ELSE [-1] END) AS _n
      FROM (SELECT *, CASE WHEN _few THEN coalesce({listed}, {alone}) ELSE [NULL] END AS _s
        FROM (SELECT *, {few} AS _few FROM {parsed}))"""


def _is_json(payload: bytes) -> bool:
    try:
        orjson.loads(payload)
    except orjson.JSONDecodeError:
        return False
    return True
