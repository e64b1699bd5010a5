"""Which tables does the report hold, and in which columns?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cloison.model.wording import plural
from cloison.report.dossier import Coverage, Dossier, Entry, Held, Moment, Reach
from cloison.report.words import indicator

ROWS = 500
"""A longer table stops here, and says how many rows it leaves to the case."""

Value = str | int | datetime | None | tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A value and how it is set: a number, a time, a uid in small type, or a badge of a standing."""

    value: Value
    style: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table: what it says, its columns, its rows, and which `cloison show` table holds them all."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    kept_in: str

    @property
    def more(self) -> int:
        """How many rows are not shown."""
        return self.total - len(self.rows)


def _sheet(caption: str, columns: Sequence[str], rows: Sequence[tuple[Cell, ...]], kept_in: str) -> Sheet:
    return Sheet(caption, tuple(columns), tuple(rows[:ROWS]), len(rows), kept_in)


def _events(*uids: str | None) -> Cell:
    return Cell(tuple(dict.fromkeys(uid for uid in uids if uid)), "uid")


def compromised(held: Iterable[Held], caption: str) -> Sheet:
    """What is compromised, since when, whether it is closed, and why that is known."""
    columns = ("what", "where", "since", "state", "last seen", "why", "event")
    return _sheet(caption, columns, [_held(one) for one in held], "compromised")


def _held(one: Held) -> tuple[Cell, ...]:
    state = Cell(f"closed {one.until:%Y-%m-%d %H:%M:%S}Z" if one.until else "open", "good" if one.until else "bad")
    return (
        Cell(f"{one.kind.replace('_', ' ')} {one.uid}", "lead"),
        Cell(one.system or "network", "where"),
        Cell(one.since, "time"),
        state,
        Cell(one.last_seen_at, "time"),
        Cell(one.why),
        _events(one.event_uid, one.closed_by),
    )


def ledger_rows(entries: Iterable[Entry]) -> Sheet:
    """The exposed credentials that are alive or were misused."""
    columns = ("credential", "where", "whose", "dead?", "uses since exposed", "last use", "why", "event")
    rows = [
        (
            Cell(f"{one.kind.replace('_', ' ')} {one.uid}", "lead"),
            Cell(one.system, "where"),
            Cell(one.principal),
            Cell({"proven": "dead", "refuted": "alive"}.get(one.verdict, "unknown"), _TONES.get(one.verdict, "unsure")),
            Cell(one.uses, "number"),
            Cell(one.since, "time"),
            Cell(one.why),
            _events(one.event_uid),
        )
        for one in entries
    ]
    return _sheet("Exposed credentials that are alive or were misused", columns, rows, "rotations")


_TONES = {"proven": "good", "refuted": "bad"}


def entries(found: Iterable[Entry]) -> Sheet:
    """What the intruder came in with: the credential, from where first, and the record of it."""
    columns = ("came in with", "where", "whose", "from", "first at", "event")
    rows = [
        (
            Cell(f"{one.kind.replace('_', ' ')} {one.uid}", "lead"),
            Cell(one.system, "where"),
            Cell(one.principal),
            Cell(one.address),
            Cell(one.since, "time"),
            _events(one.event_uid),
        )
        for one in found
    ]
    return _sheet("What the intruder came in with", columns, rows, "rotations")


def uncounted(found: Iterable[Reach]) -> Sheet:
    """What was reached of things whose whole number nobody gave."""
    rows = [
        (
            Cell(plural(one.resource_kind), "lead"),
            Cell(one.system, "where"),
            Cell(one.attempted, "number"),
            Cell(one.read, "number"),
            Cell(one.taken, "number"),
            Cell(one.at_most, "number"),
        )
        for one in found
        if one.total is None
    ]
    columns = ("reached", "where", "attempted", "read", "taken", "read at most")
    return _sheet("Reached, of a whole that was not given", columns, rows, "touched")


