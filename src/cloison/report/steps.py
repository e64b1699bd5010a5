"""Which moments tell the incident, what kind of act is each, and which few make up its path?"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cloison.report.dossier import Dossier, Moment, Promoted

Act = Literal["entry", "read", "taken", "made", "refused", "seen", "closed", "other"]
STEPS = 28
"""How many moments of the path are numbered; the others are drawn without a number, and all are in the timeline."""
RESPONDERS = "responders"
"""The lane of those who answered, whatever the system."""

_ACTS: Mapping[str, Act] = {
    "refused": "refused",
    "host_refused": "refused",
    "opened": "entry",
    "viewed": "read",
    "searched": "read",
    "archived": "taken",
    "cloned": "taken",
    "downloaded": "taken",
    "account_created": "made",
    "account_changed": "made",
    "group_joined": "made",
    "privileges_changed": "made",
    "entity_changed": "made",
    "app_installed": "made",
    "app_removed": "made",
    "app_enabled": "made",
    "app_disabled": "made",
    "app_changed": "made",
    "host_spoke": "made",
    "sighted": "seen",
    "closed": "closed",
}
"""What kind of act each of the timeline's is; what was refused of it is refused."""
_LASTING: tuple[Act, ...] = ("made", "closed")
_MAKING = ("account_created", "app_installed")
_SAME = timedelta(minutes=1)
"""Two logs of one system tell one act no further apart."""
_URGENCY: tuple[Act, ...] = ("entry", "taken", "made", "closed", "read", "refused", "seen", "other")


@dataclass(frozen=True)
class Pause:
    """A time in which nothing but brief tests of access happened."""

    since: datetime
    until: datetime
    moment: Moment


@dataclass(frozen=True)
class Step:
    """A moment of the incident with the kind of its act; `number` is its place in the path, 0 when it has none."""

    moment: Moment
    act: Act
    lane: str
    number: int = 0


def of_incident(dossier: Dossier) -> tuple[Moment, ...]:
    """The moments that are proven, promoted, or in which someone closed what is proven to be compromised."""
    kept = {one.closed_by for one in dossier.held if one.standing == "proven" and one.closed_by}
    kept |= {one.event_uid for one in dossier.promoted}
    told = [one for one in dossier.timeline if one.standing == "proven" or one.event_uid in kept]
    known = {one.event_uid for one in told}
    added = [_added(one, one.time) for one in dossier.promoted if one.time and one.event_uid not in known]
    return tuple(sorted((*told, *added), key=lambda one: one.time) if added else told)


def _added(one: Promoted, time: datetime) -> Moment:
    """A promoted event of which the timeline has no line."""
    return Moment(time, one.system, one.principal, one.says, "promoted", one.event_uid)


def aside(dossier: Dossier) -> tuple[Moment, ...]:
    """The other moments: suspected, or closing what was only suspected."""
    told = set(map(id, of_incident(dossier)))
    return tuple(one for one in dossier.timeline if id(one) not in told)


def act_of(moment: Moment) -> Act:
    """What kind of act a moment is."""
    if moment.standing == "expected":
        return "closed"
    return _ACTS.get(moment.act) or ("refused" if moment.act.endswith("_refused") else "other")


def pauses(moments: Iterable[Moment]) -> tuple[Pause, ...]:
    """The pauses that the timeline names."""
    return tuple(Pause(one.time, one.until, one) for one in moments if one.act == "paused" and one.until)


def steps(moments: Iterable[Moment], promoted: Container[str | None] = ()) -> tuple[Step, ...]:
    """Every moment that has a system, in order, the path's own numbered from one; `promoted` events are of the path."""
    plain = [_step(one) for one in moments if one.system and one.act != "paused"]
    chosen = {id(step) for step in (*_chosen(plain), *(one for one in plain if one.moment.event_uid in promoted))}
    numbered: list[Step] = []
    number = 0
    for step in sorted(plain, key=lambda step: step.moment.time):
        number += id(step) in chosen
        numbered.append(Step(step.moment, step.act, step.lane, number if id(step) in chosen else 0))
    return tuple(numbered)


def _step(moment: Moment) -> Step:
    act = act_of(moment)
    return Step(moment, act, RESPONDERS if act == "closed" else moment.system or "")


def _retold(step: Step, found: list[Step]) -> bool:
    """Whether it names nothing, and another log tells the same act by the name of what it made."""
    return (
        step.moment.act in _MAKING
        and not step.moment.subject
        and any(
            one.moment.subject
            and one.moment.act == step.moment.act
            and one.lane == step.lane
            and abs(one.moment.time - step.moment.time) <= _SAME
            for one in found
        )
    )


def _chosen(found: list[Step]) -> list[Step]:
    """The first of each act in each lane, then all that was made or closed, the most urgent acts first."""
    first: dict[tuple[str, Act], Step] = {}
    for step in found:
        first.setdefault((step.lane, step.act), step)
    busy = {lane for lane, act in first if act not in ("seen", "other")}
    opening = [step for step in first.values() if step.act not in ("seen", "other") or step.lane not in busy]
    later = [step for step in found if step.act in _LASTING and step not in first.values() and not _retold(step, found)]
    urgent = sorted([*opening, *later], key=lambda step: (_URGENCY.index(step.act), step in later, step.moment.time))
    return urgent[:STEPS]
