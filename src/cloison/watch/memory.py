"""What is remembered of events that are gone, so that what follows is judged as if they were still there?

Two tables, from which the very SQL of `investigate` reads:

- `habit`: of each act of each principal from each address with each client, its first day and its last.
  `recent` are the acts that are not taken up in it yet.
- `kept`: the few events that later ones are held against: what ended, gave or made a credential, account or grant, and
  the first use of each exposed credential.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import orjson
import pyarrow as pa

from cloison.hunt.context import DAYS
from cloison.ocsf.events import EVENTS
from cloison.sources.paths import quoted

HABITS, KEPT, SESSIONS = 1_000_000, 100_000, 200_000
"""So many rows are remembered at most; then the tenth that is oldest is forgotten, and that is said."""

SHARES = 6
"""In so many shares of the principals is remembered what moved: all at once would hold a batch up."""

_GATHER = 10_000
"""So many rows of what is recent are left as they came at least."""

_SAME = ("source", "system", "principal", "src_ip", "user_agent", "class_uid", "activity_id", "object", "succeeded")
_IN_SESSION = ("source", "system", "principal", "src_ip", "user_agent", "vendor_session_uid")
_HABIT = {
    "name": "VARCHAR",
    **{name: DAYS.sql_columns()[name] for name in dict.fromkeys((*_SAME, *_IN_SESSION))},
    "first_day": "BIGINT",
    "first_at": "TIMESTAMP",
    "first_till": "TIMESTAMP",
    "first_event_uid": "VARCHAR",
    "last_day": "BIGINT",
    "last_from": "TIMESTAMP",
    "last_at": "TIMESTAMP",
    "last_event_uid": "VARCHAR",
    "events": "BIGINT",
    "hours": "BIGINT",
    "actor_type": "VARCHAR",
}
_EVENT = ", ".join(map(quoted, EVENTS.columns))
WORTH = """(rotation_rule IS NOT NULL OR minted_credential_uid IS NOT NULL
  OR (status_id = 1 AND class_uid IN (3001, 3005, 3006) AND activity_id IN (1, 2, 3, 7))
  OR (status_id = 1 AND class_uid = 6002 AND activity_id = 1 AND target_app IS NOT NULL))"""
"""Which events are kept: what ends, gives or makes a credential, an account or a grant, or installs an app."""

_ACT = ("thread", "day", "class_uid", "activity_id", "object", "succeeded")
_SUMMED = {
    "first_at": "min(first_at)",
    "last_at": "max(last_at)",
    "events": "sum(events)",
    "hours": "bit_or(hours)",
    "actor_type": "max(actor_type)",
    "first_event_uid": "min_by(first_event_uid, struct_pack(t := first_at, e := first_event_uid))",
}
_GATHERED = f"""SELECT {
    ", ".join(name if name in _ACT else f"{_SUMMED.get(name, f'any_value({name})')} AS {name}" for name in DAYS.columns)
} FROM recent GROUP BY {", ".join(_ACT)}"""

_FIRST_USES = """SELECT min_by(e.event_uid, struct_pack(t := e.time, e := e.event_uid))
  FROM events AS e JOIN exposed AS x ON CASE WHEN x.is_account THEN x.principal = e.principal AND x.system = e.system
    ELSE x.credential_uid = e.credential_uid AND NOT x.named END
  WHERE e.status_id = 1 AND x.found_uid IS NULL AND e.time >= coalesce(x.exposed_at, e.time) GROUP BY x.exposed_uid"""


@dataclass(frozen=True)
class Learnt:
    """What a batch adds to memory, by name."""

    habits: list[tuple[str, bytes]]
    kept: list[tuple[str, bytes]]


class Memory:
    """The two tables, in an engine."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        self._engine = engine
        self._gather_at = _GATHER
        self._turn = 0
        engine.execute(f"CREATE TABLE habit ({_listed(_HABIT)})")
        engine.execute(f"CREATE TABLE kept ({_listed(EVENTS.sql_columns())})")
        engine.execute(f"CREATE TABLE recent ({_listed(DAYS.sql_columns())})")

    def load(self, habits: Iterable[bytes], kept: Iterable[bytes]) -> None:
        """Remember again what was learnt in an earlier run."""
        for table, columns, bodies in (("habit", _HABIT, habits), ("kept", EVENTS.sql_columns(), kept)):
            rows = [orjson.loads(body) for body in bodies]
            if not rows:
                continue
            self._engine.register("coming", pa.table({name: _texts(rows, name, columns[name]) for name in columns}))
            read = ", ".join(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in columns.items())
            self._engine.execute(f"INSERT INTO {table} SELECT {read} FROM coming")
            self._engine.unregister("coming")

    def recall(self) -> None:
        """Make `days` of the table `new_days` and of what is remembered of those whom the batch is about."""
        self._engine.execute(
            """CREATE OR REPLACE TEMP TABLE asked AS
            SELECT DISTINCT system, principal FROM new_days
            UNION SELECT system, target_principal FROM events WHERE target_principal IS NOT NULL"""
        )
        near = "SEMI JOIN asked AS a ON a.system = h.system AND a.principal = h.principal"
        days = ", ".join(map(quoted, DAYS.columns))
        self._engine.execute(
            f"""CREATE OR REPLACE TEMP TABLE near AS SELECT h.* FROM habit AS h {near};
            CREATE OR REPLACE TEMP TABLE days AS {_remembered("near")}
            UNION ALL SELECT {days} FROM recent AS h {near} UNION ALL SELECT {days} FROM new_days"""
        )

    def learn(self) -> Learnt:
        """Take the batch up: its `new_days`, and those of `events` that are worth it. What is new of that."""
        first_uses = "event_uid IN (SELECT event_uid FROM marks WHERE credential_first_use)"
        learnt = self._learn("new_days", first_uses, events="0")  # they are counted when `recent` is taken up
        self._take_up()
        return learnt

    def _take_up(self) -> None:
        """Add `new_days` to what is recent; what is of one thread, day and act is one row again when there are many."""
        days = ", ".join(map(quoted, DAYS.columns))
        self._engine.execute(f"INSERT INTO recent SELECT {days} FROM new_days")
        if self._count("recent") > self._gather_at:
            self._engine.execute(f"CREATE OR REPLACE TEMP TABLE gathered AS {_GATHERED}")
            self._engine.execute(f"TRUNCATE recent; INSERT INTO recent SELECT {days} FROM gathered")
            self._gather_at = max(_GATHER, 2 * self._count("recent"))

    def _count(self, table: str, held: str = "TRUE") -> int:
        found = self._engine.execute(f"SELECT count(*) FROM {table} WHERE {held}").fetchone()
        return int(found[0]) if found else 0

    def seed(self) -> Learnt:
        """Take a lake up: its `days`, and those of its `events` that are worth it."""
        learnt = self._learn("days", f"event_uid IN ({_FIRST_USES})", events="events")
        self._engine.execute("DROP TABLE days")
        return learnt

    def _learn(self, days: str, worth: str, *, events: str) -> Learnt:
        self._engine.execute(
            f"""CREATE OR REPLACE TEMP TABLE new_habits AS
            SELECT * REPLACE ({events} AS events) FROM ({_habits(days)}) ANTI JOIN habit USING (name)"""
        )
        habits = self._rows("SELECT * FROM new_habits")
        if habits:
            self._engine.execute("INSERT INTO habit SELECT * FROM new_habits")
        self._engine.execute(
            f"""CREATE OR REPLACE TEMP TABLE coming_kept AS
            SELECT {_EVENT} FROM events WHERE ({WORTH} OR {worth})
              AND event_uid NOT IN (SELECT event_uid FROM kept)
            QUALIFY row_number() OVER (PARTITION BY event_uid ORDER BY evidence_uid, record_offset) = 1"""
        )
        kept = self._rows("SELECT * FROM coming_kept")
        if kept:
            self._engine.execute("INSERT INTO kept SELECT * FROM coming_kept")
        return Learnt(habits, kept)

    def late(self, *, whole: bool = False) -> list[tuple[str, bytes]]:
        """The habits of which only the last day moved since it was asked: nothing is new if that is lost.

        Those of a share of the principals, which is another each time; of the `whole` if it is said.
        """
        self._turn = (self._turn + 1) % SHARES
        asked = "TRUE" if whole else f"hash(system, principal) % {SHARES} = {self._turn}"
        moved = _habits(f"(FROM recent WHERE {asked})")
        self._engine.execute(f"CREATE OR REPLACE TEMP TABLE moved AS {moved}")
        self._engine.execute(
            """UPDATE habit SET
              last_from = CASE WHEN m.last_day > habit.last_day THEN m.last_from ELSE habit.last_from END,
              last_event_uid = CASE WHEN m.last_day > habit.last_day THEN m.last_event_uid
                ELSE habit.last_event_uid END,
              last_at = greatest(habit.last_at, m.last_at), last_day = greatest(habit.last_day, m.last_day),
              events = habit.events + m.events, hours = habit.hours | m.hours,
              actor_type = coalesce(greatest(habit.actor_type, m.actor_type), habit.actor_type, m.actor_type)
            FROM moved AS m WHERE m.name = habit.name"""
        )
        rows = self._rows("SELECT h.* FROM habit AS h SEMI JOIN moved AS m ON m.name = h.name")
        self._engine.execute(f"DELETE FROM recent WHERE {asked}")
        return rows

    def forget(self) -> tuple[list[str], list[str]]:
        """Forget what is oldest where there is too much: the names of habits and of kept events."""
        habits = self._oldest("habit", "name", "last_at", HABITS, "TRUE")
        habits += self._oldest("habit", "name", "last_at", SESSIONS, "vendor_session_uid <> ''")
        return habits, self._oldest("kept", "event_uid", "time", KEPT, "TRUE")

    def _oldest(self, table: str, name: str, by: str, most: int, held: str) -> list[str]:
        count = self._count(table, held)
        if count <= most:
            return []
        self._engine.execute(
            f"CREATE OR REPLACE TEMP TABLE oldest AS SELECT {name} AS name FROM {table} WHERE {held} "
            f"ORDER BY {by}, {name} LIMIT {count - most + most // 10}"
        )
        names = [str(one) for (one,) in self._engine.execute("SELECT name FROM oldest").fetchall()]
        self._engine.execute(f"DELETE FROM {table} WHERE {name} IN (SELECT name FROM oldest)")
        return names

    def _rows(self, asked: str) -> list[tuple[str, bytes]]:
        read = self._engine.execute(asked)
        names = [column[0] for column in read.description]
        return [(str(row[0]), orjson.dumps(dict(zip(names, row, strict=True)))) for row in read.fetchall()]


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())


