"""Read a case's answers: its tables and the dossier."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from cloison.errors import InputError
from cloison.hunt.intel import Cautions, caution_about
from cloison.lake.engine import open_engine
from cloison.lake.scene import stage_rows
from cloison.model.indicator import UNSWEPT_KINDS
from cloison.report.dossier import Dossier, draw_up
from cloison.report.dossier import Held as DossierHeld
from cloison.report.dossier import Reach as DossierReach
from cloison.service.case import Case
from cloison.service.inputs_kept import given
from cloison.service.investigate import TABLES
from cloison.sources.paths import literal, quoted


@dataclass(frozen=True)
class Table:
    """A table's rows in its total order, with its column names."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


@contextmanager
def opened(case: Case) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that holds the case's result tables under their names."""
    engine = open_engine(spill=case.lake / "spill")
    try:
        for name in (*TABLES, "acts"):
            path = literal(str(case.results / f"{name}.parquet"))
            engine.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT * FROM read_parquet({path})")
        inputs = given(case)
        cautions = Cautions.of(inputs.cautions)
        rows: list[tuple[object, ...]] = [
            (str(one.kind), one.value, caution_about(one, cautions) or None, UNSWEPT_KINDS.get(one.kind))
            for one in inputs.indicators
        ]
        stage_rows(engine, "indicators", dict.fromkeys(("kind", "value", "caution", "unswept"), "VARCHAR"), rows)
        yield engine
    finally:
        engine.close()


def table(case: Case, name: str) -> Table:
    """One table of the case.

    Raises:
        InputError: there is no table of that name.
    """
    if name not in TABLES:
        raise InputError(f"no table {name!r}", remedy=f"the tables are: {', '.join(TABLES)}")
    with opened(case) as engine:
        read = engine.execute(f"SELECT * FROM {quoted(name)}")
        columns = tuple(column[0] for column in read.description or ())
        return Table(name, columns, read.fetchall())


def dossier(case: Case) -> Dossier:
    """The answer of the case."""
    with opened(case) as engine:
        return draw_up(engine, case.folder.resolve().name)


__all__ = ["Dossier", "DossierHeld", "DossierReach", "Table", "dossier", "opened", "table"]
