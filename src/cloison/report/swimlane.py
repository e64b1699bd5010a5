"""How did the incident go over time: a lane for each system, a mark for each act, the pauses shaded?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from markupsafe import Markup

from cloison.report import telling
from cloison.report.document import Safe
from cloison.report.drawing import Scale, element, picture, spanning
from cloison.report.steps import RESPONDERS, Act, Pause, Step
from cloison.report.teller import Teller

_WIDTH, _LEFT, _RIGHT = 1040, 152, 1024
_TOP, _LANE = 34, 46
_APART = 42.0
"""Marks of a lane that are nearer than this are drawn as one."""
_TOLD = 10
_LANES = 24
_LANE_CHARACTERS = 22
_GRAVITY: tuple[Act, ...] = ("taken", "made", "entry", "read", "closed", "refused", "seen", "other")

LEGEND: tuple[Act, ...] = ("entry", "read", "taken", "made", "refused", "seen", "closed")
"""The acts that a legend names, in its order."""


@dataclass(frozen=True)
class _Mark:
    """Steps of one lane that are too near to draw apart."""

    x: float
    y: float
    steps: tuple[Step, ...]

    @property
    def act(self) -> Act:
        """The gravest act among those that are numbered, or among all when none is."""
        numbered = [step for step in self.steps if step.number]
        return min((step.act for step in numbered or self.steps), key=_GRAVITY.index)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The places in the path of its numbered steps."""
        return tuple(step.number for step in self.steps if step.number)


def swimlane(steps: tuple[Step, ...], pauses: Iterable[Pause], teller: Teller) -> Markup:
    """The attack path; empty when nothing happened."""
    if not steps:
        return Markup()
    lanes = _lanes(steps)
    drawn = [step for step in steps if step.lane in lanes]
    scale = spanning((step.moment.time for step in drawn), _LEFT, _RIGHT)
    marks = [mark for row, lane in enumerate(lanes) for mark in _marks(drawn, lane, _middle(row), scale)]
    bottom = _TOP + _LANE * len(lanes)
    body = [*_ground(lanes, scale, bottom, teller), *(_shade(pause, scale, bottom, teller) for pause in pauses)]
    body += [*_path(marks), *(_mark(mark, teller) for mark in marks)]
    return picture(
        _WIDTH, bottom + 8, teller.say("path.caption", systems=teller.counted(len(systems_of(steps)), "system")), body
    )


def _lanes(steps: Iterable[Step]) -> list[str]:
    """The systems in the order in which they were reached, those who answered last."""
    found = dict.fromkeys(step.lane for step in steps)
    systems = [lane for lane in found if lane != RESPONDERS]
    return [*systems[:_LANES], *(lane for lane in found if lane == RESPONDERS)]


def _middle(row: int) -> float:
    return _TOP + _LANE * (row + 0.5)


def _ground(lanes: list[str], scale: Scale, bottom: float, teller: Teller) -> Iterator[Markup]:
    for row, lane in enumerate(lanes):
        kind = "lane odd" if row % 2 else "lane"
        yield element("rect", class_=kind, x=0, y=_TOP + _LANE * row, width=_WIDTH, height=_LANE)
        told = teller.say("path.responders") if lane == RESPONDERS else teller.system(lane)
        short = told if len(told) <= _LANE_CHARACTERS else f"{told[: _LANE_CHARACTERS - 1]}…"
        yield element("text", short, element("title", told), class_="name", x=12, y=_middle(row) + 5)
    for time, worded in scale.ticks(teller.tongue.tick):
        x = scale.at(time)
        yield element("line", class_="tick", x1=x, x2=x, y1=_TOP - 6, y2=bottom)
        yield element("text", worded, class_="axis", x=x, y=_TOP - 13, text_anchor="middle")


def _shade(pause: Pause, scale: Scale, bottom: float, teller: Teller) -> Markup:
    left, right = scale.at(pause.since), scale.at(pause.until)
    title = element("title", f"{teller.value(pause.since)}: {telling.moment(teller, pause.moment)}")
    rect = element("rect", class_="pause", x=left, y=_TOP, width=max(right - left, 1.0), height=bottom - _TOP)
    if right - left < 60:
        return element("g", title, rect)
    hours = (pause.until - pause.since).total_seconds() / 3600
    said = _paused(teller, hours)
    middle = (left + right) / 2
    return element("g", title, rect, element("text", said, class_="axis", x=middle, y=_TOP + 14, text_anchor="middle"))


