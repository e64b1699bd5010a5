"""What happened, in a few sentences that a board can hear, each made of the figures of one query?"""

from collections.abc import Iterator

from cloison.report.document import NOTHING, Safe
from cloison.report.dossier import Dossier, Entry, Held, Moment, Reach
from cloison.report.questions import proven
from cloison.report.steps import pauses
from cloison.report.teller import Teller

_SAID = 8
_MADE = ("session_account", "session_app", "app_host", "indicator_host")
"""The rules by which something was made or taken over, not merely used."""

Sentence = tuple[Safe, str]
"""What it says, and the query that it rests on."""


def story(dossier: Dossier, told: tuple[Moment, ...], teller: Teller) -> Iterator[Sentence]:
    """The sentences in their order; one that says that nothing is proven where that is so."""
    acts = [one for one in told if one.standing == "proven" and one.act != "sighted" and one.system]
    if not acts:
        yield teller.say("story.none"), "timeline"
    else:
        ends = [one.until or one.time for one in acts]
        yield teller.say("story.span", first=min(one.time for one in acts), last=max(ends)), "timeline"
    if dossier.entries:
        yield _came(dossier.entries, teller), "entries"
    for reach in dossier.reach:
        if reach.total and reach.read:
            yield _read(reach, teller), "scope"
    made = [one for one in proven(dossier) if one.rule in _MADE and one.kind in ("principal", "app", "host")]
    if made:
        yield _made(made, teller), "compromised"
    for pause in pauses(told):
        times = pause.moment.times or 0
        said = "story.paused" if times else "story.paused_whole"
        acts_told = teller.counted(times, "single_act")
        yield teller.say(said, since=pause.since, until=pause.until, times=acts_told), "timeline"
    yield from _ends(dossier, teller)


def _came(entries: tuple[Entry, ...], teller: Teller) -> Safe:
    told = [
        teller.say(
            "story.came_one",
            thing=teller.thing(one.kind, one.uid),
            system=teller.system(one.system),
            time=one.since,
        )
        for one in entries[:_SAID]
    ]
    more = [teller.say("used.more", count=len(entries) - _SAID)] if len(entries) > _SAID else []
    counted = teller.counted(len(entries), "credential")
    return teller.say("story.came", entries=counted, list=teller.apart([*told, *more]))


def _read(one: Reach, teller: Teller) -> Safe:
    total = one.total or 0
    more = one.at_most > one.read
    return teller.say(
        "story.read",
        system=teller.system(one.system),
        read=one.read,
        total=total,
        kind=teller.nouns(total, one.resource_kind),
        share=teller.share(one.read, total),
        taken=teller.say("story.taken", taken=one.taken) if one.taken else NOTHING,
        bound=teller.say("story.most", most=one.at_most) if more else teller.say("story.exact"),
    )


def _made(made: list[Held], teller: Teller) -> Safe:
    told = [teller.thing(one.kind, one.uid) for one in made[:_SAID]]
    more = [teller.say("path.more", count=len(made) - _SAID)] if len(made) > _SAID else []
    return teller.say("story.made", list=teller.listed([*told, *more]))


def _ends(dossier: Dossier, teller: Teller) -> Iterator[Sentence]:
    kept = dossier.to_close
    shut = [one.until for one in kept if one.until is not None]
    if kept and shut:
        counts = {"kept": len(kept), "shut": len(shut), "open": len(kept) - len(shut)}
        yield teller.say("story.closing", **counts, last=max(shut)), "compromised"
    elif kept:
        yield teller.say("story.open", kept=len(kept)), "compromised"
    ledger = dossier.ledger
    if ledger.total:
        counts = {"total": ledger.total, "dead": ledger.proven, "alive": ledger.refuted, "unknown": ledger.unknown}
        yield teller.say("story.ledger", **counts), "ledger"
