"""How do the rows that are the same at every size come among the others?"""

import hashlib
from collections.abc import Iterator

import duckdb
import pyarrow as pa

from benchmarks.lakes import ledger
from benchmarks.lakes.incident import Row
from benchmarks.lakes.life import HERE, filled
from benchmarks.lakes.rhythm import START
from cloison.ocsf.events import EVENTS
from cloison.sources.catalogue import shipped
from cloison.sources.paths import quoted

_SETTLED = (HERE / "settled.sql").read_text(encoding="utf-8")
_PLANTED_OFFSET, _SETTLED_OFFSET = 10**12, 2 * 10**12
_ARROW = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "TIMESTAMP": pa.timestamp("us"),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
}


def plant(engine: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    """Make `planted`, of the rows and of settled habits, and `no_events`: both in the columns of the lake."""
    columns = EVENTS.sql_columns()
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in columns.items()])
    engine.register("planted_rows", pa.Table.from_pylist(list(_placed(rows)), schema=schema))
    engine.execute("CREATE OR REPLACE TEMP TABLE planted AS SELECT * FROM planted_rows")
    listed = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
    engine.execute(f"CREATE OR REPLACE TEMP TABLE no_events ({listed})")
    _settle(engine)


def _placed(rows: list[Row]) -> Iterator[Row]:
    """Each row with an id and a place of its own."""
    for number, row in enumerate(rows):
        named = f"{row['source']}/planted/{number}"
        uid = hashlib.md5(named.encode(), usedforsecurity=False).hexdigest()
        place = {"event_uid": uid, "record_offset": _PLANTED_OFFSET + number * 400, "record_length": 400}
        yield row | place | _rotation(row)


def _rotation(row: Row) -> Row:
    """The rule of the source that speaks of such a record, where one does."""
    effect, source, code = row.get("rotation_effect"), str(row["source"]), str(row.get("event_code"))
    if effect is None:
        return {}
    rules = enumerate(shipped().specs[source].rotation)
    return {
        "rotation_rule": next(f"{source}/{n}" for n, one in rules if one.effect == effect and code in repr(one.when))
    }


def _settle(engine: duckdb.DuckDBPyConnection) -> None:
    given = {"start": str(START), "services": str(ledger.SERVICES_CHANGED.stop), "days": str(ledger.EXPOSED_DAY)}
    number = "row_number() OVER (ORDER BY source, time, dst_host)"
    engine.execute(
        f"""INSERT INTO planted BY NAME SELECT *, md5(concat_ws('/', source, 'settled', time, dst_host)) AS event_uid,
          400 AS record_length, {_SETTLED_OFFSET} + 400 * {number} AS record_offset
        FROM ({filled(_SETTLED, given)})"""
    )
