"""What is an analysis? A question, its SQL file, and the contract of the table that answers it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cloison.lake.statements import statement
from cloison.model.contract import Contract
from cloison.model.limits import Limits
from cloison.sources.paths import quoted


@dataclass(frozen=True)
class Analysis:
    """A table and how it is made: `sql` reads only the tables named in `inputs`."""

    contract: Contract
    inputs: tuple[str, ...]
    sql: str


@dataclass(frozen=True)
class Procedure:
    """A step that is no single query: what it reads, the tables that it makes, and what makes them in an engine."""

    name: str
    inputs: tuple[str, ...]
    makes: tuple[Contract, ...]
    work: Callable[[duckdb.DuckDBPyConnection, Limits], None]


def analysis(contract: Contract, *, inputs: tuple[Contract | str, ...], beside: str) -> Analysis:
    """The analysis whose SQL stands in `<contract name>.sql` beside the Python file `beside` (its `__file__`)."""
    text = (Path(beside).parent / f"{contract.name}.sql").read_text(encoding="utf-8")
    names = tuple(one if isinstance(one, str) else one.name for one in inputs)
    return Analysis(contract, names, text)


def run(engine: duckdb.DuckDBPyConnection, one: Analysis) -> None:
    """Make the analysis' table in the engine, its columns cast to the contract's types and in its order."""
    columns = ", ".join(
        f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in one.contract.sql_columns().items()
    )
    made = f"CREATE OR REPLACE TEMP TABLE {quoted(one.contract.name)} AS SELECT {columns} FROM ({one.sql})"
    engine.execute(statement(made))


def fill(
    engine: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], rows: Sequence[tuple[object, ...]] = ()
) -> None:
    """Make a small table of rows that an analysis has worked out itself; `columns` maps names to SQL types."""
    listed = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} ({listed})")
    append(engine, name, columns, rows)


def append(
    engine: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Add rows to such a table."""
    if rows:
        read = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in columns.values())
        engine.execute(f"INSERT INTO {quoted(name)} SELECT {read}", [list(one) for one in zip(*rows, strict=True)])
