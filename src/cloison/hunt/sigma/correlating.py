"""Which events that rules describe belong together? Their matches are read in order, group by group."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import duckdb

from cloison.hunt.sigma.correlations import Correlation
from cloison.hunt.sigma.detections import DETECTED
from cloison.hunt.sigma.places import Place
from cloison.hunt.sigma.taxonomies import Reading
from cloison.hunt.sigma.windows import Found, Seen, bursts
from cloison.lake.analysis import append
from cloison.sources.paths import literal, quoted

_FETCHED = 50_000
_AT_ONCE = 2_000_000
Row = tuple[object, ...]
_SIGNS = {"gte": ">=", "gt": ">"}
_DIFFERENT = {"event_count": "event_uid", "value_count": "value", "temporal": "step", "temporal_ordered": "step"}
"""Of what so many different ones are asked for, by kind."""
_RUNNING = {
    "event_count": "dense_rank() OVER (PARTITION BY shared ORDER BY time, event_uid)",
    "value_count": """count(*) FILTER (fresh) OVER (PARTITION BY shared ORDER BY time, event_uid, step
      ROWS UNBOUNDED PRECEDING)""",
}
"""How much is counted of a group up to an event, by kind."""


@dataclass(frozen=True)
class Part:
    """The events of one rule that a correlation refers to: which rows they are, and the fields it reads of them.

    `leaves` are the numbers of the rules that stand by themselves: its own, or those that a correlation rests on.
    """

    number: int
    step: int
    rows: str
    reading: Reading
    group: tuple[str, ...]
    fields: tuple[str, ...]
    leaves: frozenset[int]


@dataclass(frozen=True)
class Correlated:
    """A correlation that runs, with its number, and its parts."""

    number: int
    correlation: Correlation
    parts: tuple[Part, ...]

    @property
    def leaves(self) -> frozenset[int]:
        """The numbers of the rules that it rests on in the end."""
        return frozenset().union(*(part.leaves for part in self.parts))


@dataclass(frozen=True)
class Completed:
    """What became of the members of a correlation.

    Attributes:
        waits: something is not told yet.
        counted: a query counted groups: what it told is in the table `counting`.
        passed: what was told of the other groups.
    """

    waits: bool
    counted: bool
    passed: list[tuple[Sequence[str], Found]]


def correlate(engine: duckdb.DuckDBPyConnection, correlated: Iterable[Correlated]) -> dict[int, tuple[int, int]]:
    """Add to `detected` what each correlation makes of what is in it, those that others refer to first.

    Returns:
        by number of the correlation, how many events its rules describe, and how many of them lack a field of group-by.
    """
    return {one.number: _correlate(engine, one) if _described(engine, one) else (0, 0) for one in correlated}


def _described(engine: duckdb.DuckDBPyConnection, one: Correlated) -> bool:
    """Whether its rules describe any event at all: of most they describe none, and the members take long to ask for."""
    numbers = ", ".join(str(part.number) for part in one.parts)
    return engine.execute(f"SELECT 1 FROM detected WHERE rule_number IN ({numbers}) LIMIT 1").fetchone() is not None


def _correlate(engine: duckdb.DuckDBPyConnection, one: Correlated) -> tuple[int, int]:
    members = " UNION ALL ".join(f"SELECT *, {part.step} AS step FROM ({members_sql(part)})" for part in one.parts)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE correlating AS {members}")
    found = engine.execute(
        "SELECT count(DISTINCT event_uid), count(DISTINCT CASE WHEN lacking THEN event_uid END) FROM correlating"
    ).fetchone()
    complete(engine, one)
    return (int(found[0]), int(found[1])) if found else (0, 0)


def complete(engine: duckdb.DuckDBPyConnection, one: Correlated, until: datetime | None = None) -> Completed:
    """Add to `detected` what a correlation makes of its members, which the table `correlating` holds; and drop that.

    Args:
        engine: in which they are.
        one: the correlation.
        until: where more is to come, the time that has been reached: what an event to come may deny is not told yet.
    """
    asked = one.correlation.asked
    open_from = until - asked.span if until is not None and asked.denies else None
    engine.execute(_gathered_sql(one))
    counted, others = _gathered(engine)
    if counted:
        engine.execute(_counted_sql(one))
        engine.execute(_told_sql(one))
    buckets = math.ceil(others / _AT_ONCE)
    found = [
        (shared, burst)
        for bucket in range(buckets)
        for shared, seen in _groups(engine, one, bucket, buckets)
        for burst in bursts(asked, seen)
    ]
    passed = [each for each in found if open_from is None or each[1].completed.time < open_from]
    append(engine, DETECTED.name, DETECTED.sql_columns(), [_row(one, *each) for each in passed])
    engine.execute("DROP TABLE correlating; DROP TABLE gathering")
    return Completed(len(passed) < len(found), bool(counted), passed)


def _counts(one: Correlated) -> bool:
    """Whether it counts events or values up to a number: within one timespan such a count only grows."""
    asked = one.correlation.asked
    return asked.kind in _RUNNING and asked.reaches


def _gathered_sql(one: Correlated) -> str:
    """The groups that are large enough; `counted` are those that a query counts: all their events lie in one span."""
    asked = one.correlation.asked
    in_one_span = f"epoch_us(max(time)) - epoch_us(min(time)) <= {asked.span // timedelta(microseconds=1)}"
    return f"""CREATE OR REPLACE TEMP TABLE gathering AS
      SELECT shared, count(*) AS events, {in_one_span if _counts(one) else "FALSE"} AS counted
      FROM correlating WHERE NOT lacking GROUP BY shared HAVING {at_least_sql(one)}"""


def _gathered(engine: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many events the groups have that a query counts, and how many the others, which are read in parts."""
    [(counted, others)] = engine.execute(
        "SELECT sum(events) FILTER (counted), sum(events) FILTER (NOT counted) FROM gathering"
    ).fetchall()
    return int(counted or 0), int(others or 0)


