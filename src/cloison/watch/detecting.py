"""Which rules describe which events of a batch? Compiled once, asked again and again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import duckdb

from cloison.hunt.sigma.detecting import staged_rules, staged_sources
from cloison.hunt.sigma.fitting import fit, raw_table
from cloison.hunt.sigma.raw import Columns
from cloison.hunt.sigma.rules import Rule
from cloison.hunt.sigma.taxonomies import Records
from cloison.lake.judging import Framed, Refused
from cloison.sources.paths import quoted


@dataclass(frozen=True)
class Detected:
    """A rule that describes an event; of a correlation the event that completed it, and how many led to it."""

    rule: Rule
    event_uid: str
    time: datetime
    shared: str = ""
    events: int = 1


class Again:
    """Records that were framed already, to be framed again by nobody."""

    def __init__(self, framed: Iterable[Framed]) -> None:
        self._framed = framed

    def records(self, _: Iterator[bytes]) -> Iterator[Framed | Refused]:
        """The same records."""
        return iter(self._framed)


class RawValues(Protocol):
    """What rules read of raw records, in tables of their own: see `service/raw_records.py`."""

    @property
    def columns(self) -> Mapping[str, Columns]:
        """By source, which values."""

    def take(self, evidence_uid: str, framer: Again, chunks: Iterator[bytes]) -> None:
        """Keep what rules read of records."""

    def close(self) -> None:
        """Keep what still waits."""


class Detector:
    """The rules of a case, over `events`, their context and their raw records; `refused` cannot run, and say why."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, raw: RawValues) -> None:
        self._engine, self._raw = engine, raw
        sources, spoken = staged_sources(engine)
        records = {name: Records(one, frozenset(one.sql_types())) for name, one in raw.columns.items()}
        fitted = fit(engine, staged_rules(engine), spoken, sources, records)
        self.rules = {one.number: one.rule for one in fitted.runs}
        self.refused = fitted.refused
        self._passes = fitted.passes

    def hold(self, framed: Iterable[tuple[str, Framed]]) -> None:
        """Take what rules read of the raw records of a batch, in place of those of the batch before."""
        for name in self._raw.columns:
            self._engine.execute(f"DELETE FROM {quoted(raw_table(name))}")
        for uid, one in framed:
            if one.mapping.spec.name in self._raw.columns:
                self._raw.take(uid, Again([one]), iter(()))
        self._raw.close()

    def detect(self) -> list[Detected]:
        """What the rules say of the events that are there, in the order of the events."""
        found = {row for query in self._passes for row in self._engine.execute(query).fetchall()}
        ordered = sorted(found, key=lambda row: (row[2], row[1], row[0]))
        return [Detected(self.rules[number], uid, at) for number, uid, at in ordered]
