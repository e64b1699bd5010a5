"""Which rules describe which events of a batch? Compiled once, asked again and again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import duckdb

from cloison.hunt.sigma.correlations import Correlation
from cloison.hunt.sigma.detecting import list_rules, look, pass_statements, run_rules, staged_rules, staged_sources
from cloison.hunt.sigma.fitting import fit
from cloison.hunt.sigma.raw import Columns
from cloison.hunt.sigma.rules import Rule
from cloison.hunt.sigma.taxonomies import Records, readings
from cloison.lake.ingest import Frames
from cloison.lake.judging import Framed, Judge, Refused
from cloison.watch.windows import Window

_TOLD = """SELECT d.rule_number, d.event_uid, d.time, d.shared, d.events, d.first_at
FROM detected AS d JOIN rule_list AS r ON r.number = d.rule_number
WHERE r.told ORDER BY d.time, d.event_uid, d.rule_number, d.shared"""
_COUNTED = (
    "CREATE OR REPLACE TEMP TABLE event_counts AS SELECT source, class_uid, count(*) AS n FROM events GROUP BY ALL"
)
_MIXTURES = 64
"""Of so many mixtures of kinds of events it is remembered which queries they need."""


@dataclass(frozen=True)
class Detected:
    """A rule that describes an event; of a correlation the one that completed it, and how many since when led to it."""

    rule: Rule | Correlation
    event_uid: str
    time: datetime
    shared: str
    events: int
    first_at: datetime


@dataclass(frozen=True)
class Again:
    """Records that were framed already: they are framed again by nobody."""

    framed: Framed
    judge: Judge

    @property
    def received(self) -> int:
        """How many they are."""
        return len(self.framed.offsets)

    def records(self, _: Iterator[bytes]) -> Iterator[Framed | Refused]:
        """The same records."""
        return iter([self.framed])


class RawValues(Protocol):
    """What rules read of raw records, in tables of their own: see `service/raw_records.py`."""

    @property
    def columns(self) -> Mapping[str, Columns]:
        """By source, which values."""

    def clear(self) -> None:
        """Keep nothing of what was taken."""

    def place(self) -> None:
        """Look where `events` stand."""

    def take(self, evidence_uid: str, framer: Frames, chunks: Iterator[bytes]) -> None:
        """Keep what rules read of records."""

    def close(self) -> None:
        """Keep what still waits."""


class Detector:
    """The rules of a case, over `events`, their context and their raw records; `refused` cannot run, and say why."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, raw: RawValues) -> None:
        self._engine, self._raw = engine, raw
        sources, spoken = staged_sources(engine)
        records = {name: Records(one, frozenset(one.sql_types())) for name, one in raw.columns.items()}
        self._fitted = fit(engine, staged_rules(engine), lambda rule: readings(rule, spoken, sources, records))
        list_rules(engine, self._fitted)
        self.rules: dict[int, Rule | Correlation] = {one.number: one.rule for one in self._fitted.runs}
        self.rules |= {one.number: one.correlation for one in self._fitted.correlated}
        self.refused = self._fitted.refused
        self._passes: dict[frozenset[tuple[str, int]], list[duckdb.Statement]] = {}
        self.window = Window(engine, self._fitted.correlated)

    def hold(self, framed: Iterable[tuple[str, Framed, Judge]]) -> None:
        """Take what rules read of the raw records of a batch, in place of those of the batch before."""
        self._raw.clear()
        self._raw.place()
        for uid, one, judge in framed:
            if self._raw.columns:
                self._raw.take(uid, Again(one, judge), iter(()))
        self._raw.close()

    def detect(self) -> tuple[list[Detected], bool]:
        """What the rules say of `events`, in their order, and whether correlations need any of these from now on."""
        run_rules(self._engine, self._queries())
        found = self._told()
        new = self.window.add()
        if new or self.window.waits:
            self.window.correlate(new=new)
            found += [one for one in self._told() if isinstance(one.rule, Correlation)]
        return found, new

    def _queries(self) -> list[duckdb.Statement]:
        """What runs the rules about such events as are in the batch, parsed already."""
        self._engine.execute(_COUNTED)
        kinds = frozenset(self._engine.execute("SELECT source, class_uid FROM event_counts").fetchall())
        if kinds not in self._passes:
            if len(self._passes) >= _MIXTURES:
                self._passes.clear()
            passes = pass_statements(self._fitted.passes(look(self._engine, self._fitted)))
            self._passes[kinds] = [one for text in passes for one in self._engine.extract_statements(text)]
        return self._passes[kinds]

    def _told(self) -> list[Detected]:
        rows = self._engine.execute(_TOLD).fetchall()
        return [Detected(self.rules[number], *rest) for number, *rest in rows]
