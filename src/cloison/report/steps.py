"""Which moments tell the incident, what kind of act is each, and which few make up its path?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from cloison.report.dossier import Dossier, Moment

Act = Literal["entry", "read", "taken", "made", "refused", "seen", "closed", "other"]
STEPS = 28
"""How many moments of the path are numbered; the others are drawn without a number, and all are in the timeline."""
RESPONDERS = "responders"
"""The lane of those who answered, whatever the system."""

_ACTS: tuple[tuple[re.Pattern[str], Act], ...] = (
    (re.compile(r"access tried and refused|.*\(refused\)$|host .* was refused by ", re.DOTALL), "refused"),
    (re.compile(r"session opened "), "entry"),
    (re.compile(r"(viewed|searched) "), "read"),
    (re.compile(r"(archived|cloned|downloaded) "), "taken"),
    (re.compile(r"(account|app) |privileges or groups |token, key or policy |.* added to group "), "made"),
    (re.compile(r"host .* spoke to "), "made"),
    (re.compile(r"indicator .* first seen here"), "seen"),
)
_LASTING: tuple[Act, ...] = ("made", "closed")
_URGENCY: tuple[Act, ...] = ("entry", "taken", "made", "closed", "read", "refused", "seen", "other")
_PAUSE = re.compile(r"pause until (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")


@dataclass(frozen=True)
class Pause:
    """A time in which nothing but brief tests of access happened."""

    since: datetime
    until: datetime
    what: str


@dataclass(frozen=True)
class Step:
    """A moment of the incident with the kind of its act; `number` is its place in the path, 0 when it has none."""

    moment: Moment
    act: Act
    lane: str
    number: int = 0


def of_incident(dossier: Dossier) -> tuple[Moment, ...]:
    """The moments that are proven, and those in which someone closed what is proven to be compromised."""
    closing = {one.closed_by for one in dossier.held if one.standing == "proven" and one.closed_by}
    return tuple(one for one in dossier.timeline if one.standing == "proven" or one.event_uid in closing)


def aside(dossier: Dossier) -> tuple[Moment, ...]:
    """The other moments: suspected, or closing what was only suspected."""
    told = set(map(id, of_incident(dossier)))
    return tuple(one for one in dossier.timeline if id(one) not in told)


def act_of(moment: Moment) -> Act:
    """What kind of act a moment is, by how the timeline words it."""
    if moment.standing == "expected":
        return "closed"
    return next((act for worded, act in _ACTS if worded.match(moment.what)), "other")


def pauses(moments: Iterable[Moment]) -> tuple[Pause, ...]:
    """The pauses that the timeline names."""
    found = ((one, _PAUSE.match(one.what)) for one in moments)
    return tuple(Pause(one.time, _moment(match[1]), one.what) for one, match in found if match)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).replace(tzinfo=None)


def steps(moments: Iterable[Moment]) -> tuple[Step, ...]:
    """Every moment that has a system, in order, the path's own numbered from one."""
    plain = [_step(one) for one in moments if one.system and not _PAUSE.match(one.what)]
    chosen = {id(step) for step in _chosen(plain)}
    numbered: list[Step] = []
    number = 0
    for step in sorted(plain, key=lambda step: step.moment.time):
        number += id(step) in chosen
        numbered.append(Step(step.moment, step.act, step.lane, number if id(step) in chosen else 0))
    return tuple(numbered)


def _step(moment: Moment) -> Step:
    act = act_of(moment)
    return Step(moment, act, RESPONDERS if act == "closed" else moment.system or "")


def _chosen(found: list[Step]) -> list[Step]:
    """The first of each act in each lane, then all that was made or closed, the most urgent acts first."""
    first: dict[tuple[str, Act], Step] = {}
    for step in found:
        first.setdefault((step.lane, step.act), step)
    busy = {lane for lane, act in first if act not in ("seen", "other")}
    opening = [step for step in first.values() if step.act not in ("seen", "other") or step.lane not in busy]
    later = [step for step in found if step.act in _LASTING and step not in first.values()]
    urgent = sorted([*opening, *later], key=lambda step: (_URGENCY.index(step.act), step in later, step.moment.time))
    return urgent[:STEPS]
