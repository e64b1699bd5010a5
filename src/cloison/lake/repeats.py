"""Which rows of the lake say only what another row says: the same event again, or the begin of a request that ended?

A part is judged by itself when it is written (`superseded`). Between parts only rows of one stretch of time can repeat
one another, so only where parts overlap are their events compared; parts that follow each other cost nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cloison.ocsf.events import EVENTS
from cloison.sources.paths import literal, quoted

REPEAT, BEGUN = "repeat", "begun"

PART = {**EVENTS.sql_columns(), "superseded": "VARCHAR"}
"""The columns of a part: an event's, and `superseded`: repeat, begun, folded, or "" where none stands for it."""


PLACE = "(CAST(r.part AS BIGINT) << 40) + r.file_row_number"
"""A row's place in the lake as one number, of a relation `r` over the parts in their order."""


def judged(rows: str) -> str:
    """A query over `rows` (a table of `EVENTS` columns) that yields the columns of `PART`, each of its type."""
    columns = ", ".join(
        f"CAST(r.{quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in EVENTS.sql_columns().items()
    )
    return f"""WITH twice AS (
        SELECT event_uid, min(struct_pack(e := evidence_uid, o := record_offset, n := coalesce(record_part, 0))) AS kept
        FROM {rows} GROUP BY event_uid HAVING count(*) > 1
      ), ended AS (SELECT DISTINCT pair_uid FROM {rows} WHERE phase = 'end')
      SELECT {columns}, CASE WHEN t.kept.e <> r.evidence_uid OR t.kept.o <> r.record_offset
          OR t.kept.n <> coalesce(r.record_part, 0) THEN '{REPEAT}'
        WHEN r.phase = 'start' AND d.pair_uid IS NOT NULL THEN '{BEGUN}' ELSE '' END AS superseded
      FROM {rows} AS r LEFT JOIN twice AS t ON t.event_uid = r.event_uid
        LEFT JOIN ended AS d ON d.pair_uid = r.pair_uid"""


@dataclass(frozen=True)
class Stretch:
    """A run of rows of one part in time; `source` is "" where the part holds several."""

    part: str
    source: str
    first: str
    last: str
    judged: bool


def stage_left_out(engine: duckdb.DuckDBPyConnection, parts: list[Path]) -> None:
    """Make the table `left_out`: the rows that another part's row stands for, by their place.

    Reads `raw_events`. Memory and time grow with the rows in overlapping stretches, not with the lake.
    """
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE left_out (place BIGINT, evidence_uid VARCHAR, source VARCHAR, why VARCHAR)"
    )
    if not parts:
        return
    for cluster in overlapping(_stretches(engine, parts)):
        _compare(engine, cluster)
    engine.execute(
        f"""INSERT INTO left_out
        WITH begun AS (
          SELECT {PLACE} AS place, evidence_uid, source, pair_uid FROM raw_events AS r
          WHERE phase = 'start' AND coalesce(superseded, '') = ''
        )
        SELECT b.place, b.evidence_uid, b.source, '{BEGUN}' FROM begun AS b
        WHERE b.pair_uid IN (SELECT pair_uid FROM raw_events WHERE phase = 'end')
          AND NOT EXISTS (SELECT 1 FROM left_out AS l WHERE l.place = b.place)"""
    )


def overlapping(stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, ...]]:
    """The stretches that share time with one of another part, or were never judged, gathered as they hang together."""
    by_source: dict[str, list[Stretch]] = {}
    listed = list(stretches)
    mixed = any(not one.source for one in listed)
    for one in listed:
        by_source.setdefault("" if mixed else one.source, []).append(one)
    for held in by_source.values():
        yield from (cluster for cluster in _clusters(held) if _doubtful(cluster))


def _clusters(stretches: list[Stretch]) -> Iterator[tuple[Stretch, ...]]:
    cluster: list[Stretch] = []
    until = ""
    for one in sorted(stretches, key=lambda one: (one.first, one.last, one.part)):
        if cluster and one.first > until:
            yield tuple(cluster)
            cluster, until = [], ""
        cluster.append(one)
        until = max(until, one.last)
    if cluster:
        yield tuple(cluster)


def _doubtful(cluster: tuple[Stretch, ...]) -> bool:
    return len({one.part for one in cluster}) > 1 or not all(one.judged for one in cluster)


def _stretches(engine: duckdb.DuckDBPyConnection, parts: list[Path]) -> list[Stretch]:
    """Each row group of each part: what it spans in time, as the part's own statistics say."""
    listed = ", ".join(literal(str(part)) for part in parts)
    rows = engine.execute(
        f"""SELECT file_name, max(CASE WHEN path_in_schema = 'source' AND stats_min_value = stats_max_value
            THEN stats_min_value END),
          max(CASE WHEN path_in_schema = 'time' THEN stats_min_value END),
          max(CASE WHEN path_in_schema = 'time' THEN stats_max_value END),
          max(CASE WHEN path_in_schema = 'superseded' THEN stats_null_count END)
        FROM parquet_metadata([{listed}]) WHERE path_in_schema IN ('source', 'time', 'superseded')
        GROUP BY file_name, row_group_id ORDER BY file_name, row_group_id"""
    ).fetchall()
    return [
        Stretch(str(part), source or "", first or "", last or "9", empty == 0)
        for part, source, first, last, empty in rows
    ]


def _compare(engine: duckdb.DuckDBPyConnection, cluster: tuple[Stretch, ...]) -> None:
    """Add to `left_out` what the cluster's rows tell twice; a hash finds the few that may, the text decides."""
    parts = ", ".join(literal(one) for one in sorted({one.part for one in cluster}))
    held = f"filename IN ({parts}) AND coalesce(superseded, '') = ''"
    if all(one.first for one in cluster):
        held += f" AND time BETWEEN TIMESTAMP '{min(one.first for one in cluster)}'"
        held += f" AND TIMESTAMP '{max(one.last for one in cluster)}'"
    engine.execute(
        f"""INSERT INTO left_out
        WITH maybe AS (
          SELECT hash(event_uid) AS h FROM raw_events WHERE {held} GROUP BY h HAVING count(*) > 1
        )
        SELECT place, evidence_uid, source, '{REPEAT}' FROM (
          SELECT {PLACE} AS place, evidence_uid, source,
            row_number() OVER (PARTITION BY event_uid ORDER BY evidence_uid, record_offset, record_part) AS nth
          FROM raw_events AS r WHERE {held} AND hash(event_uid) IN (SELECT h FROM maybe))
        WHERE nth > 1"""
    )
