"""Which tables does the report hold, and in which columns?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from cloison.model.attack import name_of
from cloison.report import telling
from cloison.report.document import NOTHING, Cell, Safe, Table
from cloison.report.dossier import Absence, Coverage, Dossier, Entry, Held, Moment, Ran, Reach
from cloison.report.teller import Teller

ROWS = 500
"""A longer table stops here, and says how many rows it leaves to the case."""
_TONES = {"proven": "good", "refuted": "bad"}
_STANDINGS = {"proven": "bad", "expected": "good"}
_GRAVE = frozenset({"critical", "high"})


def _table(
    teller: Teller,
    name: str,
    columns: str,
    rows: Iterable[tuple[Cell | None, ...]],
    kept_in: str,
    ref: str,
    empty: str = "",
    *,
    folded: bool = False,
) -> Table:
    """A table of those columns for which the public, too, has cells; a cell of None is a column left out."""
    whole = [tuple(row) for row in rows]
    total, shown = len(whole), whole[:ROWS]
    kept = [n for n, _ in enumerate(columns.split()) if not shown or shown[0][n] is not None]
    named = [teller.say(f"column.{name}") for name in columns.split()]
    cells = tuple(tuple(row[n] or Cell(()) for n in kept) for row in shown)
    more, kept_rows = (
        teller.say("rows_elsewhere", rows=teller.counted(count, "row"), table=Safe(kept_in))
        for count in (total - len(shown), total)
    )
    return Table(
        teller.say(f"sheet.{name}"),
        tuple(named[n] for n in kept),
        cells,
        total,
        more if total > len(shown) else NOTHING,
        teller.say(empty) if empty else NOTHING,
        ref,
        kept_rows,
        folded=folded,
    )


def _cell(teller: Teller, value: Safe | int | object, style: str = "") -> Cell:
    told = teller.value(value) if value is not None and value != "" else NOTHING  # type: ignore[arg-type]
    return Cell((told,) if told else (), style)


def _events(teller: Teller, *uids: str | None) -> Cell | None:
    """The events behind a row; the public is not led to records."""
    found = tuple(Safe(teller.voice(uid)) for uid in dict.fromkeys(uid for uid in uids if uid))
    return None if teller.public else Cell(found, "uid")


def _thing(teller: Teller, kind: str, uid: str) -> Cell:
    return Cell((teller.thing(kind, uid),), "lead")


def compromised(teller: Teller, held: Iterable[Held], name: str, *, folded: bool = False) -> Table:
    """What is compromised, since when, whether it is closed, and why that is known."""
    rows = [_held(teller, one) for one in held]
    columns = "what where since state last_seen why event"
    empty = "compromised.none" if name == "compromised" else ""
    return _table(teller, name, columns, rows, "compromised", "compromised", empty, folded=folded)


def _held(teller: Teller, one: Held) -> tuple[Cell | None, ...]:
    state = teller.say("state.closed" if one.until else "state.open")
    return (
        _thing(teller, one.kind, one.uid),
        _cell(teller, teller.system(one.system) or teller.say("network"), "where"),
        _cell(teller, one.since, "time"),
        Cell((state, teller.value(one.until)) if one.until else (state,), "good" if one.until else "bad"),
        _cell(teller, one.last_seen_at, "time"),
        _cell(teller, telling.cause(teller, one), "why"),
        _events(teller, one.event_uid, one.closed_by),
    )


def ledger_rows(teller: Teller, entries: Iterable[Entry]) -> Table:
    """The exposed credentials that are alive or were misused."""
    rows = [
        (
            _thing(teller, one.kind, one.uid),
            _cell(teller, teller.system(one.system), "where"),
            _cell(teller, teller.name("account", one.principal)),
            Cell((teller.say(f"life.{_known(one.verdict)}"),), _TONES.get(one.verdict, "unsure")),
            _cell(teller, one.uses, "number"),
            _cell(teller, one.since, "time"),
            _cell(teller, telling.life(teller, one), "why"),
            _events(teller, one.event_uid),
        )
        for one in entries
    ]
    columns = "credential where whose dead uses last_use why event"
    return _table(teller, "ledger", columns, rows, "rotations", "open_rows", "credentials.none_alive")


def _known(verdict: str) -> str:
    return verdict if verdict in _TONES else "unknown"


def entries(teller: Teller, found: Iterable[Entry]) -> Table:
    """What the intruder came in with: the credential, from where first, and the record of it."""
    rows = [
        (
            _thing(teller, one.kind, one.uid),
            _cell(teller, teller.system(one.system), "where"),
            _cell(teller, teller.name("account", one.principal)),
            _cell(teller, teller.name("network", one.address)),
            _cell(teller, one.since, "time"),
            _events(teller, one.event_uid),
        )
        for one in found
    ]
    columns = "came_with where whose from_where first_at event"
    return _table(teller, "entries", columns, rows, "rotations", "entries", "compromised.no_entry")


def scope(teller: Teller, found: Iterable[Reach]) -> Table:
    """What was reached of things whose whole number is given, with both bounds and the share."""
    rows = [
        (*_reach(teller, one), _cell(teller, one.total, "number"), Cell((teller.share(one.read, one.total),), "number"))
        for one in found
        if one.total is not None
    ]
    return _table(teller, "scope", "reached where attempted read taken most total share", rows, "scope", "scope")


def uncounted(teller: Teller, found: Iterable[Reach]) -> Table:
    """What was reached of things whose whole number nobody gave."""
    rows = [_reach(teller, one) for one in found if one.total is None]
    return _table(teller, "uncounted", "reached where attempted read taken most", rows, "scope", "scope")


def _reach(teller: Teller, one: Reach) -> tuple[Cell, ...]:
    return (
        _cell(teller, teller.nouns(2, one.resource_kind), "lead"),
        _cell(teller, teller.system(one.system), "where"),
        *(_cell(teller, count, "number") for count in (one.attempted, one.read, one.taken, one.at_most)),
    )


def moments(
    teller: Teller,
    found: Iterable[Moment],
    name: str,
    kept_in: str = "timeline",
    empty: str = "",
    *,
    folded: bool = False,
) -> Table:
    """Moments in order, each with the event that proves it."""
    rows = [
        (
            _cell(teller, one.time, "time"),
            _cell(teller, teller.system(one.system), "where"),
            _cell(teller, doer(teller, one)),
            _cell(teller, telling.moment(teller, one), "lead"),
            Cell((teller.say(f"standing.{_stood(one.standing)}"),), _STANDINGS.get(one.standing, "unsure")),
            _events(teller, one.event_uid),
        )
        for one in found
    ]
    ref = "denied" if name == "denied" else "timeline"
    return _table(teller, name, "time where who what standing event", rows, kept_in, ref, empty, folded=folded)


def doer(teller: Teller, one: Moment) -> Safe:
    """Who did it: an account, or of connections a host."""
    return teller.name("host" if one.system == "network" else "account", one.principal)


def _stood(standing: str) -> str:
    return standing if standing in ("proven", "suspected", "expected") else "unknown"


def indicators(teller: Teller, dossier: Dossier) -> Table:
    """Every indicator, defanged, with how often and when it was seen; for the public only how many of each kind."""
    if teller.public:
        return _indicator_kinds(teller, dossier)
    unswept = {(kind, value): why for kind, value, why in dossier.unswept}
    cautions = {(kind, value): why for kind, value, why in dossier.cautions}
    rows = [
        (
            Cell((teller.indicator(kind, value),), "lead"),
            _cell(teller, teller.kind(kind)),
            _cell(teller, count or _unseen(teller, unseen=(kind, value) not in unswept), "number"),
            _cell(teller, first, "time"),
            _cell(teller, last, "time"),
            _cell(teller, _note(teller, unswept.get((kind, value)), cautions.get((kind, value)))),
        )
        for kind, value, count, first, last in dossier.sightings
    ]
    columns = "indicator kind sightings first last note"
    return _table(teller, "indicators", columns, rows, "sightings", "sightings", "indicators.none")


def _unseen(teller: Teller, *, unseen: bool) -> Safe:
    return teller.say("indicators.not_seen" if unseen else "indicators.unswept")


def _note(teller: Teller, unswept: str | None, caution: str | None) -> Safe:
    if unswept:
        return telling.note(teller, unswept)
    return teller.say("indicators.caution", why=telling.note(teller, caution)) if caution else NOTHING


def _indicator_kinds(teller: Teller, dossier: Dossier) -> Table:
    found: dict[str, list[int]] = defaultdict(list)
    for kind, _, count, _, _ in dossier.sightings:
        found[kind].append(count)
    rows = [
        (
            _cell(teller, teller.kind(kind), "lead"),
            _cell(teller, len(counts), "number"),
            _cell(teller, sum(map(bool, counts)), "number"),
            _cell(teller, sum(counts), "number"),
        )
        for kind, counts in sorted(found.items())
    ]
    columns = "kind given seen sightings"
    return _table(teller, "indicator_kinds", columns, rows, "sightings", "sightings", "indicators.none")


def coverage(teller: Teller, found: Iterable[Coverage]) -> Table:
    """From when to when each source speaks, and the holes in between."""
    rows = [
        (
            Cell((teller.source(one.source),), "lead"),
            _cell(teller, teller.system(one.system), "where"),
            _cell(teller, one.first_at, "time"),
            _cell(teller, one.last_at, "time"),
            _cell(teller, one.events, "number"),
            Cell(_holes(teller, one.gaps), "bad" if one.gaps else ""),
        )
        for one in found
    ]
    columns = "source system from to events holes"
    return _table(teller, "coverage", columns, rows, "coverage", "coverage", "coverage.none")


def _holes(teller: Teller, gaps: Sequence[str]) -> tuple[Safe, ...]:
    return tuple(telling.gap(teller, one) for one in gaps) or (teller.say("coverage.no_hole"),)


def absences(teller: Teller, found: Iterable[Absence]) -> Table:
    """What no event of the intruder's shows, of how many events, and for how many hours that holds."""
    rows = [
        (
            Cell((teller.say(f"access.{one.access}"),), "lead"),
            _cell(teller, teller.system(one.system), "where"),
            Cell((teller.say(f"verdict.{one.verdict}"),), _TONES.get(one.verdict, "unsure")),
            Cell((Safe(f"{teller.value(one.seen)} / {teller.value(one.events)}"),), "number"),
            _cell(teller, one.covered_hours, "number"),
            Cell((telling.absent(teller, one), *(telling.gap(teller, gap) for gap in one.gaps)), "why"),
            _events(teller, one.event_uid),
        )
        for one in found
    ]
    columns = "what where verdict of_events hours why event"
    return _table(teller, "absences", columns, rows, "absences", "absences", "absences.none")


