"""Which rules describe which events of a batch? Compiled once, asked again and again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from cloison.hunt.sigma.detecting import fit, staged_rules
from cloison.hunt.sigma.ocsf_fields import OCSF
from cloison.hunt.sigma.rules import Rule
from cloison.hunt.sigma.scanning import Numbered, pass_sql, passes
from cloison.hunt.sigma.terms import fields_of

_IDENTITY = ("event_uid", "time")


@dataclass(frozen=True)
class Detected:
    """A rule that describes an event; of a correlation the event that completed it, and how many led to it."""

    rule: Rule
    event_uid: str
    time: datetime
    shared: str = ""
    events: int = 1


class Detector:
    """The rules of a case, over the tables `events` and `events_in_context`; `refused` cannot run, with the reason."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        self._engine = engine
        fitted = fit(engine, staged_rules(engine))
        self.rules = {one.number: one.rule for one in fitted.rules}
        self.refused = fitted.refused
        self._queries = [*_queries(fitted.rules, of_context=False), *_queries(fitted.rules, of_context=True)]

    def detect(self) -> list[Detected]:
        """What the rules say of the events that are there, in the order of the events."""
        found = [row for query in self._queries for row in self._engine.execute(query).fetchall()]
        return [
            Detected(self.rules[number], uid, at)
            for number, uid, at in sorted(found, key=lambda row: row[1:] + row[:1])
        ]


def _queries(rules: Iterable[Numbered], *, of_context: bool) -> list[str]:
    chosen = [
        one for one in rules if any(name.startswith("context.") for name in fields_of(one.rule.term)) == of_context
    ]
    rows = "events_in_context" if of_context else "events"
    return [pass_sql(together, OCSF, rows, _IDENTITY) for together in passes(chosen)]
