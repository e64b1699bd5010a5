"""Which events do correlations still need: those of their parts, group by group, for each one's timespan?

Of an event only that is kept which a correlation reads of it, as soon as its batch is read: its groups, its value, and
what a message says. A batch then asks only those correlations, and of these only those groups, that it adds to.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

from cloison.hunt.sigma.correlating import Completed, Correlated, Part, at_least_sql, complete, members_sql
from cloison.lake.analysis import append
from cloison.ocsf.events import EVENTS
from cloison.sources.paths import quoted
from cloison.watch.message import id_of

MOST = 100_000
"""So many events of one part of a correlation are kept at most: those that came last."""

LATE = 50
"""What came with the last so many batches is kept whatever its time: logs do not come in the order of time."""

BESIDE = (
    "source",
    "system",
    "principal",
    "target_principal",
    "target_group",
    "src_ip",
    "evidence_uid",
    "record_offset",
    "record_length",
)
"""What a message says of an event."""

_MEMBER = {
    "part": "INTEGER",
    "shared": "VARCHAR[]",
    "time": "TIMESTAMP",
    "event_uid": "VARCHAR",
    "value": "VARCHAR",
    **{name: EVENTS.sql_columns()[name] for name in BESIDE},
    "place": "BIGINT",
}
_KEPT = ", ".join(map(quoted, [name for name in _MEMBER if name not in {"part", "place"}]))
_TOLD = {"number": "INTEGER", "shared": "VARCHAR[]", "time": "TIMESTAMP", "event_uid": "VARCHAR"}
"""Which event completed a correlation, and for which group."""
_HASHES = {"group_hash": "hash(shared)", "member_hash": "hash(part, event_uid, shared)"}
_HASHED = ", ".join(f"{sql} AS {name}" for name, sql in _HASHES.items())
"""What is looked for first, as numbers are found sooner than lists: what has the same is then compared whole."""


@dataclass(frozen=True)
class _Numbered:
    """A part with its number among all, and a name that is the same as long as it reads the same of the same."""

    number: int
    name: str
    part: Part


@dataclass(frozen=True)
class Forgotten:
    """What a window let go: the names under which it was remembered, and the correlations that had too many events."""

    names: list[str] = field(default_factory=list)
    crowded: list[Correlated] = field(default_factory=list)


class Window:
    """The events of the parts of correlations.

    Args:
        engine: in which `detected`, `events`, their context and the raw tables are made.
        correlated: the correlations, those that others refer to first.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, correlated: Sequence[Correlated]) -> None:
        self._engine, self._correlated = engine, correlated
        self._parts = {one.number: list(_numbered(one, n * 1_000)) for n, one in enumerate(correlated)}
        self._inner = frozenset(part.number for one in correlated for part in one.parts) & frozenset(self._parts)
        self._names = {one.number: one.name for parts in self._parts.values() for one in parts}
        columns = {**_MEMBER, **dict.fromkeys(_HASHES, "UBIGINT")}
        listed = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
        engine.execute(f"CREATE TABLE window_members ({listed})")
        listed = ", ".join(f"{name} {kind}" for name, kind in _TOLD.items())
        engine.execute(f"CREATE TABLE window_told ({listed})")
        self._place = 0
        self._reached: datetime | None = None
        self._waiting = frozenset(one.number for one in correlated if one.correlation.asked.denies)

    def add(self) -> bool:
        """Take in what `detected` says of the batch; whether anything of that is new."""
        ((latest,),) = self._engine.execute("SELECT max(time) FROM events").fetchall()
        self._reached = max(filter(None, (self._reached, latest)), default=None)
        rows = self._engine.execute("SELECT DISTINCT rule_number FROM detected").fetchall()
        described = frozenset(int(number) for (number,) in rows)
        coming = [one for parts in self._parts.values() for one in parts if one.part.leaves & described]
        if not coming:
            return False
        self._place += 1
        each = " UNION ALL ".join(
            f"SELECT {one.number} AS part, * FROM ({members_sql(one.part, one.part.leaves, BESIDE)})" for one in coming
        )
        self._engine.execute(
            f"""CREATE OR REPLACE TEMP TABLE coming_members AS
            SELECT *, {_HASHED} FROM (
              SELECT DISTINCT ON (part, shared, event_uid) part, {_KEPT}, {self._place} AS place FROM ({each})
              WHERE NOT lacking ORDER BY evidence_uid, record_offset)"""
        )
        self._engine.execute(
            """INSERT INTO window_members SELECT * FROM coming_members WHERE (part, event_uid, shared) NOT IN (
              SELECT part, event_uid, shared FROM window_members
              WHERE member_hash IN (SELECT member_hash FROM coming_members))"""
        )
        return bool(self._added())

    def correlate(self, *, new: bool) -> None:
        """Add to `detected` what those correlations make of it that the last batch added to, or that wait for time."""
        added = self._added() if new else frozenset[int]()
        touched = [
            one
            for one in self._correlated
            if one.number in self._waiting or any(part.number in added for part in self._parts[one.number])
        ]
        wanted = {part.number for one in touched for part in one.parts} | {one.number for one in touched}
        for one in self._correlated:
            if one.number in wanted:
                self._engine.execute(f"CREATE OR REPLACE TEMP TABLE correlating AS {self._members(one)}")
                done = complete(self._engine, one, self._reached)
                self._waiting = self._waiting | {one.number} if done.waits else self._waiting - {one.number}
                if one.correlation.asked.lasts and self._alone(one):
                    self._note_told(one.number, done)

    def _note_told(self, number: int, done: Completed) -> None:
        if done.counted:
            self._engine.execute(f"INSERT INTO window_told SELECT {number}, shared, time, event_uid FROM counting")
        rows = [(number, list(shared), one.completed.time, one.completed.event_uid) for shared, one in done.passed]
        append(self._engine, "window_told", _TOLD, rows)

    def rows(self) -> list[tuple[str, bytes]]:
        """What was taken in last, to be remembered, part by part."""
        return [
            (
                self._remembered(self._place, number),
                _packed(
                    self._engine.sql(
                        f"SELECT {_KEPT} FROM window_members WHERE place = {self._place} AND part = {number}"
                    ).to_arrow_table()
                ),
            )
            for number in sorted(self._added())
        ]

    @property
    def waits(self) -> bool:
        """Whether a correlation has found what an event to come may deny."""
        return bool(self._waiting)

    def load(self, bodies: Iterable[tuple[str, bytes]]) -> list[str]:
        """Take in what was remembered; the names of what is of no part that there is now."""
        numbers = {name: number for number, name in self._names.items()}
        lost = []
        for name, body in bodies:
            place, _, part = name.partition("-")
            if part not in numbers:
                lost.append(name)
                continue
            self._engine.register("coming", pa.ipc.open_stream(body).read_all())
            self._engine.execute(
                f"""INSERT INTO window_members SELECT *, {_HASHED}
                FROM (SELECT {numbers[part]} AS part, {_KEPT}, {int(place)} AS place FROM coming)"""
            )
            self._engine.unregister("coming")
            self._place = max(self._place, int(place))
        return lost

    def forget(self) -> Forgotten:
        """Forget what no correlation needs any more, and what came first of a part where there is too much."""
        spans = [(one, numbered) for one in self._correlated for numbered in self._parts[one.number]]
        if not spans:
            return Forgotten()
        self._forget_told()
        listed = ", ".join(f"({n.number}, {int(one.correlation.asked.span.total_seconds())})" for one, n in spans)
        self._engine.execute(
            f"""CREATE OR REPLACE TEMP TABLE over AS
            WITH places AS (
              SELECT part, place, max(time) AS till, max(max(time)) OVER (PARTITION BY part) AS latest,
                sum(count(*)) OVER (PARTITION BY part ORDER BY place DESC) - count(*) AS later
              FROM window_members GROUP BY part, place
            ), judged AS (
              SELECT part, place, till < latest - to_seconds(seconds) AS past, later >= {MOST} AS crowded
              FROM places JOIN (VALUES {listed}) AS s (part, seconds) USING (part)
            )
            SELECT part, place, crowded AND NOT past AS crowded FROM judged
            WHERE crowded OR (past AND place <= {self._place - LATE})"""
        )
        rows = self._engine.execute("SELECT part, place, crowded FROM over").fetchall()
        if not rows:
            return Forgotten()
        self._engine.execute("DELETE FROM window_members WHERE (part, place) IN (SELECT part, place FROM over)")
        crowded = {part for part, _, over in rows if over}
        return Forgotten(
            [self._remembered(place, part) for part, place, _ in rows],
            [one for one in self._correlated if any(n.number in crowded for n in self._parts[one.number])],
        )

    def _forget_told(self) -> None:
        """Forget what was told longer ago than the timespan; all of it where it is much: it is then told anew."""
        if self._reached is not None:
            since = [(one.number, self._reached - one.correlation.asked.span) for one in self._correlated]
            ended = " OR ".join(f"(number = {number} AND time < TIMESTAMP '{at}')" for number, at in since)
            self._engine.execute(f"DELETE FROM window_told WHERE {ended}")
        self._engine.execute(f"DELETE FROM window_told WHERE (SELECT count(*) FROM window_told) > {MOST}")

    def _added(self) -> frozenset[int]:
        """The parts to which the last batch added something."""
        asked = f"SELECT DISTINCT part FROM window_members WHERE place = {self._place}"
        return frozenset(int(number) for (number,) in self._engine.execute(asked).fetchall())

    def _members(self, one: Correlated) -> str:
        """What `correlating` is of a correlation: all its members where it is one of several; else those of `_due`."""
        known = frozenset(self._parts)
        each = [
            f"""SELECT shared, time, event_uid, value, {numbered.part.step} AS step, FALSE AS lacking, group_hash
            FROM window_members WHERE part = {numbered.number}{_completing(numbered.part.number, known)}"""
            for numbered in self._parts[one.number]
        ]
        every = " UNION ALL ".join(each)
        due = f" WHERE group_hash IN ({self._due(one)})" if self._alone(one) else ""
        return f"SELECT * EXCLUDE (group_hash) FROM ({every}){due}"

    def _alone(self, one: Correlated) -> bool:
        """Whether it says of a group only what the group's own events say, and to nobody else."""
        nested = one.number in self._inner or any(part.number in self._parts for part in one.parts)
        return not nested and not one.correlation.asked.denies

    def _due(self, one: Correlated) -> str:
        """The groups that the batch adds to, that have as many as is asked for, and of which that is not told already.

        When a number was reached, the next timespan belongs to the same burst: what the batch adds of it, after the
        event that reached it, changes nothing of what was told.
        """
        numbers = ", ".join(str(numbered.number) for numbered in self._parts[one.number])
        span = one.correlation.asked.span // timedelta(microseconds=1)
        ours = f"FROM window_members WHERE part IN ({numbers})"
        return f"""WITH added AS (
            SELECT shared, group_hash, min(struct_pack(t := time, e := event_uid)) AS first, max(time) AS last {ours}
              AND place = {self._place} GROUP BY shared, group_hash
          ), due AS (
            SELECT group_hash FROM added AS a WHERE NOT EXISTS (
              FROM window_told AS t WHERE t.number = {one.number} AND t.shared = a.shared
                AND struct_pack(t := t.time, e := t.event_uid) < a.first
                AND epoch_us(a.last) - epoch_us(t.time) <= {span})
          )
          SELECT group_hash {ours} AND group_hash IN (FROM due) GROUP BY group_hash HAVING {at_least_sql(one)}"""

    def _remembered(self, place: int, part: int) -> str:
        return f"{place:012}-{self._names[part]}"


def _completing(number: int, correlations: frozenset[int]) -> str:
    """Of what a correlation describes only the events that completed it."""
    if number not in correlations:
        return ""
    return f" AND event_uid IN (SELECT event_uid FROM detected WHERE rule_number = {number})"


def _numbered(one: Correlated, start: int) -> Iterator[_Numbered]:
    asked, said = one.correlation, one.correlation.said
    for number, part in enumerate(one.parts, start):
        reference = asked.references[part.step]
        read = (part.reading.about, part.reading.raw, *part.group, "", *part.fields)
        yield _Numbered(number, id_of(said.uid or said.title, part.step, reference, *read), part)


def _packed(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed
