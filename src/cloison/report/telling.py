"""How is a moment, a cause, an end, an absence or a thing to do told in words, from what it is made of?"""

import re
from collections.abc import Mapping

from cloison.report.document import NOTHING, Safe
from cloison.report.dossier import Absence, Entry, Held, Moment, Todo
from cloison.report.teller import Teller

_SUBJECTS: Mapping[str, str] = {
    "opened": "network",
    "refused": "network",
    "account_created": "account",
    "account_changed": "account",
    "group_joined": "account",
    "app_installed": "app",
    "app_removed": "app",
    "app_enabled": "app",
    "app_disabled": "app",
    "app_changed": "app",
    "host_spoke": "host",
    "host_refused": "host",
    "sighted": "indicator",
}
"""What kind of name the subject of each act has; that of what was closed follows from its kind."""
_OBJECTS: Mapping[str, str] = {"group_joined": "group", "host_spoke": "host", "host_refused": "host"}
"""What kind of name its object has, where that is no free text."""
_TRIED: Mapping[str, str] = {"host": "host", "account": "account"}
"""What kind of name a thing of that kind has that was tried; any other is an object."""
_READING = ("viewed", "archived", "cloned", "downloaded")
_REFUSED = "_refused"
_STAMP = re.compile(r"\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\dZ)")
"""A time as a table's sentence holds it; on a page it is written as every other."""
_HOURS = re.compile(r"[0-9TZ:-]{10,20}/[0-9TZ:-]{10,20}")


def moment(teller: Teller, one: Moment) -> Safe:
    """What happened at a moment, in one line."""
    if one.act in _READING:
        return _reading(teller, one)
    act = one.act
    refused = act.endswith(_REFUSED) and f"act.{act}" not in teller.tongue.phrases
    act = act.removesuffix(_REFUSED) if refused else act
    if f"act.{act}" not in teller.tongue.phrases:
        return teller.say("act.other") if teller.public else teller.text(one.what)
    told = teller.say(f"act.{_nameless(act, one)}", **_values(teller, act, one))
    return teller.say("act.was_refused", act=told) if refused else told


def _nameless(act: str, one: Moment) -> str:
    return "account_requested" if act == "account_created" and not one.subject else act


def _values(teller: Teller, act: str, one: Moment) -> dict[str, Safe]:
    times = one.times or 0
    hours = (one.until - one.time).total_seconds() // 3600 if one.until else 0
    named = _named(teller, act, one.subject)
    return {
        "subject": named or Safe("?"),
        "object": _object(teller, act, one),
        "thing": teller.thing(one.kind or "", one.subject),
        "until": teller.value(one.until) if one.until else NOTHING,
        "hours": teller.value(int(hours)),
        "times": teller.value(times),
        "events": _span(teller, one, "event"),
        "connections": _span(teller, one, "connection"),
        "sightings": teller.counted(times, "sighting"),
        "tries": teller.counted(times, "try"),
        "tests": teller.say("act.tests", times=teller.counted(times, "single_act")) if times else NOTHING,
    }


def _span(teller: Teller, one: Moment, kind: str) -> Safe:
    """So many of a kind, and until when where they took their time."""
    counted = teller.counted(one.times or 0, kind)
    if one.until is None or one.until <= one.time:
        return counted
    return teller.say("act.span", counted=counted, until=one.until)


def _named(teller: Teller, act: str, value: str | None) -> Safe:
    if not value and _SUBJECTS.get(act) == "app":
        return teller.say("act.nameless")
    return teller.name(_SUBJECTS.get(act, "other"), value)


def _object(teller: Teller, act: str, one: Moment) -> Safe:
    if act == "tried":
        named = teller.name(_TRIED.get(one.kind or "", "object"), one.object)
        return named if teller.public or not one.kind else Safe(f"{teller.kind(one.kind)} {named}")
    kind = _OBJECTS.get(act)
    return teller.name(kind, one.object) if kind else teller.text(one.object)


def _reading(teller: Teller, one: Moment) -> Safe:
    objects = teller.counted(one.times or 0, one.kind or "object")
    act = teller.say(f"act.{one.act}", objects=objects)
    if teller.public or not one.object:
        return act
    return teller.say("act.only" if one.times == 1 else "act.first", act=act, object=teller.text(one.object))


def cause(teller: Teller, one: Held) -> Safe:
    """Why something is compromised: the sentence of its rule, with its cause."""
    if f"rule.{one.rule}" not in teller.tongue.phrases or not one.cause_uid:
        return teller.text(one.why)
    named = teller.of_kind(one.cause_kind, one.cause_uid)
    return teller.say(f"rule.{one.rule}", cause=named)


def life(teller: Teller, one: Entry) -> Safe:
    """Why a credential is dead, alive or unknown."""
    if teller.tongue.lang == "en" and not teller.public:
        return Safe(_STAMP.sub(r"\1 \2", teller.text(one.why)))
    ended = {"state": teller.say(f"ended.{one.state or 'none'}"), "revoked": teller.value(one.revoked_at or one.since)}
    if one.revoked_at is None:
        alive = one.verdict == "refuted"
        return teller.say("why.alive", uses=one.uses, last=one.since) if alive else teller.say("why.unknown")
    if one.verdict == "proven":
        return teller.say("why.proven", **ended, as_of=one.as_of or one.revoked_at)
    after = "why.outlived" if one.outlived_by else "why.after_end"
    return teller.say(after if one.verdict == "refuted" else "why.gap", **ended)


def absent(teller: Teller, one: Absence) -> Safe:
    """What is behind the verdict on an absence."""
    if one.verdict == "refuted":
        return teller.say("absent.refuted")
    if one.verdict == "proven":
        logs = teller.listed([teller.source(log) for log in (one.covered_by or "").split(", ") if log])
        told = teller.say("absent.proven", logs=logs)
        strangers = teller.say("absent.principals", count=one.by_principals) if one.by_principals else NOTHING
        return teller.apart([told, strangers]) if strangers else told
    if one.covered_by is None and not one.gaps:
        return teller.say("absent.unlogged")
    if one.covered_by is None:
        return teller.say("absent.gaps")
    return teller.say("absent.suspected", count=one.suspected)


def gap(teller: Teller, text: str) -> Safe:
    """A hole in the hours of a source: `jira_access 2023-11-18T02:00Z/2023-11-18T05:00Z`, or the level it was at."""
    source, worded, rest = text.partition(" writes it only from level ")
    level, of, more = rest.partition(" of ")
    area, on, was = more.partition(" on, and was at ")
    if worded and of and on:
        values = {"source": teller.source(source), "level": teller.text(level), "area": teller.text(area)}
        return teller.say("absent.level", **values, was=teller.text(was))
    log, apart, hours = text.rpartition(" ")
    shown = Safe(hours) if _HOURS.fullmatch(hours) else teller.text(hours)
    return Safe(f"{teller.source(log)} {shown}") if apart else shown


def todo(teller: Teller, one: Todo) -> Safe:
    """One thing to do."""
    why = cause(teller, one.held) if one.held else life(teller, one.entry) if one.entry else NOTHING
    thing, uid = teller.thing(one.kind, one.uid), teller.of_kind(one.kind, one.uid)
    values = {
        "thing": thing,
        "the": teller.definite(thing),
        "uid": uid,
        "system": teller.system(one.system),
        "why": why,
        "seen": _seen(teller, one),
    }
    return teller.say(f"todo.{one.act}", **values, count=one.count)


def _seen(teller: Teller, one: Todo) -> Safe:
    told = [
        teller.say("todo.seen", kind=teller.kind(kind), value=teller.indicator(kind, value), why=note(teller, why))
        for kind, value, why in one.seen
    ]
    listed = teller.apart(told)
    return teller.say("todo.seen_more", seen=listed, count=one.count) if one.count else listed


def note(teller: Teller, text: str) -> Safe:
    """A remark of the product about an indicator, in the report's language; a person's own as it is."""
    return Safe(teller.tongue.sentences[text]) if text in teller.tongue.sentences else teller.text(text)
