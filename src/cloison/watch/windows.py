"""Which events do correlations still need: those that a rule described to which one refers, for its timespan?"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import duckdb
import msgspec
import pyarrow as pa

from cloison.hunt.sigma.fitting import raw_table
from cloison.ocsf.events import EVENTS
from cloison.sources.paths import quoted

MOST = 50_000
"""So many matches are kept at most: the last."""

_LATE = 100
"""What came with the last so many batches is kept whatever its time: logs do not come in the order of time."""

_EVENT = ", ".join(map(quoted, EVENTS.columns))
_MATCH = {"rule_number": "BIGINT", "event_uid": "VARCHAR", "time": "TIMESTAMP"}


class Window:
    """The matches of some rules and their events, with what rules read of their raw records.

    Args:
        engine: in which `detected`, `events` and the raw tables are made.
        bases: the numbers of the rules.
        span: the longest timespan.
        raw: the sources of whose raw records something is read.
    """

    def __init__(
        self, engine: duckdb.DuckDBPyConnection, bases: frozenset[int], span: timedelta, raw: Sequence[str]
    ) -> None:
        self._engine, self._bases, self._span, self._raw = engine, bases, span, raw
        events = ", ".join(f"{quoted(name)} {kind}" for name, kind in EVENTS.sql_columns().items())
        matches = ", ".join(f"{name} {kind}" for name, kind in _MATCH.items())
        engine.execute(f"CREATE TABLE window_events ({events}); CREATE TABLE window_matches ({matches}, place BIGINT)")
        for name in raw:
            engine.execute(f"CREATE TEMP TABLE {_held(name)} AS SELECT * FROM {quoted(raw_table(name))} LIMIT 0")
        self._place = 0

    @property
    def needed(self) -> bool:
        """Whether any correlation asks for it."""
        return bool(self._bases)

    def add(self) -> list[str]:
        """Take in what `detected` says of the batch; the uids of events that are new."""
        listed = ", ".join(map(str, sorted(self._bases))) or "NULL"
        self._engine.execute(
            f"""CREATE OR REPLACE TEMP TABLE coming_matches AS
            SELECT DISTINCT rule_number, event_uid, time FROM detected WHERE rule_number IN ({listed})
            EXCEPT SELECT rule_number, event_uid, time FROM window_matches"""
        )
        found = self._engine.execute("SELECT DISTINCT event_uid FROM coming_matches").fetchall()
        uids = [str(uid) for (uid,) in found]
        if not uids:
            return []
        self._place += 1
        chosen = "event_uid IN (SELECT event_uid FROM coming_matches)"
        for name in self._raw:
            self._engine.execute(
                f"""INSERT INTO {_held(name)} SELECT DISTINCT r.* FROM {quoted(raw_table(name))} AS r JOIN events AS e
                ON r.evidence_uid = e.evidence_uid AND r.record_offset = e.record_offset WHERE e.{chosen}"""
            )
        self._engine.execute(
            f"""INSERT INTO window_events SELECT {_EVENT} FROM events
            WHERE {chosen} AND event_uid NOT IN (SELECT event_uid FROM window_events)
            QUALIFY row_number() OVER (PARTITION BY event_uid ORDER BY evidence_uid, record_offset) = 1;
            INSERT INTO window_matches SELECT *, {self._place} FROM coming_matches"""
        )
        return uids

    def show(self) -> None:
        """Let `events`, the raw tables and `detected` be those of the window alone."""
        self._engine.execute(f"CREATE OR REPLACE TEMP VIEW events AS SELECT {_EVENT} FROM window_events")
        for name in self._raw:
            here = quoted(raw_table(name))
            self._engine.execute(f"DELETE FROM {here}; INSERT INTO {here} SELECT * FROM {_held(name)}")
        self._engine.execute(
            """DELETE FROM detected;
            INSERT INTO detected
            SELECT rule_number, event_uid, time, '', 1, time, time, event_uid FROM window_matches"""
        )

    def rows(self) -> list[tuple[str, bytes]]:
        """What was taken in last, to be remembered, under its number."""
        chosen = f"event_uid IN (SELECT event_uid FROM window_matches WHERE place = {self._place})"
        tables = {
            "matches": f"SELECT * FROM window_matches WHERE place = {self._place}",
            "events": f"SELECT * FROM window_events WHERE {chosen}",
        }
        for name in self._raw:
            places = f"SELECT evidence_uid, record_offset FROM window_events WHERE {chosen}"
            tables[name] = f"SELECT * FROM {_held(name)} SEMI JOIN ({places}) USING (evidence_uid, record_offset)"
        held = {name: _packed(self._engine.sql(asked).to_arrow_table()) for name, asked in tables.items()}
        return [(f"{self._place:012}", msgspec.msgpack.encode(held))]

    def load(self, bodies: Iterable[tuple[str, bytes]]) -> None:
        """Take in what was remembered; of rules that are not there any more nothing is kept."""
        listed = ", ".join(map(str, sorted(self._bases))) or "NULL"
        for name, body in bodies:
            held = msgspec.msgpack.decode(body, type=dict[str, bytes])
            self._insert("window_matches", held["matches"], f"WHERE rule_number IN ({listed})")
            self._insert("window_events", held["events"], "ANTI JOIN window_events USING (event_uid)")
            for source in self._raw:
                if source in held:
                    self._insert(_held(source), held[source])
            self._place = max(self._place, int(name))

    def forget(self) -> list[str]:
        """Forget what no correlation needs any more, and the oldest where there is too much; the numbers of that."""
        self._engine.execute(
            f"""CREATE OR REPLACE TEMP TABLE over AS SELECT place FROM (
              SELECT place, max(time) AS till, sum(count(*)) OVER (ORDER BY place DESC) AS above
              FROM window_matches GROUP BY place)
            WHERE above > {MOST} OR (place < {self._place} - {_LATE} AND till <
              (SELECT max(time) FROM window_matches) - INTERVAL {int(self._span.total_seconds())} SECOND)"""
        )
        places = [f"{place:012}" for (place,) in self._engine.execute("SELECT place FROM over").fetchall()]
        if places:
            self._engine.execute(
                """DELETE FROM window_matches WHERE place IN (SELECT place FROM over);
                DELETE FROM window_events WHERE event_uid NOT IN (SELECT event_uid FROM window_matches)"""
            )
            for name in self._raw:
                self._engine.execute(
                    f"""CREATE OR REPLACE TEMP TABLE {_held(name)} AS SELECT r.* FROM {_held(name)} AS r SEMI JOIN
                    window_events USING (evidence_uid, record_offset)"""
                )
        return places

    def _insert(self, table: str, packed: bytes, held: str = "") -> None:
        self._engine.register("coming", pa.ipc.open_stream(packed).read_all())
        self._engine.execute(f"INSERT INTO {table} BY NAME SELECT * FROM coming {held}")
        self._engine.unregister("coming")


def _packed(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _held(source: str) -> str:
    return quoted(f"window_{raw_table(source)}")
