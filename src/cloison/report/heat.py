"""Which hours does each source cover: a cell a day, darker the more of it is covered, each hole where it is?"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from markupsafe import Markup

from cloison.report import telling
from cloison.report.bars import LEAST
from cloison.report.document import Safe
from cloison.report.dossier import Coverage
from cloison.report.drawing import Scale, element, picture
from cloison.report.teller import Teller

_WIDTH, _LEFT, _RIGHT = 1040, 206, 980
_ROW = 26.0
_CELLS = 150
_DAY = timedelta(days=1)
_END = datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001  # times of a case are UTC, and naive
_GRAINS = (_DAY, 7 * _DAY, 30 * _DAY, 365 * _DAY, 3650 * _DAY)
Span = tuple[datetime, datetime]


def coverage_heat(coverage: tuple[Coverage, ...], teller: Teller) -> Markup:
    """The map; empty when there is no source."""
    if not coverage:
        return Markup()
    scale, step = _frame(coverage)
    bottom = 30 + _ROW * len(coverage)
    ticks = scale.ticks(teller.tongue.tick)
    body = [element("text", said, class_="axis", x=scale.at(time), y=15, text_anchor="start") for time, said in ticks]
    for row, one in enumerate(coverage):
        body += _row(one, 30 + _ROW * row, (scale, step, window(coverage)), teller)
    return picture(_WIDTH, bottom + 6, teller.say("coverage.caption", grain=grain(coverage, teller)), body)


def grain(coverage: tuple[Coverage, ...], teller: Teller) -> Safe:
    """What a cell stands for."""
    _, step = _frame(coverage)
    return teller.say("coverage.day" if step == _DAY else "coverage.week")


def _frame(coverage: tuple[Coverage, ...]) -> tuple[Scale, timedelta]:
    first = _midnight(min(one.first_at for one in coverage))
    last = max(one.last_at for one in coverage)
    step = next((step for step in _GRAINS if (last - first) / step <= _CELLS), _GRAINS[-1])
    count = (last - first) // step + 1
    try:
        until = first + step * count
    except OverflowError:
        until = _END
    return Scale(first, until, _LEFT, _RIGHT), step


def _midnight(time: datetime) -> datetime:
    return time.replace(hour=0, minute=0, second=0, microsecond=0)


def share_of(one: Coverage, since: datetime, until: datetime) -> float:
    """How much of that time the source covers: from its first record's hour to its last one's, its holes cut out."""
    speaks = (_hour(one.first_at), _next_hour(one.last_at))
    length = _common(speaks, (since, until))
    for hole in one.gaps:
        bounds = hole_of(hole)
        if bounds:
            length -= _common(bounds, (max(since, speaks[0]), min(until, speaks[1])))
    span = (until - since).total_seconds()
    return max(min(length / span, 1.0), 0.0) if span else 1.0


def _hour(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)


def _next_hour(time: datetime) -> datetime:
    hour = _hour(time)
    return hour if hour > _END - timedelta(hours=1) else hour + timedelta(hours=1)


def window(coverage: Iterable[Coverage]) -> Span:
    """The hours that any source speaks of."""
    found = tuple(coverage)
    return _hour(min(one.first_at for one in found)), _next_hour(max(one.last_at for one in found))


def _common(one: Span, other: Span) -> float:
    return max((min(one[1], other[1]) - max(one[0], other[0])).total_seconds(), 0.0)


def _row(one: Coverage, top: float, frame: tuple[Scale, timedelta, Span], teller: Teller) -> Iterator[Markup]:
    scale, step, asked = frame
    spelled = teller.source(one.source)
    said = teller.say("coverage.to", source=spelled, first=one.first_at, last=one.last_at)
    short = Safe(spelled.replace("_", " "))
    cells = list(_cells(one, top, scale, step, asked))
    yield element("text", short, class_="name small", x=12, y=top + 17)
    yield element("g", element("title", said), *cells)
    yield from (drawn for hole in one.gaps for drawn in _hole(hole, top, scale, teller))
    yield element("text", percent(share_of(one, *asked), teller), class_="count small", x=_RIGHT + 12, y=top + 17)


def percent(share: float, teller: Teller) -> Safe:
    """A share of hours in tenths of a percent, never rounded up to all."""
    thousandths = 1000 if share >= 1 else min(int(share * 1000), 999)
    return teller.share(thousandths, 1000) if thousandths < 1000 else teller.say("coverage.all")


def _cells(one: Coverage, top: float, scale: Scale, step: timedelta, asked: Span) -> Iterator[Markup]:
    begins = scale.since
    while begins < scale.until:
        until = min(begins + step, scale.until) if scale.until - begins > step else scale.until
        level = heat_of(share_of(one, max(begins, asked[0]), min(until, asked[1])))
        left, right = scale.at(begins), scale.at(until)
        width = max(right - left - 1, 0.6)
        yield element("rect", class_=f"heat h{level}", x=left, y=top + 4, width=width, height=_ROW - 9)
        begins = until


def heat_of(share: float) -> int:
    """From 0, not covered at all, to 4, covered whole."""
    return 0 if share <= 0 else 4 if share >= 1 else 1 + int(share * 3)


def _hole(hole: str, top: float, scale: Scale, teller: Teller) -> Iterator[Markup]:
    bounds = hole_of(hole)
    if bounds:
        left, right = scale.at(bounds[0]), scale.at(bounds[1])
        title = element("title", teller.say("coverage.hole", hole=telling.gap(teller, hole)))
        box = {"x": left, "y": top + 2, "width": max(right - left, LEAST), "height": _ROW - 5}
        yield element("rect", title, class_="hole", **box)


def hole_of(text: str) -> Span | None:
    """The ends of `2023-11-20T03:00Z/2023-11-20T09:00Z`."""
    first, _, last = text.partition("/")
    try:
        return _minute(first), _minute(last)
    except ValueError:
        return None


def _minute(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def in_words(coverage: Iterable[Coverage], teller: Teller) -> Safe:
    """The share of the hours that each source covers."""
    found = tuple(coverage)
    asked = window(found)
    told = [
        teller.say("coverage.one", source=teller.source(one.source), share=percent(share_of(one, *asked), teller))
        for one in found
    ]
    return teller.say("coverage.words", first=asked[0], last=asked[1], list=teller.listed(told))
