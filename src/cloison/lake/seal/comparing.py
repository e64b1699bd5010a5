"""In which rows and columns does a table differ from the one that was sealed, where hidden cells say nothing?

Rows are matched by the table's key. A row of which a cell of the key is hidden is matched by its place among those
that are left: both sides are in the order of the key.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from cloison.lake.seal import hiding
from cloison.lake.seal.hiding import HIDDEN
from cloison.lake.seal.rows import columns_of
from cloison.sources.paths import literal, quoted

SHOWN = 20
"""Of so many differences of a table each is told; the others are counted."""


@dataclass(frozen=True)
class Difference:
    """One cell, or one row, that comes out otherwise.

    `key` names the row by the columns of its key; `column` is "" where one side has no such row. The values are text.
    """

    table: str
    key: dict[str, str | None]
    column: str
    sealed: str | None
    found: str | None


@dataclass(frozen=True)
class Compared:
    """The differences of a table: the first ones, and how many cells and rows differ in all."""

    differences: tuple[Difference, ...]
    count: int


def compare(engine: duckdb.DuckDBPyConnection, table: str, sealed: str, found: str, key: Sequence[str]) -> Compared:
    """Compare two relations, which both are in the order of the key; columns of one alone count as a difference."""
    theirs, ours = columns_of(engine, sealed), columns_of(engine, found)
    hides = hiding.hides(theirs)
    if hides:
        theirs.pop(HIDDEN)
    if theirs != ours:
        return Compared((Difference(table, {}, "", _listed(theirs), _listed(ours)),), 1)
    _stage(engine, sealed, found, key, hides=hides)
    found_in = [
        _unmatched(engine, table, "sealed_rows", "s", key, sealed=True),
        _unmatched(engine, table, "found_rows", "f", key, sealed=False),
        *(_cells(engine, table, name, key, hides=hides) for name in ours),
    ]
    told = [one for each in found_in for one in each.differences]
    return Compared(tuple(told[:SHOWN]), sum(each.count for each in found_in))


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def _stage(engine: duckdb.DuckDBPyConnection, sealed: str, found: str, key: Sequence[str], *, hides: bool) -> None:
    """Make `sealed_rows`, `found_rows` and `pairs`: which row of the one is which of the other."""
    listed = ", ".join(map(quoted, key))
    names = f"list_transform(coalesce({HIDDEN}, []), lambda x: split_part(x, '=', 1))" if hides else "[]::VARCHAR[]"
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE sealed_rows AS SELECT row_number() OVER () AS s, *, {names} AS _h FROM {sealed}"
    )
    engine.execute(f"CREATE OR REPLACE TEMP TABLE found_rows AS SELECT row_number() OVER () AS f, * FROM {found}")
    closed = " OR ".join(f"list_contains(_h, {literal(name)})" for name in key)
    engine.execute(
        f"""CREATE OR REPLACE TEMP TABLE pairs AS
        WITH theirs AS (SELECT s, {listed}, row_number() OVER (PARTITION BY {listed} ORDER BY s) AS nth
          FROM sealed_rows WHERE NOT ({closed})
        ), ours AS (SELECT f, {listed}, row_number() OVER (PARTITION BY {listed} ORDER BY f) AS nth FROM found_rows)
        SELECT t.s, o.f FROM theirs AS t JOIN ours AS o ON t.nth = o.nth AND {_same("t", "o", key)}"""
    )
    if hides:
        engine.execute(
            f"""INSERT INTO pairs
            WITH theirs AS (SELECT s, row_number() OVER (ORDER BY s) AS nth FROM sealed_rows WHERE {closed}
            ), ours AS (SELECT f, row_number() OVER (ORDER BY f) AS nth FROM found_rows
              WHERE f NOT IN (SELECT f FROM pairs))
            SELECT t.s, o.f FROM theirs AS t JOIN ours AS o ON t.nth = o.nth"""
        )


def _same(left: str, right: str, key: Sequence[str]) -> str:
    return " AND ".join(f"{left}.{quoted(name)} IS NOT DISTINCT FROM {right}.{quoted(name)}" for name in key)


def _texts(of: str, key: Sequence[str]) -> str:
    return ", ".join(f"CAST({of}.{quoted(name)} AS VARCHAR)" for name in key)


def _unmatched(
    engine: duckdb.DuckDBPyConnection, table: str, rows: str, place: str, key: Sequence[str], *, sealed: bool
) -> Compared:
    lost = f"FROM {rows} AS r ANTI JOIN pairs AS p ON p.{place} = r.{place}"
    told = ("a row", None) if sealed else (None, "a row")
    first = engine.execute(f"SELECT {_texts('r', key)} {lost} ORDER BY r.{place} LIMIT {SHOWN}").fetchall()
    listed = (Difference(table, dict(zip(key, values, strict=True)), "", *told) for values in first)
    return Compared(tuple(listed), _count(engine, lost))


def _cells(engine: duckdb.DuckDBPyConnection, table: str, name: str, key: Sequence[str], *, hides: bool) -> Compared:
    column = quoted(name)
    wrong = f"""FROM pairs AS p JOIN sealed_rows AS t ON t.s = p.s JOIN found_rows AS o ON o.f = p.f
        WHERE t.{column} IS DISTINCT FROM o.{column}"""
    wrong += f" AND NOT list_contains(t._h, {literal(name)})" if hides else ""
    texts = f"CAST(t.{column} AS VARCHAR), CAST(o.{column} AS VARCHAR), {_texts('o', key)}"
    first = engine.execute(f"SELECT {texts} {wrong} ORDER BY p.f LIMIT {SHOWN}").fetchall()
    listed = (
        Difference(table, dict(zip(key, values, strict=True)), name, sealed, found) for sealed, found, *values in first
    )
    return Compared(tuple(listed), _count(engine, wrong))


def _count(engine: duckdb.DuckDBPyConnection, found: str) -> int:
    [(count,)] = engine.execute(f"SELECT count(*) {found}").fetchall()
    return int(count)