def detections(teller: Teller, ran: Ran, *, theirs: bool) -> Table:
    """What each rule detected in what a proven intruder did, or only in what others did."""
    rows = [
        (
            _cell(teller, rule_title(teller, one.title, one.origin), "lead"),
            Cell((_level(teller, one.level),), "bad" if one.level in _GRAVE else "unsure"),
            _cell(teller, Safe(", ".join(one.techniques))),
            _cell(teller, one.theirs, "number"),
            _cell(teller, one.detections, "number"),
            _cell(teller, one.first_at, "time"),
            _cell(teller, one.last_at, "time"),
            _events(teller, one.event_uid),
        )
        for one in ran.found
        if bool(one.theirs) == theirs
    ]
    columns = "rule level techniques theirs detections first last event"
    name = "detections" if theirs else "detections_other"
    empty = "detections.none" if theirs else ""
    return _table(teller, name, columns, rows, "detections", "detections", empty, folded=not theirs)


def _level(teller: Teller, level: str) -> Safe:
    return teller.say(f"level.{level}") if f"level.{level}" in teller.tongue.phrases else teller.text(level)


def rule_title(teller: Teller, title: str, origin: str) -> Safe:
    """A rule's title: one of the product's own in the language, a person's own is text out of the case."""
    if not origin.startswith("cloison/"):
        return teller.text(title)
    return Safe(teller.tongue.rules.get(title) or teller.voice(title))


