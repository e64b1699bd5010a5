"""How do counts lie in time: a bar for each stretch, a lane for each name, and what happened marked on it?"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from cloison.report.drawing import Scale, element, picture
from cloison.report.steps import Step
from cloison.report.swimlane import shape
from cloison.report.tongues import TONGUES
from cloison.report.words import Telling, instant

_WIDTH, _LEFT, _RIGHT = 1240, 190, 1232
_AXIS, _BARS, _LANE = 22, 84, 26
_SHADES = 5
_MARKS = 300
_NAME_CHARACTERS = 24

Leads = Callable[[datetime, datetime, str], str]
"""Where a stretch of time leads, of one name or of all ("")."""


@dataclass(frozen=True)
class Counted:
    """Counts in stretches of `step` from `since` on, by name."""

    since: datetime
    step: timedelta
    lanes: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def until(self) -> datetime:
        """Where the last stretch ends."""
        return self.since + self.step * max((len(counts) for _, counts in self.lanes), default=0)


@dataclass(frozen=True)
class Silence:
    """Hours of one name in which something is missing."""

    name: str
    since: datetime
    until: datetime
    why: str


def lanes(
    counted: Counted,
    said: str,
    tell: Telling,
    leads: Leads,
    *,
    steps: Iterable[Step] = (),
    silences: Iterable[Silence] = (),
    bars: bool = True,
) -> Markup:
    """The drawing; empty when nothing was counted."""
    if not counted.lanes:
        return Markup()
    scale = Scale(counted.since, counted.until, _LEFT, _RIGHT)
    top = _AXIS + (_BARS if bars else 0)
    rows: dict[str, float] = {name: float(top + _LANE * row) for row, (name, _) in enumerate(counted.lanes)}
    bottom = top + _LANE * len(rows)
    body = [*_axis(scale, bottom)]
    if bars:
        body += _bars(counted, scale, leads)
    for name, counts in counted.lanes:
        body += _lane(counted, name, counts, rows[name], tell, leads)
    body += [_silence(one, rows[one.name], scale, tell) for one in silences if one.name in rows]
    body += _marks(steps, rows, scale, tell)
    return picture(_WIDTH, bottom + 4, said, body, role="group")


def _axis(scale: Scale, bottom: float) -> Iterator[Markup]:
    for time, worded in scale.ticks(TONGUES["en"].tick):
        x = scale.at(time)
        yield element("line", class_="tick", x1=x, x2=x, y1=_AXIS - 6, y2=bottom)
        yield element("text", worded, class_="axis", x=x, y=_AXIS - 8, text_anchor="middle")


def _stretches(counted: Counted, counts: tuple[int, ...]) -> Iterator[tuple[int, datetime, datetime]]:
    """Each stretch in which something was counted."""
    for number, count in enumerate(counts):
        if count:
            begin = counted.since + counted.step * number
            yield count, begin, begin + counted.step


def _bars(counted: Counted, scale: Scale, leads: Leads) -> Iterator[Markup]:
    sums = tuple(sum(column) for column in zip(*(counts for _, counts in counted.lanes), strict=True))
    most = max(sums)
    yield element("text", f"{most:,}", class_="axis", x=_LEFT - 8, y=_AXIS + 10, text_anchor="end")
    yield element("line", class_="tick", x1=_LEFT, x2=_RIGHT, y1=_AXIS + _BARS - 4, y2=_AXIS + _BARS - 4)
    for count, begin, end in _stretches(counted, sums):
        high = max((_BARS - 8) * count / most, 1.0)
        title = element("title", f"{count:,} from {instant(begin)} to {instant(end)}")
        left, right = scale.at(begin), scale.at(end)
        place = {"x": left, "y": _AXIS + _BARS - 4 - high, "width": max(right - left - 1.0, 0.8), "height": high}
        bar = element("rect", title, class_="bar", **place)
        yield element("a", bar, href=leads(begin, end, ""), tabindex="-1", aria_hidden="true")


def _lane(
    counted: Counted, name: str, counts: tuple[int, ...], y: float, tell: Telling, leads: Leads
) -> Iterator[Markup]:
    scale = Scale(counted.since, counted.until, _LEFT, _RIGHT)
    told = tell(name.replace("_", " ")) or "of no system"
    short = told if len(told) <= _NAME_CHARACTERS else f"{told[: _NAME_CHARACTERS - 1]}…"
    yield element("text", short, element("title", told), class_="name small", x=6, y=y + 17)
    yield element("rect", class_="bed", x=_LEFT, y=y + 2, width=_RIGHT - _LEFT, height=_LANE - 4)
    most = max(counts, default=0)
    for count, begin, end in _stretches(counted, counts):
        shade = -(-_SHADES * count // most)
        title = element("title", f"{told}: {count:,} from {instant(begin)} to {instant(end)}")
        left, right = scale.at(begin), scale.at(end)
        cell = element("rect", title, class_=f"heat heat{shade}", x=left, y=y + 2, width=right - left, height=_LANE - 4)
        yield element("a", cell, href=leads(begin, end, name), tabindex="-1", aria_hidden="true")


def _silence(one: Silence, y: float, scale: Scale, tell: Telling) -> Markup:
    left, right = scale.at(one.since), scale.at(one.until)
    title = element("title", f"{tell(one.name)}, {tell(one.why)}: {instant(one.since)} to {instant(one.until)}")
    return element("rect", title, class_="hole", x=left, y=y + 1, width=max(right - left, 2.0), height=_LANE - 2)


def _marks(steps: Iterable[Step], rows: dict[str, float], scale: Scale, tell: Telling) -> Iterator[Markup]:
    """What happened, on the lane of its system; what does not lie in these hours is left out."""
    inside = [step for step in steps if step.moment.system in rows and scale.since <= step.moment.time <= scale.until]
    for step in inside[:_MARKS]:
        title = element("title", f"{instant(step.moment.time)} {tell(step.moment.what)}")
        y = rows[str(step.moment.system)] + _LANE / 2
        yield element("g", title, shape(step.act, scale.at(step.moment.time), y, 5.0))