def _counted_sql(one: Correlated) -> str:
    """What `bursts` says of the groups that are `counted`: the count reaches the number once, and stays there."""
    asked = one.correlation.asked
    reached = f"reached {_SIGNS[asked.operator]} {asked.count}"
    return f"""CREATE OR REPLACE TEMP TABLE counting AS WITH held AS (
        SELECT shared, time, event_uid, step, value FROM correlating
        WHERE NOT lacking AND shared IN (SELECT shared FROM gathering WHERE counted)
      ), turned AS (
        SELECT *, struct_pack(t := time, e := event_uid) AS turn, value IS NOT NULL
          AND row_number() OVER (PARTITION BY shared, value ORDER BY time, event_uid, step) = 1 AS fresh FROM held
      ), counted AS (SELECT *, {_RUNNING[asked.kind]} AS reached FROM turned)
      SELECT shared, min_by(event_uid, turn) FILTER ({reached}) AS event_uid, min(time) FILTER ({reached}) AS time,
        count(DISTINCT event_uid) AS events, min(time) AS first_at, max(time) AS last_at,
        min_by(event_uid, turn) AS first_event_uid
      FROM counted GROUP BY shared HAVING bool_or({reached})"""


def _told_sql(one: Correlated) -> str:
    told = [f"{literal(f'{name}=')} || shared[{place}]" for place, name in enumerate(one.correlation.group_by, 1)]
    return f"""INSERT INTO {DETECTED.name} SELECT {one.number}, event_uid, time,
      {f"concat_ws(', ', {', '.join(told)})" if told else "''"}, events, first_at, last_at, first_event_uid
      FROM counting"""


def _row(one: Correlated, shared: Sequence[str], burst: Found) -> Row:
    told = ", ".join(f"{name}={value}" for name, value in zip(one.correlation.group_by, shared, strict=True))
    completed = burst.completed
    times = (burst.first.time, burst.last.time)
    return (one.number, completed.event_uid, completed.time, told, burst.events, *times, burst.first.event_uid)