def techniques(teller: Teller, dossier: Dossier) -> Table:
    """The techniques that carried compromise, and those that rules detected in what the intruder did."""
    carried: dict[str, int] = defaultdict(int)
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for held in dossier.held:
        if held.technique and held.standing == "proven":
            carried[held.technique] += 1
    for one in dossier.ran.found if dossier.ran else ():
        for technique in one.techniques if one.theirs else ():
            found[technique][0] += one.theirs
            found[technique][1] += one.detections
    rows = [
        (
            _cell(teller, Safe(_technique(name)), "lead"),
            _cell(teller, carried[name], "number"),
            _cell(teller, found[name][0], "number"),
            _cell(teller, found[name][1], "number"),
        )
        for name in sorted({*carried, *found})
    ]
    columns = "technique carried theirs detections"
    return _table(teller, "techniques", columns, rows, "compromised", "compromised", "techniques.none")


def _technique(uid: str) -> str:
    named = name_of(uid)
    return uid if named == uid else f"{uid} {named}"


def unknowns(teller: Teller, dossier: Dossier) -> Table:
    """What is not known, how much of it there is, and what would settle it."""
    rows = [
        (
            _cell(teller, teller.say(f"unknown.{what}"), "lead"),
            _cell(teller, count, "number"),
            _cell(teller, teller.say(f"unknown.{what}_by")),
        )
        for what, count in _unknowns(dossier)
        if count
    ]
    return _table(teller, "unknown", "what how_many settles", rows, "coverage", "coverage", "unknown.none")


def _unknowns(dossier: Dossier) -> Iterator[tuple[str, int]]:
    account, sessions = dossier.account, dossier.sessions
    yield "no_source", int(not dossier.coverage)
    yield "ends", dossier.ledger.unknown
    yield "suspected_sessions", sessions.get("suspected", 0)
    yield "sessions", sessions.get("unknown", 0)
    yield "suspected", sum(one.standing == "suspected" for one in dossier.held)
    yield "holes", sum(len(one.gaps) for one in dossier.coverage)
    yield "unrecognised", account.unrecognised
    yield "rejected", account.rejected - account.unrecognised
    yield "promoted", sum(one.time is None for one in dossier.promoted)
    yield "totals", sum(one.total is None and bool(one.read) for one in dossier.reach)
