"""How much was done when: acts over time, the proven ones and above them the suspected?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from markupsafe import Markup

from cloison.report.document import NOTHING, Safe
from cloison.report.dossier import Beat
from cloison.report.drawing import element, picture
from cloison.report.teller import Teller

_WIDTH, _LEFT, _RIGHT = 1000, 56, 988
_TOP, _HEIGHT = 26, 190
_BARS = 120
_TOLD = 60
_DAY = timedelta(days=1)
_GRAINS = (("hour", timedelta(hours=1)), ("six_hours", timedelta(hours=6)), ("day", timedelta(days=1)))
Bins = dict[datetime, tuple[int, int]]
"""Proven and suspected acts by the moment at which their time begins."""


def grain_of(beats: Iterable[Beat]) -> tuple[str, timedelta]:
    """The finest division of the time in which the bars are not too many."""
    hours = [beat.hour for beat in beats]
    span = max(hours) - min(hours)
    days = timedelta(days=-(-span // timedelta(days=_BARS)))
    return next((one for one in _GRAINS if span / one[1] <= _BARS), ("days", days))


def bins(beats: Iterable[Beat], step: timedelta) -> Bins:
    """The acts of each step of time that has any."""
    found: dict[datetime, list[int]] = defaultdict(lambda: [0, 0])
    told = tuple(beats)
    first = min(beat.hour for beat in told).replace(hour=0, minute=0, second=0, microsecond=0)
    for beat in told:
        day = beat.hour.replace(hour=0, minute=0, second=0, microsecond=0)
        begins = day + step * ((beat.hour - day) // step) if step <= _DAY else first + step * ((day - first) // step)
        found[begins][0] += beat.proven
        found[begins][1] += beat.suspected
    return {begins: (one, other) for begins, (one, other) in sorted(found.items())}


def histogram(beats: tuple[Beat, ...], teller: Teller) -> Markup:
    """Bars over time; empty when there is no act."""
    if not beats:
        return Markup()
    _, step = grain_of(beats)
    found = bins(beats, step)
    first, last = min(found), max(found)
    count = (last - first) // step + 1
    width = (_RIGHT - _LEFT) / count
    most = max(map(sum, found.values()))
    body = [*_ground(most, teller), *_dates(first, step, count, width, teller)]
    for begins, counts in found.items():
        body += _bar(_LEFT + ((begins - first) // step) * width, width, counts, most, teller, teller.value(begins))
    return picture(_WIDTH, _TOP + _HEIGHT + 30, caption(beats, teller), body)


def caption(beats: tuple[Beat, ...], teller: Teller) -> Safe:
    """What the picture shows, with its sums."""
    proven, suspected = sum(one.proven for one in beats), sum(one.suspected for one in beats)
    name, step = grain_of(beats)
    grain = teller.counted(step.days, "day") if name == "days" else teller.say(f"activity.{name}")
    return teller.say("activity.caption", grain=grain, proven=proven, suspected=suspected)


def in_words(beats: tuple[Beat, ...], teller: Teller) -> Safe:
    """The proven acts of each day."""
    found = [(begins, proven) for begins, (proven, _) in bins(beats, timedelta(days=1)).items() if proven]
    told = [teller.say("activity.one", day=Safe(teller.tongue.day(day)), count=count) for day, count in found[:_TOLD]]
    more = [teller.say("path.more", count=len(found) - _TOLD)] if len(found) > _TOLD else []
    return teller.say("activity.words", list=teller.listed([*told, *more])) if told else NOTHING


def _ground(most: int, teller: Teller) -> Iterator[Markup]:
    for part in (0.0, 0.5, 1.0):
        y = _TOP + _HEIGHT * (1 - part)
        yield element("line", class_="tick", x1=_LEFT, x2=_RIGHT, y1=y, y2=y)
        if part == 0 or most * part == int(most * part):
            said = teller.value(int(most * part))
            yield element("text", said, class_="axis", x=_LEFT - 8, y=y + 4, text_anchor="end")


def _dates(first: datetime, step: timedelta, count: int, width: float, teller: Teller) -> Iterator[Markup]:
    every = max(-(-count // 12), 1)
    grain = "hour" if step < timedelta(days=1) else "day"
    for n in range(0, count, every):
        x = _LEFT + (n + 0.5) * width
        said = teller.tongue.tick(first + step * n, grain)
        yield element("text", said, class_="axis", x=x, y=_TOP + _HEIGHT + 18, text_anchor="middle")


def _bar(x: float, width: float, counts: tuple[int, int], most: int, teller: Teller, begins: Safe) -> Iterator[Markup]:
    proven, suspected = counts
    said = f"{begins}: {teller.value(proven)} / {teller.value(suspected)}"
    tall = [_HEIGHT * count / most for count in counts]
    air = min(width * 0.12, 3.0)
    title = element("title", said)
    floor = _TOP + _HEIGHT
    for kind, height, y in (
        ("suspected", tall[1], floor - tall[0] - tall[1]),
        ("acted", tall[0], floor - tall[0]),
    ):
        if height:
            box = {"x": x + air, "y": y, "width": max(width - 2 * air, 0.6), "height": max(height, 1.0)}
            yield element("rect", title, class_=f"part {kind}", **box)
    if proven and width > 18:
        y = floor - tall[0] - tall[1] - 5
        yield element("text", teller.value(proven), class_="axis", x=x + width / 2, y=y, text_anchor="middle")
