"""What happens in an ordinary hour, and how does each source tell it?"""

from dataclasses import asdict
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.lakes.rhythm import Hour, Source
from cloison.sources.paths import literal

SEED = 1
HERE = Path(__file__).parent
"""Where the queries lie."""
_ORGANISATION = (HERE / "organisation.sql").read_text(encoding="utf-8")
_HAPPENED = (HERE / "happened.sql").read_text(encoding="utf-8")


def organise(engine: duckdb.DuckDBPyConnection) -> None:
    """Make the words by which people, places and keys are spelled."""
    engine.execute(_ORGANISATION)


def happen(engine: duckdb.DuckDBPyConnection, source: Source, stretch: list[Hour]) -> None:
    """Make the view `happened`: the ordinary life of one source in a stretch of hours."""
    engine.register("hours_rows", pa.Table.from_pylist([asdict(hour) for hour in stretch]))
    engine.execute("CREATE OR REPLACE TEMP TABLE hours AS SELECT * FROM hours_rows")
    engine.unregister("hours_rows")
    given = {"burst": source.burst, "machines": source.machines, "lines": source.lines, "seed": SEED}
    numbers = {name: str(value) for name, value in given.items()}
    organise(engine)
    engine.execute(
        f"CREATE OR REPLACE TEMP VIEW happened AS {filled(_HAPPENED, numbers | {'source': literal(source.name)})}"
    )


def ordinary(source: Source) -> str:
    """What happened, told as the mapping of the source would tell it."""
    if not source.name.endswith("_dc_audit"):
        return (HERE / "ordinary" / f"{source.name}.sql").read_text(encoding="utf-8")
    system = source.name.removesuffix("_dc_audit")
    kind = {"jira": "ticket", "confluence": "page", "bitbucket": "repository"}[system]
    audit = (HERE / "ordinary" / "audit.sql").read_text(encoding="utf-8")
    return filled(audit, {"system": literal(system), "object": literal(kind)})


def filled(sql: str, given: dict[str, str]) -> str:
    """A query with each `$name` in it replaced."""
    for name, value in given.items():
        sql = sql.replace(f"${name}", value)
    return sql
