"""Which events do correlations still need: those that a rule described to which one refers, for its timespan?"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import duckdb
import orjson
import pyarrow as pa

from cloison.hunt.sigma.fitting import raw_table
from cloison.ocsf.events import EVENTS
from cloison.sources.paths import quoted

MOST = 50_000
"""So many of the last are kept whatever their time: logs do not come in the order of time."""

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

    def rows(self, uids: Iterable[str]) -> list[tuple[str, bytes]]:
        """What is to be remembered of these events, by their uid."""
        listed = list(uids)
        held: dict[str, dict[str, object]] = {uid: {"raw": {}} for uid in listed}
        for row in self._told(f"SELECT {_EVENT} FROM window_events", listed):
            held[str(row["event_uid"])]["event"] = row
        for row in self._told("SELECT * FROM window_matches", listed):
            held[str(row["event_uid"])].setdefault("rules", []).append(row["rule_number"])  # type: ignore[attr-defined]
        for name in self._raw:
            asked = f"""SELECT e.event_uid AS of_event, r.* FROM {_held(name)} AS r JOIN window_events AS e
              ON r.evidence_uid = e.evidence_uid AND r.record_offset = e.record_offset"""
            for row in self._told(asked, listed, "of_event"):
                held[str(row.pop("of_event"))]["raw"].setdefault(name, []).append(row)  # type: ignore[attr-defined]
        return [(uid, orjson.dumps(one)) for uid, one in held.items()]

    def load(self, bodies: Iterable[bytes]) -> None:
        """Take in what was remembered; of rules that are not there any more nothing is kept."""
        rows = [orjson.loads(body) for body in bodies]
        events = [row["event"] for row in rows if "event" in row]
        matches = [
            {"rule_number": rule, "event_uid": row["event"]["event_uid"], "time": row["event"]["time"], "place": 0}
            for row in rows
            if "event" in row
            for rule in row.get("rules", [])
            if rule in self._bases
        ]
        self._insert("window_events", EVENTS.sql_columns(), events)
        self._insert("window_matches", {**_MATCH, "place": "BIGINT"}, matches)
        for name in self._raw:
            described = self._engine.execute(f"DESCRIBE {_held(name)}").fetchall()
            raw = [one for row in rows for one in row["raw"].get(name, [])]
            self._insert(_held(name), {column[0]: column[1] for column in described}, raw)

    def forget(self) -> list[str]:
        """Forget what no correlation needs any more; the uids of those events."""
        self._engine.execute(
            f"""CREATE OR REPLACE TEMP TABLE over AS SELECT event_uid FROM (
              SELECT event_uid, max(time) AS time, max(place) AS place FROM window_matches GROUP BY event_uid)
            WHERE time < (SELECT max(time) FROM window_matches) - INTERVAL {int(self._span.total_seconds())} SECOND
            ORDER BY place DESC, time DESC, event_uid OFFSET {MOST}"""
        )
        uids = [str(uid) for (uid,) in self._engine.execute("SELECT event_uid FROM over").fetchall()]
        if uids:
            for name in self._raw:
                self._engine.execute(
                    f"""DELETE FROM {_held(name)} WHERE (evidence_uid, record_offset) IN (SELECT (evidence_uid,
                    record_offset) FROM window_events WHERE event_uid IN (SELECT event_uid FROM over))"""
                )
            self._engine.execute("DELETE FROM window_events WHERE event_uid IN (SELECT event_uid FROM over)")
            self._engine.execute("DELETE FROM window_matches WHERE event_uid IN (SELECT event_uid FROM over)")
        return uids

    def _told(self, asked: str, uids: list[str], name: str = "event_uid") -> list[dict[str, object]]:
        read = self._engine.execute(f"SELECT * FROM ({asked}) WHERE {name} IN (SELECT unnest(?))", [uids])
        names = [column[0] for column in read.description]
        return [dict(zip(names, row, strict=True)) for row in read.fetchall()]

    def _insert(self, table: str, columns: dict[str, str], rows: list[dict[str, object]]) -> None:
        if not rows:
            return
        self._engine.register("coming", pa.table({name: _texts(rows, name, kind) for name, kind in columns.items()}))
        read = ", ".join(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in columns.items())
        self._engine.execute(f"INSERT INTO {table} SELECT {read} FROM coming")
        self._engine.unregister("coming")


def _held(source: str) -> str:
    return quoted(f"window_{raw_table(source)}")


def _texts(rows: list[dict[str, object]], name: str, kind: str) -> pa.Array:
    values = [row.get(name) for row in rows]
    if kind.endswith("[]"):
        return pa.array(values, pa.list_(pa.string()))
    return pa.array([None if value is None else str(value) for value in values], pa.string())