def members_sql(part: Part, described: Iterable[int] = (), beside: Sequence[str] = ()) -> str:
    """Every event of a part: `shared` (its group), time, event_uid, value, and whether a field of its group lacks.

    An event that has several values of a field of group-by belongs to the group of each.

    Args:
        part: of a correlation.
        described: the numbers of the rules whose detections these are; else the part's own.
        beside: columns of events to hand on.
    """
    places = part.reading.taxonomy.place
    groups = {f"g{number}": _each_sql(places(name)) for number, name in enumerate(part.group)}
    values = [_one_sql(places(name)) for name in part.fields]
    value = values[0] if len(values) == 1 else f"to_json([{', '.join(values)}])" if values else "NULL"
    listed = "".join(f", {sql} AS {name}" for name, sql in groups.items())
    lacking = " OR ".join(f"coalesce(len({name}), 0) = 0" for name in groups)
    lacking = f"time IS NULL{' OR ' if groups else ''}{lacking}"
    more = "".join(f", {quoted(name)}" for name in beside)
    numbers = ", ".join(map(str, sorted(described) or [part.number]))
    sql = f"""SELECT *, {lacking} AS lacking
      FROM (SELECT d.time, event_uid, CAST({value} AS VARCHAR) AS value{listed}{more}
        FROM (SELECT * EXCLUDE (time) FROM {part.rows} WHERE {part.reading.about})
        JOIN (SELECT DISTINCT time, event_uid FROM detected WHERE rule_number IN ({numbers})) AS d USING (event_uid))"""
    for name in groups:
        sql = f"SELECT * REPLACE (unnest(CASE WHEN len({name}) > 0 THEN {name} ELSE [NULL] END) AS {name}) FROM ({sql})"
    key = f"[{', '.join(groups)}]" if groups else "CAST([] AS VARCHAR[])"
    return f"SELECT {key} AS shared, time, event_uid, value, lacking{more} FROM ({sql})"


def _each_sql(place: Place) -> str:
    """The values of a field as a list of texts, each once: of several columns the first that holds something."""
    lists = [
        f"list_filter({one.sql}, lambda v: v IS NOT NULL)"
        if one.kind == "texts"
        else f"CASE WHEN {one.sql} IS NOT NULL THEN [CAST({one.sql} AS VARCHAR)] END"
        for one in place.values
    ]
    first = f"coalesce({', '.join(f'nullif({one}, [])' for one in lists)})" if lists else "CAST([] AS VARCHAR[])"
    return f"list_distinct({first})"


def _one_sql(place: Place) -> str:
    """The value of a field as a text; of a list its first."""
    return f"({_each_sql(place)})[1]"


def _groups(
    engine: duckdb.DuckDBPyConnection, one: Correlated, bucket: int, buckets: int
) -> Iterator[tuple[Sequence[str], Iterator[Seen]]]:
    """Each group of a bucket that can meet the condition at all, with its events in order."""
    some = "NOT lacking AND shared IN (SELECT shared FROM gathering WHERE NOT counted)"
    read = engine.execute(
        f"""SELECT shared, time, event_uid, step, value FROM correlating
        WHERE {some} AND hash(shared) % {buckets} = {bucket}
          AND shared IN (SELECT shared FROM correlating WHERE {some} GROUP BY shared HAVING {_can_meet(one)})
        ORDER BY shared, time, event_uid, step"""
    )
    numeric = one.correlation.asked.kind in {"value_sum", "value_avg", "value_percentile", "value_median"}
    for shared, rows in groupby(_fetched(read), key=lambda row: row[0]):
        yield shared, (_seen(row, numeric=numeric) for row in rows)


def at_least_sql(one: Correlated) -> str:
    """How many rows a group must have in all to meet the condition within any timespan: quick to find out."""
    asked = one.correlation.asked
    return f"count(*) {_SIGNS[asked.operator]} {asked.count}" if asked.reaches and asked.kind in _DIFFERENT else "TRUE"


def _can_meet(one: Correlated) -> str:
    """What different ones a group must have in all to meet the condition within any timespan."""
    asked = one.correlation.asked
    if not asked.reaches or asked.kind not in _DIFFERENT:
        return "TRUE"
    return f"count(DISTINCT {_DIFFERENT[asked.kind]}) {_SIGNS[asked.operator]} {asked.count}"


def _fetched(read: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    while some := read.fetchmany(_FETCHED):
        yield from some


def _seen(row: Row, *, numeric: bool) -> Seen:
    _, time, event_uid, step, value = row
    return Seen(time, event_uid, step, _number(value) if numeric else value)  # type: ignore[arg-type]


def _number(value: object) -> float | None:
    try:
        return None if value is None else float(str(value))
    except ValueError:
        return None
