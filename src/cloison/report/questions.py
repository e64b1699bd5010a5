"""What do the four questions come to: was it used, how far, is it closed, can we prove it?

An answer is proven, refuted or unknown; a count names its whole; "no evidence" is said only of hours that are covered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cloison.model.wording import plural
from cloison.report.dossier import Dossier, Held, Reach
from cloison.report.words import counted, share

Tone = Literal["bad", "good", "unsure"]
_LINES = 5
CLOSABLE = frozenset({"principal", "app", "host", "address"})
"""What someone has to close; credentials have their own ledger, and a session ends."""


@dataclass(frozen=True)
class Figure:
    """A count, the whole that it is a part of, and what was counted."""

    count: int
    of: int | None
    what: str


@dataclass(frozen=True)
class Line:
    """A sentence below the figures, and the moment that it speaks of."""

    says: str
    at: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """A question with its short answer, how sure that is, the figures and what they rest on."""

    uid: str
    question: str
    says: str
    verdict: str
    tone: Tone
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]


def answers(dossier: Dossier) -> tuple[Answer, ...]:
    """The four questions, answered."""
    return (_used(dossier), _far(dossier), _closed(dossier), _provable(dossier))


def _used(dossier: Dossier) -> Answer:
    ledger = dossier.ledger
    seen = [one for one in dossier.sightings if one[2]]
    figures = [Figure(ledger.misused, ledger.total, "exposed credentials were misused")] if ledger.total else []
    if dossier.sightings:
        figures.append(Figure(len(seen), len(dossier.sightings) - len(dossier.unswept), "indicators were seen"))
    says, verdict, tone = _use(dossier, sightings=len(seen))
    return Answer("used", "Was it used?", says, verdict, tone, tuple(figures), tuple(_use_lines(dossier)))


def _use(dossier: Dossier, *, sightings: int) -> tuple[str, str, Tone]:
    if dossier.ledger.misused or dossier.sessions.get("proven"):
        return "Yes", "proven", "bad"
    if sightings or dossier.sessions.get("suspected"):
        return "Perhaps", "unknown", "unsure"
    if not dossier.coverage:
        return "No log says", "unknown", "unsure"
    if any(one.gaps for one in dossier.coverage) or dossier.account.rejected:
        return "Not seen, with gaps", "unknown", "unsure"
    return "Not seen in the hours covered", "no evidence", "good"


def _use_lines(dossier: Dossier) -> Iterator[Line]:
    for one in dossier.entries[:_LINES]:
        owner = f", {one.principal}" if one.principal not in ("", one.uid) else ""
        named = f"{one.kind.replace('_', ' ')} {one.uid} ({one.system}{owner})"
        yield Line(f"{named} first from {one.address} at", one.since)
    if len(dossier.entries) > _LINES:
        yield Line(f"and {len(dossier.entries) - _LINES:,} more, in the credentials' ledger")
    proven, suspected = dossier.sessions.get("proven", 0), dossier.sessions.get("suspected", 0)
    total = sum(dossier.sessions.values())
    if total:
        whose = f"{proven:,} of {total:,} sessions of named principals are the intruder's"
        yield Line(f"{whose}, {suspected:,} are suspected")


def _far(dossier: Dossier) -> Answer:
    known = [one for one in dossier.reach if one.total is not None] or [one for one in dossier.reach if one.read]
    reached = {one.system for one in dossier.reach if one.read}
    suspected = any(one.at_most > one.read for one in dossier.reach)
    nowhere = "Perhaps further than counted" if suspected else "No reading is on record"
    says = f"Into {counted(len(reached), 'system')}" if reached else nowhere
    verdict = "proven" if reached else "unknown" if suspected or not dossier.coverage else "no evidence"
    tone: Tone = "bad" if reached else "unsure" if verdict == "unknown" else "good"
    figures = tuple(Figure(one.read, one.total, _reading(one)) for one in known)
    return Answer("far", "How far did they get?", says, verdict, tone, figures, tuple(_far_lines(dossier)))


def _reading(one: Reach) -> str:
    taken = f", {one.taken:,} taken" if one.taken else ""
    most = f" (at most {one.at_most:,})" if one.at_most > one.read else ""
    said = f" · {share(one.read, one.total)}" if one.total and one.read else ""
    return f"{plural(one.resource_kind, one.total or one.read)} read{taken}{most} in {one.system}{said}"


def _far_lines(dossier: Dossier) -> Iterator[Line]:
    uncounted = [one for one in dossier.reach if one.read and one.total is None]
    if uncounted and len(uncounted) < len(dossier.reach):
        said = (f"{counted(one.read, one.resource_kind)} ({one.system})" for one in uncounted)
        yield Line(f"also read: {', '.join(said)}")
    made = [one for one in _proven(dossier) if one.kind == "principal" and one.rule == "session_account"]
    for word, found in (
        ("account created", made),
        ("installed", [one for one in _proven(dossier) if one.kind == "app"]),
        ("host compromised", [one for one in _proven(dossier) if one.kind == "host"]),
    ):
        for one in found[:_LINES]:
            yield Line(f"{word}: {one.uid}{f' in {one.system}' if one.system else ''}, since", one.since)
        if len(found) > _LINES:
            yield Line(f"and {len(found) - _LINES:,} more, listed below: {word}")
    if dossier.denied:
        yield Line(f"{counted(len(dossier.denied), 'place')} tried and refused")


def _closed(dossier: Dossier) -> Answer:
    kept = [one for one in _proven(dossier) if one.kind in CLOSABLE]
    shut = [one for one in kept if one.until is not None]
    ledger = dossier.ledger
    what = "compromised principals, apps, hosts and addresses are closed"
    figures = [Figure(len(shut), len(kept), what)] if kept else []
    if ledger.total:
        figures.append(Figure(ledger.proven, ledger.total, "exposed credentials are proven dead"))
    says, verdict, tone = _closing(len(kept) - len(shut) + ledger.refuted, ledger.unknown, bool(figures))
    return Answer("closed", "Is it closed?", says, verdict, tone, tuple(figures), tuple(_open_lines(dossier, kept)))


def _closing(standing_open: int, unsettled: int, asked: bool) -> tuple[str, str, Tone]:
    if standing_open:
        return "No", "refuted", "bad"
    if unsettled:
        return "Not known yet", "unknown", "unsure"
    return ("Yes", "proven", "good") if asked else ("Nothing to close was found", "no evidence", "unsure")


def _open_lines(dossier: Dossier, kept: list[Held]) -> Iterator[Line]:
    still = [one for one in kept if one.until is None]
    for one in still[:_LINES]:
        where = f" ({one.system})" if one.system else ""
        seen = ", last seen" if one.last_seen_at else ""
        yield Line(f"open: {one.kind} {one.uid}{where}{seen}", one.last_seen_at)
    if len(still) > _LINES:
        yield Line(f"and {len(still) - _LINES:,} more open, listed below")
    if dossier.ledger.total:
        yield Line(f"credentials: {dossier.ledger.refuted:,} alive, {dossier.ledger.unknown:,} unknown")


def _provable(dossier: Dossier) -> Answer:
    account = dossier.account
    holes = sum(len(one.gaps) for one in dossier.coverage)
    adds_up = account.received == account.stored + account.duplicate + account.rejected
    whole = adds_up and not holes and not account.rejected and bool(account.received)
    says = "Yes" if whole else "Yes, for what was read" if adds_up and account.stored else "No"
    tone: Tone = "good" if whole else "unsure" if adds_up and account.stored else "bad"
    verdict = "proven" if whole else "with gaps" if adds_up and account.stored else "unknown"
    read = account.received - account.rejected
    figures = (Figure(read, account.received, f"records were read, out of {counted(account.evidence, 'file')}"),)
    lines = [
        Line(f"{account.rejected:,} not read, {account.unrecognised:,} of them recognised by no source"),
        Line(f"{counted(holes, 'hole')} in the hours of {counted(len(dossier.coverage), 'source')}"),
        Line("every row below names its event; each event leads to the bytes of its raw record"),
    ]
    return Answer("provable", "Can we prove it?", says, verdict, tone, figures, tuple(lines))


def _proven(dossier: Dossier) -> list[Held]:
    return [one for one in dossier.held if one.standing == "proven"]
