"""What do the four questions come to: was it used, how far, is it closed, can we prove it?

An answer is proven, refuted or unknown; a count names its whole; "no evidence" is said only of hours that are covered.
"""

from collections.abc import Iterator
from typing import Literal

from cloison.report.document import NOTHING, Answer, Figure, Safe
from cloison.report.dossier import Dossier, Entry, Held, Reach
from cloison.report.teller import Teller

Tone = Literal["bad", "good", "unsure"]
Short = tuple[str, str, Tone]
"""The name of the short answer, the verdict and the tone."""
_LINES = 5


def answers(dossier: Dossier, teller: Teller) -> tuple[Answer, ...]:
    """The four questions, answered."""
    return tuple(asked(dossier, teller) for asked in (_used, _far, _closed, _provable))


def _answer(
    teller: Teller,
    uid: str,
    short: Short | Safe,
    verdict: str,
    tone: Tone,
    figures: list[Figure],
    lines: Iterator[Safe],
) -> Answer:
    says = short if isinstance(short, str) else teller.say(f"{uid}.{short[0]}")
    told = teller.say(f"verdict.{verdict}")
    return Answer(uid, teller.say(uid), Safe(says), told, tone, tuple(figures), tuple(lines), _REFS[uid])


_REFS = {"used": "ledger", "far": "scope", "closed": "compromised", "provable": "account"}


def _figure(teller: Teller, count: int, of: int | None, what: Safe) -> Figure:
    return Figure(teller.value(count), NOTHING if of is None else teller.value(of), what)


def _used(dossier: Dossier, teller: Teller) -> Answer:
    ledger = dossier.ledger
    seen = [one for one in dossier.sightings if one[2]]
    figures = [_figure(teller, ledger.misused, ledger.total, teller.say("used.misused"))] if ledger.total else []
    if dossier.sightings:
        sought = len(dossier.sightings) - len(dossier.unswept)
        figures.append(_figure(teller, len(seen), sought, teller.say("used.seen")))
    short = _use(dossier, sightings=len(seen))
    return _answer(teller, "used", short, short[1], short[2], figures, _use_lines(dossier, teller))


def _use(dossier: Dossier, *, sightings: int) -> Short:
    if dossier.ledger.misused or dossier.sessions.get("proven"):
        return "yes", "proven", "bad"
    if sightings or dossier.sessions.get("suspected"):
        return "perhaps", "unknown", "unsure"
    if not dossier.coverage:
        return "no_log", "unknown", "unsure"
    if any(one.gaps for one in dossier.coverage) or dossier.account.rejected:
        return "gaps", "unknown", "unsure"
    return "no", "no_evidence", "good"


def _use_lines(dossier: Dossier, teller: Teller) -> Iterator[Safe]:
    yield from (_came(one, teller) for one in dossier.entries[:_LINES])
    if len(dossier.entries) > _LINES:
        yield teller.say("used.more", count=len(dossier.entries) - _LINES)
    total = sum(dossier.sessions.values())
    if total:
        proven, suspected = dossier.sessions.get("proven", 0), dossier.sessions.get("suspected", 0)
        yield teller.say("used.sessions", proven=proven, total=total, suspected=suspected)


def _came(one: Entry, teller: Teller) -> Safe:
    return teller.say(
        "used.entry" if one.principal not in ("", one.uid) else "used.entry_own",
        thing=teller.thing(one.kind, one.uid),
        system=teller.system(one.system),
        owner=teller.name("account", one.principal),
        address=teller.name("network", one.address),
        time=one.since,
    )


def _far(dossier: Dossier, teller: Teller) -> Answer:
    known = [one for one in dossier.reach if one.total is not None] or [one for one in dossier.reach if one.read]
    reached = {one.system for one in dossier.reach if one.read}
    suspected = any(one.at_most > one.read for one in dossier.reach)
    into = teller.say("far.into", systems=teller.counted(len(reached), "system"))
    says = into if reached else teller.say("far.perhaps" if suspected else "far.none")
    verdict = "proven" if reached else "unknown" if suspected or not dossier.coverage else "no_evidence"
    tone: Tone = "bad" if reached else "unsure" if verdict == "unknown" else "good"
    figures = [_figure(teller, one.read, one.total, _reading(one, teller)) for one in known]
    return _answer(teller, "far", says, verdict, tone, figures, _far_lines(dossier, teller))


def _reading(one: Reach, teller: Teller) -> Safe:
    share = teller.say("far.share", share=teller.share(one.read, one.total)) if one.total and one.read else NOTHING
    return teller.say(
        "far.read",
        kind=teller.nouns(one.total or one.read, one.resource_kind),
        taken=teller.say("far.taken", taken=one.taken) if one.taken else NOTHING,
        most=teller.say("far.most", most=one.at_most) if one.at_most > one.read else NOTHING,
        system=teller.system(one.system),
        share=share,
    )


