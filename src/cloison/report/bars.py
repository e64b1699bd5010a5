"""How much of the whole is that: bars whose full width is the denominator, never a logarithm?"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from markupsafe import Markup

from cloison.report.dossier import Coverage, Ledger, Reach
from cloison.report.drawing import Scale, element, picture, spanning
from cloison.report.words import Telling, instant

_WIDTH = 1000.0
_LEAST = 2.0
"""What is there is drawn at least so wide, however small its share."""
_LEFT, _ROW = 250.0, 30.0


def scope_bar(reach: Reach) -> Markup:
    """What was read and taken of one kind of object; empty when nobody said how many there are."""
    if not reach.total:
        return Markup()
    said = f"{reach.read:,} of {reach.total:,} read, {reach.taken:,} taken, at most {reach.at_most:,}"
    parts = (("most", reach.at_most), ("read", reach.read), ("taken", reach.taken))
    bars = [element("rect", class_="track", x=0, y=0, width=_WIDTH, height=14)]
    bars += [_part(kind, 0.0, _wide(count, reach.total)) for kind, count in parts if count]
    return picture(int(_WIDTH), 14, said, bars)


def ledger_bar(ledger: Ledger) -> Markup:
    """The verdicts on the exposed credentials side by side; empty when none was named."""
    if not ledger.total:
        return Markup()
    said = f"{ledger.proven:,} proven dead, {ledger.refuted:,} alive, {ledger.unknown:,} unknown"
    counts = (("refuted", ledger.refuted), ("unknown", ledger.unknown), ("proven", ledger.proven))
    return picture(int(_WIDTH), 14, said, _side_by_side(counts, ledger.total))


def _side_by_side(counts: Iterable[tuple[str, int]], total: int) -> Iterator[Markup]:
    left = 0.0
    for kind, count in counts:
        if count:
            wide = _wide(count, total)
            yield _part(kind, left, min(wide, _WIDTH - left))
            left += wide


def _wide(count: int, total: int) -> float:
    return min(max(_WIDTH * count / total, _LEAST), _WIDTH)


def _part(kind: str, left: float, wide: float) -> Markup:
    return element("rect", class_=f"part {kind}", x=left, y=0, width=wide, height=14)


def coverage_strips(coverage: tuple[Coverage, ...], tell: Telling) -> Markup:
    """From when to when each source speaks, its holes cut out; empty when there is no source."""
    if not coverage:
        return Markup()
    times = [time for one in coverage for time in (one.first_at, one.last_at)]
    scale = spanning(times, _LEFT, 1230.0)
    bottom = 30 + _ROW * len(coverage)
    body = [element("line", class_="tick", x1=x, x2=x, y1=22, y2=bottom) for x in _places(scale)]
    body += [_axis(scale, time, said) for time, said in scale.ticks()]
    body += [part for row, one in enumerate(coverage) for part in _strip(one, 30 + _ROW * row, scale, tell)]
    return picture(1240, bottom + 6, "Hours that each source covers", body)


def _places(scale: Scale) -> Iterator[float]:
    return (scale.at(time) for time, _ in scale.ticks())


def _axis(scale: Scale, time: datetime, said: str) -> Markup:
    return element("text", said, class_="axis", x=scale.at(time), y=15, text_anchor="middle")


def _strip(one: Coverage, top: float, scale: Scale, tell: Telling) -> Iterator[Markup]:
    left, right = scale.at(one.first_at), scale.at(one.last_at)
    title = element("title", f"{tell(one.source)}: {instant(one.first_at)} to {instant(one.last_at)}")
    yield element("text", tell(one.source.replace("_", " ")), class_="name small", x=12, y=top + 15)
    yield element("rect", title, class_="covered", x=left, y=top + 4, width=max(right - left, _LEAST), height=14)
    for hole in one.gaps:
        bounds = _hole(hole)
        if bounds:
            left, right = scale.at(bounds[0]), scale.at(bounds[1])
            title = element("title", f"hole: {tell(hole)}")
            yield element("rect", title, class_="hole", x=left, y=top + 2, width=max(right - left, _LEAST), height=18)


def _hole(text: str) -> tuple[datetime, datetime] | None:
    """The ends of `2023-11-20T03:00Z/2023-11-20T09:00Z`."""
    first, _, last = text.partition("/")
    try:
        return _minute(first), _minute(last)
    except ValueError:
        return None


def _minute(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)
