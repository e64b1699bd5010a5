"""How does the answer fit on one screen: came in with what, how far, what is closed, what is unknown, what next?"""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Console
from rich.text import Text

from cloison.cli.safe import instant, shown
from cloison.model.wording import many, plural
from cloison.service.answers import Dossier, DossierHeld
from cloison.service.answers import DossierReach as Reach

_LIFE = {"proven": "dead by now", "refuted": "still alive", "unknown": "its end is unknown"}
_ACTS = 5
_LINES = 6
_HELD = 12


def print_screen(console: Console, dossier: Dossier, report: str) -> None:
    """Print the one-screen answer; every word out of a log is made inert first."""
    for style, text in _lines(dossier, report):
        console.print(Text(shown(text), style=style), soft_wrap=True)


def _at(time: datetime | None) -> str:
    """A moment to the second: the record has the rest."""
    return instant(time.replace(microsecond=0)) if time else ""


def _lines(dossier: Dossier, report: str) -> Iterator[tuple[str, str]]:
    account = dossier.account
    yield "bold", f"{dossier.title}: {many(account.received, 'record')} received from {many(account.evidence, 'file')}"
    yield (
        "dim",
        (
            f"  = {account.stored:,} stored + {account.duplicate:,} duplicate + {account.rejected:,} rejected"
            f" ({account.unrecognised:,} recognised by no source)"
        ),
    )
    yield from _entries(dossier)
    yield from _reach(dossier)
    yield from _closed(dossier)
    yield from _unknown(dossier)
    yield "bold", "What to do next"
    for number, act in enumerate(dossier.next_acts[:_ACTS], start=1):
        yield "", f"  {number}. {act}"
    if len(dossier.next_acts) > _ACTS:
        yield "dim", f"  and {len(dossier.next_acts) - _ACTS} more in the report"
    yield "bold", "Can we prove it?  `cloison explain CASE UID` leads from any row to its raw records"
    yield "bold", f"Report: {report}"


def _entries(dossier: Dossier) -> Iterator[tuple[str, str]]:
    ledger = dossier.ledger
    yield "bold", f"Was it used?  {ledger.misused:,} of {many(ledger.total, 'exposed credential')} were misused"
    for one in dossier.entries[:_LINES]:
        yield (
            "red",
            (
                f"  {one.kind.replace('_', ' ')} {one.uid} ({one.system}, {one.principal}) from {one.address}"
                f" since {_at(one.since)} · {_LIFE[one.verdict]}"
            ),
        )
    if len(dossier.entries) > _LINES:
        yield "dim", f"  and {len(dossier.entries) - _LINES:,} more in the report"
    if not dossier.entries:
        seen = sum(count for _, _, count, _, _ in dossier.sightings)
        indicators, events = many(len(dossier.sightings), "indicator"), many(dossier.events, "event")
        yield "", f"  {many(seen, 'sighting')} of {indicators} in {events}"


def _reach(dossier: Dossier) -> Iterator[tuple[str, str]]:
    yield "bold", "How far did they get?"
    told = [one for one in dossier.reach if one.total is not None] or [one for one in dossier.reach if one.read]
    yield from (("", f"  {_counted(one)}") for one in told[:_LINES])
    others = [one for one in dossier.reach if one.read and one not in told]
    if others:
        yield "dim", "  also read: " + ", ".join(_in_short(one) for one in others)
    for account in _of(dossier, "principal", "session_account"):
        yield "red", f"  account created: {account.uid} in {account.system} at {_at(account.since)}"
    for kind, word in (("app", "app installed or changed"), ("host", "host compromised")):
        for held in [one for one in dossier.held if one.kind == kind and one.standing == "proven"][:_LINES]:
            yield "red", f"  {word}: {held.uid} since {_at(held.since)}"
    for moment in [one for one in dossier.denied if one.system == "network"][:_LINES]:
        yield "", f"  attempted and refused: {moment.what} from {moment.principal} at {_at(moment.time)}"


def _in_short(one: Reach) -> str:
    return f"{many(one.read, one.resource_kind)} ({one.system})"


def _counted(one: Reach) -> str:
    """`bitbucket: 120 of 11,904 repositories read, 76 taken; 126 attempted`."""
    total = f" of {one.total:,}" if one.total is not None else ""
    taken = f", {one.taken:,} taken" if one.taken else ""
    more = f" (at most {one.at_most:,})" if one.at_most > one.read else ""
    return (
        f"{one.system}: {one.read:,}{total} {plural(one.resource_kind)} read{taken}{more}; {one.attempted:,} attempted"
    )


def _of(dossier: Dossier, kind: str, rule: str) -> list[DossierHeld]:
    return [held for held in dossier.held if held.kind == kind and held.rule == rule and held.standing == "proven"]


def _closed(dossier: Dossier) -> Iterator[tuple[str, str]]:
    kept = dossier.to_close
    still = [held for held in kept if held.until is None]
    whole = f"{len(kept):,} compromised principals, apps, hosts and addresses are closed"
    yield "bold", f"Is it closed?  {len(kept) - len(still):,} of {whole}"
    told = sorted(kept, key=lambda held: held.until is not None)
    for held in told[:_HELD]:
        when = f"closed at {_at(held.until)}" if held.until else f"OPEN, last seen {_at(held.last_seen_at) or '?'}"
        yield "green" if held.until else "red", f"  {held.kind} {held.uid} ({held.system or 'network'}): {when}"
    if len(told) > _HELD:
        yield "dim", f"  and {len(told) - _HELD:,} more in the report, {max(len(still) - _HELD, 0):,} of them open"
    ledger = dossier.ledger
    yield (
        "",
        (
            f"  credentials: {ledger.proven:,} of {ledger.total:,} proven dead, {ledger.refuted:,} alive, "
            f"{ledger.unknown:,} unknown"
        ),
    )


def _unknown(dossier: Dossier) -> Iterator[tuple[str, str]]:
    yield "bold", "What is unknown?"
    holes = sum(len(one.gaps) for one in dossier.coverage)
    yield (
        "",
        (
            f"  {many(len(dossier.coverage), 'source')}, {many(holes, 'hole')} in their hours; "
            f"{many(dossier.account.rejected, 'record')} not read"
        ),
    )
    yield (
        "",
        (
            f"  {dossier.sessions.get('suspected', 0):,} sessions suspected, "
            f"{dossier.sessions.get('unknown', 0):,} unknown"
            f" of {sum(dossier.sessions.values()):,} by named principals"
        ),
    )
    for found, says in ((dossier.unswept, "can be in no event"), (dossier.cautions, "are flagged and not followed")):
        if found:
            first = ", ".join(f"{kind} {value}: {why}" for kind, value, why in found[:2])
            yield (
                "",
                f"  {len(found):,} of {len(dossier.sightings):,} indicators {says} ({first}{', …' * (len(found) > 2)})",
            )