def _texts(rows: list[dict[str, object]], name: str, kind: str) -> pa.Array:
    values = [row.get(name) for row in rows]
    if kind.endswith("[]"):
        return pa.array(values, pa.list_(pa.string()))
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _habits(days: str) -> str:
    """The rows of `habit` that rows of `days` make: one for each act, and one for each session that succeeded."""
    return f"{_grouped(days, 'act', _SAME, 'TRUE')} UNION ALL " + _grouped(
        days, "session", _IN_SESSION, "vendor_session_uid <> '' AND succeeded = 1"
    )


def _grouped(days: str, word: str, key: tuple[str, ...], held: str) -> str:
    parts = ", ".join(f"coalesce(CAST({name} AS VARCHAR), chr(30))" for name in key)
    named = f"md5(concat_ws(chr(31), '{word}', {parts}))"
    begun, ended = "struct_pack(d := day, t := first_at, e := first_event_uid)", "struct_pack(d := day, t := last_at)"
    same = ", ".join(
        quoted(name)
        if name in key
        else f"arg_min({quoted(name)}, {begun}) AS {quoted(name)}"
        if word == "session"
        else "''"
        for name in dict.fromkeys((*_SAME, *_IN_SESSION))
    )
    return f"""SELECT {named} AS name, {same},
      min(day) AS first_day, min(first_at) AS first_at, arg_min(last_at, {begun}) AS first_till,
      arg_min(first_event_uid, {begun}) AS first_event_uid, max(day) AS last_day,
      arg_max(first_at, {ended}) AS last_from, max(last_at) AS last_at,
      arg_max(first_event_uid, {ended}) AS last_event_uid, sum(events) AS events,
      bit_or(hours) AS hours, max(actor_type) AS actor_type
    FROM {days} WHERE {held} GROUP BY {", ".join(map(quoted, key))}"""


def _remembered(habits: str) -> str:
    """The rows of `days` that habits stand for: the first day of each, and the last."""
    own = {
        "thread": "0",
        "day": "{0}_day",
        "first_at": "CASE WHEN '{0}' = 'first' THEN first_at ELSE last_from END",
        "last_at": "CASE WHEN '{0}' = 'first' AND first_day < last_day THEN first_till ELSE last_at END",
        "first_event_uid": "{0}_event_uid",
        "events": "CASE WHEN '{0}' = 'first' AND first_day < last_day THEN 1 ELSE events END",
    }
    picked = ", ".join(f"{own.get(name, quoted(name))} AS {quoted(name)}" for name in DAYS.columns)
    return (
        f"SELECT {picked.format('first')} FROM {habits} UNION ALL "
        f"SELECT {picked.format('last')} FROM {habits} WHERE last_day > first_day"
    )
