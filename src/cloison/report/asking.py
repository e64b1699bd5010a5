"""How is the dossier drawn up: by which queries, run again each time, and with how many rows?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import duckdb

from cloison.model.attack import techniques_of
from cloison.report.dossier import (
    Absence,
    Account,
    Asked,
    Beat,
    Chosen,
    Coverage,
    Detection,
    Dossier,
    Entry,
    Held,
    Ledger,
    Moment,
    Promoted,
    Ran,
    Reach,
)
from cloison.report.queries import DETECTING, PROMOTING, QUERIES
from cloison.report.todo import in_english, todos

_Row = TypeVar("_Row")


@dataclass
class _Asking:
    """Runs queries by their names, and remembers what was run."""

    engine: duckdb.DuckDBPyConnection
    asked: list[Asked] = field(default_factory=list)

    def rows(self, name: str) -> list[tuple[object, ...]]:
        """What the query of that name gives."""
        sql = {**QUERIES, **DETECTING, **PROMOTING}[name].strip()
        found = self.engine.execute(sql).fetchall()
        self.asked.append(Asked(name, sql, len(found)))
        return found

    def all_of(self, kind: type[_Row], name: str) -> tuple[_Row, ...]:
        """What it gives, a row an instance; lists become tuples."""
        return tuple(kind(*map(_settled, row)) for row in self.rows(name))


def _settled(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def draw_up(
    engine: duckdb.DuckDBPyConnection, title: str, chosen: Iterable[Chosen] = (), *, detecting: bool = False
) -> Dossier:
    """Draw the dossier up from the result tables, which the engine holds under their names, and `indicators`.

    `chosen` is what people put into the curated timeline. With `detecting` the engine holds what rules detected too.
    """
    asking = _Asking(engine)
    [account] = asking.all_of(Account, "account")
    [(proven, refuted, unknown, misused)] = asking.rows("ledger")
    ledger = Ledger(_int(proven), _int(refuted), _int(unknown), _int(misused), asking.all_of(Entry, "open_rows"))
    held = asking.all_of(Held, "compromised")
    coverage = asking.all_of(Coverage, "coverage")
    cautious = tuple((str(kind), str(value), str(why)) for kind, value, why in asking.rows("cautious"))
    todo = todos(held, ledger, coverage, account, cautious)
    return Dossier(
        title=title,
        account=account,
        entries=asking.all_of(Entry, "entries"),
        reach=asking.all_of(Reach, "scope"),
        held=held,
        denied=asking.all_of(Moment, "denied"),
        ledger=ledger,
        coverage=coverage,
        timeline=asking.all_of(Moment, "timeline"),
        sessions={str(standing): _int(count) for standing, count in asking.rows("sessions")},
        sightings=tuple(asking.rows("sightings")),  # type: ignore[arg-type]
        next_acts=in_english(todo),
        cautions=tuple(asking.rows("cautions")),  # type: ignore[arg-type]
        unswept=tuple(asking.rows("unswept")),  # type: ignore[arg-type]
        todo=todo,
        ran=_ran(asking) if detecting else None,
        absences=asking.all_of(Absence, "absences"),
        activity=asking.all_of(Beat, "activity"),
        promoted=_promoted(asking, tuple(chosen)),
        asked=tuple(asking.asked),
    )


def _promoted(asking: _Asking, chosen: tuple[Chosen, ...]) -> tuple[Promoted, ...]:
    if not chosen:
        return ()
    asking.engine.execute("CREATE OR REPLACE TEMP TABLE chosen (event_uid VARCHAR, who VARCHAR, says VARCHAR)")
    asking.engine.executemany(
        "INSERT INTO chosen VALUES (?, ?, ?)", [[one.event_uid, one.by, one.says] for one in chosen]
    )
    return asking.all_of(Promoted, "promoted")


def _ran(asking: _Asking) -> Ran:
    [(rules, refused)] = asking.rows("rules")
    found = asking.rows("detections")
    return Ran(_int(rules), _int(refused), tuple(_detection(row) for row in found))


def _detection(row: tuple[object, ...]) -> Detection:
    title, level, tags, *others = row
    return Detection(title, level, techniques_of(tags), *others)  # type: ignore[arg-type]


def _int(value: object) -> int:
    return int(str(value))
