"""Read a case's answers: its tables and the dossier."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from cloison.errors import InputError
from cloison.hunt.intel import Cautions, caution_about
from cloison.lake.engine import open_engine
from cloison.lake.scene import stage_rows
from cloison.model.indicator import UNSWEPT_KINDS
from cloison.model.wording import many
from cloison.report.asking import draw_up
from cloison.report.dossier import Chosen, Dossier
from cloison.report.dossier import Held as DossierHeld
from cloison.report.dossier import Reach as DossierReach
from cloison.service.case import Case
from cloison.service.inputs_kept import given
from cloison.service.investigate import TABLES
from cloison.service.plan import LATER
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
            if name in LATER and not (case.results / f"{name}.parquet").is_file():
                continue
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


@dataclass(frozen=True)
class Detected:
    """How many rules ran over how many events, and what they detected by level, the gravest first."""

    rules: int
    refused: int
    events: int
    by_level: tuple[tuple[str, int, int], ...]
    """Level, detections, and by how many rules."""

    def told(self) -> str:
        """In one sentence."""
        levels = ", ".join(f"{count:,} {level} by {rules}" for level, count, rules in self.by_level)
        refused = f" ({self.refused} could not run: `rules_run` says why)" if self.refused else ""
        return f"{many(self.rules, 'rule')} ran over {many(self.events, 'event')}{refused}: {levels or 'no detection'}"


_LEVELS = ("critical", "high", "medium", "low", "informational")
_BY_LEVEL = "SELECT level, count(*), count(DISTINCT rule_uid) FROM detections GROUP BY level"
_RAN = """SELECT count(CASE WHEN runs THEN 1 END), count(CASE WHEN NOT runs THEN 1 END),
  (SELECT coalesce(sum(events), 0)::BIGINT FROM coverage) FROM rules_run"""


def detected(case: Case) -> Detected:
    """What the rules said; they have run."""
    with opened(case) as engine:
        [(rules, refused, events)] = engine.execute(_RAN).fetchall()
        found = {level: (level, count, by) for level, count, by in engine.execute(_BY_LEVEL).fetchall()}
    ordered = [found[level] for level in _LEVELS if level in found]
    return Detected(rules, refused, events, (*ordered, *(found[level] for level in found if level not in _LEVELS)))


def dossier(case: Case, chosen: Iterable[Chosen] = (), *, detecting: bool = False) -> Dossier:
    """The answer of the case, with the events that people promoted, and with `detecting` what rules detected."""
    with opened(case) as engine:
        return draw_up(engine, case.folder.resolve().name, chosen, detecting=detecting)


__all__ = ["Detected", "Dossier", "DossierHeld", "DossierReach", "Table", "detected", "dossier", "opened", "table"]