def _paused(teller: Teller, hours: float) -> Safe:
    """How long a pause is, in hours or in days to a tenth."""
    if hours < 48:
        return teller.say("path.pause_hours", hours=round(hours))
    return teller.say("path.pause_days", days=Safe(teller.tongue.decimal(hours / 24)))


def systems_of(steps: Iterable[Step]) -> list[str]:
    """The systems in which something happened, without the lane of those who answered."""
    return [lane for lane in dict.fromkeys(step.lane for step in steps) if lane != RESPONDERS]


def _marks(steps: Iterable[Step], lane: str, y: float, scale: Scale) -> Iterator[_Mark]:
    """The lane's steps, near ones gathered: each mark begins where its first step is."""
    here = sorted((step for step in steps if step.lane == lane), key=lambda step: step.moment.time)
    start = -_APART
    placed: list[tuple[float, Step]] = []
    for step in here:
        x = scale.at(step.moment.time)
        start = x if x - start >= _APART else start
        placed.append((start, step))
    for x, near in groupby(placed, key=lambda pair: pair[0]):
        yield _Mark(x, y, tuple(step for _, step in near))


def _path(marks: Iterable[_Mark]) -> Iterator[Markup]:
    """Lines from each numbered act of the intruder to the next."""
    acts = [(step.number, mark) for mark in marks for step in mark.steps if step.number and step.act != "closed"]
    for (_, here), (_, there) in pairwise(sorted(acts, key=lambda pair: pair[0])):
        if here is not there:
            bend = (here.x + there.x) / 2
            points = ((here.x, here.y), (bend, here.y), (bend, there.y), (there.x, there.y))
            first, *others = (f"{x:.1f} {y:.1f}" for x, y in points)
            yield element("path", class_="path", d=f"M{first}C{' '.join(others)}")


def _mark(mark: _Mark, teller: Teller) -> Markup:
    title = element("title", "\n".join(_told(mark, teller)))
    if not mark.numbers:
        return element("g", title, shape(mark.act, mark.x, mark.y, 5.0))
    said = _numbers(mark.numbers)
    label = element("text", said, class_="number", x=mark.x, y=mark.y + 4.0, text_anchor="middle")
    return element("g", title, shape(mark.act, mark.x, mark.y, 11.0, wide=3.0 + len(said) * 3.7), label)


def _numbers(numbers: tuple[int, ...]) -> str:
    """`7`, `5-8` for a run of them, `5+` when others stand between them."""
    first, last = numbers[0], numbers[-1]
    if first == last:
        return str(first)
    return f"{first}-{last}" if last - first == len(numbers) - 1 else f"{first}+"


def _told(mark: _Mark, teller: Teller) -> Iterator[str]:
    for step in mark.steps[:_TOLD]:
        number = f"{step.number}. " if step.number else ""
        yield f"{number}{teller.value(step.moment.time)} {telling.moment(teller, step.moment)}"
    if len(mark.steps) > _TOLD:
        yield teller.say("path.more", count=len(mark.steps) - _TOLD)


def shape(act: Act, x: float, y: float, size: float, *, wide: float = 0.0) -> Markup:
    """Round for coming in, square for reading, pointed for taking, cut corners for closing: never by colour alone."""
    across = max(size, wide)
    if act in ("taken", "closed"):
        outline = _pointed(across, size) if act == "taken" else _cut(across, size)
        points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in outline)
        return element("polygon", class_=f"act {act}", points=points)
    corner = {"read": 1.5, "made": size * 0.5}.get(act, size)
    box = {"x": x - across, "y": y - size, "width": 2 * across, "height": 2 * size}
    return element("rect", class_=f"act {act}", rx=corner, **box)


def _pointed(across: float, size: float) -> tuple[tuple[float, float], ...]:
    """Two sides that run to a point."""
    flat, tip = across * 0.6, across + size * 0.6
    return ((-flat, -size), (flat, -size), (tip, 0), (flat, size), (-flat, size), (-tip, 0))


def _cut(across: float, size: float) -> tuple[tuple[float, float], ...]:
    """A box with its four corners cut off."""
    cut = size * 0.5
    right = ((across - cut, -size), (across, cut - size), (across, size - cut), (across - cut, size))
    return (*right, *((-dx, -dy) for dx, dy in right))


def key(act: Act) -> Markup:
    """The mark of an act, for the legend."""
    return element("svg", shape(act, 10, 10, 7.0), viewBox="0 0 20 20", class_="key", aria_hidden="true")
