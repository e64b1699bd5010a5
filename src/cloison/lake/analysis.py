"""What is an analysis? A question, its SQL file, and the contract of the table that answers it."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from cloison.model.contract import Contract
from cloison.sources.paths import quoted


@dataclass(frozen=True)
class Analysis:
    """A table and how it is made: `sql` reads only the tables named in `inputs`."""

    contract: Contract
    inputs: tuple[str, ...]
    sql: str


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
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(one.contract.name)} AS SELECT {columns} FROM ({one.sql})")