def moments(found: Iterable[Moment], caption: str, kept_in: str = "timeline") -> Sheet:
    """Moments in order, each with the event that proves it."""
    columns = ("time (UTC)", "where", "who", "what", "standing", "event")
    rows = [
        (
            Cell(one.time, "time"),
            Cell(one.system, "where"),
            Cell(one.principal),
            Cell(one.what, "lead"),
            Cell("response" if one.standing == "expected" else one.standing, _STANDINGS.get(one.standing, "unsure")),
            _events(one.event_uid),
        )
        for one in found
    ]
    return _sheet(caption, columns, rows, kept_in)


_STANDINGS = {"proven": "bad", "expected": "good"}


def indicators(dossier: Dossier) -> Sheet:
    """Every indicator, defanged, with how often and when it was seen."""
    columns = ("indicator", "kind", "sightings", "first", "last", "note")
    unswept = {(kind, value): why for kind, value, why in dossier.unswept}
    cautions = {(kind, value): f"flagged, not followed: {why}" for kind, value, why in dossier.cautions}
    rows = [
        (
            Cell(indicator(kind, value), "lead"),
            Cell(kind.replace("_", " ")),
            Cell(count or ("not looked for" if (kind, value) in unswept else "not seen"), "number"),
            Cell(first, "time"),
            Cell(last, "time"),
            Cell(unswept.get((kind, value)) or cautions.get((kind, value), "")),
        )
        for kind, value, count, first, last in dossier.sightings
    ]
    return _sheet("Indicators, and how often each was seen", columns, rows, "sightings")


def coverage(found: Iterable[Coverage]) -> Sheet:
    """From when to when each source speaks, and the holes in between."""
    columns = ("source", "system", "from", "to", "events", "holes")
    rows = [
        (
            Cell(one.source, "lead"),
            Cell(one.system, "where"),
            Cell(one.first_at, "time"),
            Cell(one.last_at, "time"),
            Cell(one.events, "number"),
            Cell(", ".join(one.gaps) if one.gaps else "none found", "bad" if one.gaps else ""),
        )
        for one in found
    ]
    return _sheet("Sources and the hours that they cover", columns, rows, "coverage")


def unknowns(dossier: Dossier) -> Sheet:
    """What is not known, how much of it there is, and what would settle it."""
    columns = ("what", "how many", "what would settle it")
    rows = [row for row in map(_unknown, _unknowns(dossier)) if row[1].value]
    return _sheet("What is not known, and what would settle it", columns, rows, "coverage")


def _unknowns(dossier: Dossier) -> Iterator[tuple[str, int, str]]:
    account, sessions = dossier.account, dossier.sessions
    suspected = sum(one.standing == "suspected" for one in dossier.held)
    holes = sum(len(one.gaps) for one in dossier.coverage)
    absent = sum(one.total is None and bool(one.read) for one in dossier.reach)
    compromised_table, rejects = "`cloison show CASE compromised`", "`cloison show CASE rejects`"
    yield "what happened: no source speaks in this case", int(not dossier.coverage), "logs that a source reads"
    yield "exposed credentials whose end is on no record", dossier.ledger.unknown, "the issuer's record of their end"
    yield "sessions that are suspected", sessions.get("suspected", 0), "whoever knows their owner"
    yield "sessions that are unknown", sessions.get("unknown", 0), "the logs of the hours before them"
    yield "suspected principals, credentials, addresses and hosts", suspected, compromised_table
    yield "holes in the hours of a source", holes, "the logs of those hours"
    yield "records recognised by no source", account.unrecognised, f"a source that reads them: {rejects}"
    yield "records rejected for another cause", account.rejected - account.unrecognised, rejects
    yield "kinds of object read whose whole is not given", absent, "their totals: `--totals`"


def _unknown(row: tuple[str, int, str]) -> tuple[Cell, ...]:
    what, count, settles = row
    return (Cell(what, "lead"), Cell(count, "number"), Cell(settles))