def _far_lines(dossier: Dossier, teller: Teller) -> Iterator[Safe]:
    uncounted = [one for one in dossier.reach if one.read and one.total is None]
    if uncounted and len(uncounted) < len(dossier.reach):
        told = [_also(one, teller) for one in uncounted]
        yield teller.say("far.also", list=teller.listed(told))
    made = [one for one in proven(dossier) if one.kind == "principal" and one.rule == "session_account"]
    for word, found in (
        ("account", made),
        ("app", [one for one in proven(dossier) if one.kind == "app"]),
        ("host", [one for one in proven(dossier) if one.kind == "host"]),
    ):
        yield from (held_line(teller, f"far.{word}", one) for one in found[:_LINES])
        if len(found) > _LINES:
            yield teller.say("far.more", count=len(found) - _LINES)
    if dossier.denied:
        yield teller.say("far.denied", places=teller.counted(len(dossier.denied), "place"))


def _also(one: Reach, teller: Teller) -> Safe:
    return teller.say(
        "far.also_one", counted=teller.counted(one.read, one.resource_kind), system=teller.system(one.system)
    )


def held_line(teller: Teller, phrase: str, one: Held) -> Safe:
    """A phrase about something compromised, with its system where it has one."""
    named, system = teller.of_kind(one.kind, one.uid), teller.system(one.system)
    return teller.say(f"{phrase}_in" if system else phrase, uid=named, system=system, time=one.since)


def _closed(dossier: Dossier, teller: Teller) -> Answer:
    kept = dossier.to_close
    shut = [one for one in kept if one.until is not None]
    ledger = dossier.ledger
    figures = [_figure(teller, len(shut), len(kept), teller.say("closed.kept"))] if kept else []
    if ledger.total:
        figures.append(_figure(teller, ledger.proven, ledger.total, teller.say("closed.dead")))
    short = _closing(len(kept) - len(shut) + ledger.refuted, ledger.unknown, bool(figures))
    return _answer(teller, "closed", short, short[1], short[2], figures, _open_lines(dossier, kept, teller))


def _closing(standing_open: int, unsettled: int, asked: bool) -> Short:
    if standing_open:
        return "no", "refuted", "bad"
    if unsettled:
        return "unknown", "unknown", "unsure"
    return ("yes", "proven", "good") if asked else ("nothing", "no_evidence", "unsure")


def _open_lines(dossier: Dossier, kept: tuple[Held, ...], teller: Teller) -> Iterator[Safe]:
    still = [one for one in kept if one.until is None]
    yield from (_open(one, teller) for one in still[:_LINES])
    if len(still) > _LINES:
        yield teller.say("closed.more", count=len(still) - _LINES)
    if dossier.ledger.total:
        yield teller.say("closed.ledger", alive=dossier.ledger.refuted, unknown=dossier.ledger.unknown)


def _open(one: Held, teller: Teller) -> Safe:
    system = teller.system(one.system)
    return teller.say(
        f"closed.open{'_in' if system else ''}{'_seen' if one.last_seen_at else ''}",
        thing=teller.thing(one.kind, one.uid),
        system=system,
        time=one.last_seen_at or one.since,
    )


def _provable(dossier: Dossier, teller: Teller) -> Answer:
    account = dossier.account
    holes = sum(len(one.gaps) for one in dossier.coverage)
    adds_up = account.received == account.stored + account.duplicate + account.rejected
    whole = adds_up and not holes and not account.rejected and bool(account.received)
    short: Short = ("yes", "proven", "good") if whole else ("partly", "with_gaps", "unsure")
    if not whole and not (adds_up and account.stored):
        short = ("no", "unknown", "bad")
    files = teller.say("provable.read", files=teller.counted(account.evidence, "file"))
    figures = [_figure(teller, account.received - account.rejected, account.received, files)]
    counted = {"holes": teller.counted(holes, "hole"), "sources": teller.counted(len(dossier.coverage), "source")}
    lines = (
        teller.say("provable.rejected", rejected=account.rejected, unrecognised=account.unrecognised),
        teller.say("provable.holes", **counted),
        teller.say("provable.public" if teller.public else "provable.rows"),
    )
    return _answer(teller, "provable", short, short[1], short[2], figures, iter(lines))


def proven(dossier: Dossier) -> list[Held]:
    """What is proven to be compromised."""
    return [one for one in dossier.held if one.standing == "proven"]
