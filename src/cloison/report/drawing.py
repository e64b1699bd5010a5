"""How is a picture drawn as SVG inside the page, with every text in it escaped?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

Attribute = str | int | float | None
_STEPS = tuple(timedelta(hours=hours) for hours in (1, 3, 6, 12, 24, 48, 96, 168, 336, 720, 2160, 4320, 8760))
_TICKS = 13
_DAY = timedelta(days=1)


def element(name: str, *children: str, **attributes: Attribute) -> Markup:
    """An element; children that are no markup are escaped, `class_` and `stroke_width` lose their underscores.

    >>> element("text", "<b>", x=1.25, class_="dim")
    Markup('<text x="1.2" class="dim">&lt;b&gt;</text>')
    """
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None)
    written = Markup("").join(Markup(' {}="{}"').format(key, _number(value)) for key, value in pairs)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup.escape(name), written, Markup("").join(children))


def _number(value: Attribute) -> str:
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def picture(width: int, height: float, title: str, body: Iterable[Markup], *, role: str = "img") -> Markup:
    """A whole drawing with its name for those who cannot see it; one that holds links is a `group`."""
    box = f"0 0 {width} {height:.0f}"
    return element("svg", element("title", title), *body, viewBox=box, role=role, aria_label=title)


@dataclass(frozen=True)
class Scale:
    """From moments to places: `left` and `right` in units of the drawing."""

    since: datetime
    until: datetime
    left: float
    right: float

    def at(self, time: datetime) -> float:
        """Where a moment is, never outside the drawing."""
        span = (self.until - self.since).total_seconds() or 1.0
        part = (time - self.since).total_seconds() / span
        return self.left + min(max(part, 0.0), 1.0) * (self.right - self.left)

    def ticks(self, worded: Callable[[datetime, str], str]) -> tuple[tuple[datetime, str], ...]:
        """At most so many round moments, each as `worded` writes it for a grain of `hour`, `day` or `month`."""
        span = self.until - self.since
        step = next((step for step in _STEPS if span / step <= _TICKS), _STEPS[-1])
        day = self.since.replace(hour=0, minute=0, second=0, microsecond=0)
        first = day + step * -((day - self.since) // step)
        count = min(int((self.until - first) / step) + 1, _TICKS + 1)
        grain = "hour" if step < _DAY else "day" if step < timedelta(days=90) else "month"
        return tuple((first + step * n, worded(first + step * n, grain)) for n in range(count))


def spanning(times: Iterable[datetime], left: float, right: float) -> Scale:
    """The scale that holds all of these moments with a little air at both ends."""
    held = sorted(times)
    air = max((held[-1] - held[0]) * 0.02, timedelta(minutes=5))
    return Scale(_moved(held[0], -air), _moved(held[-1], air), left, right)


def _moved(time: datetime, by: timedelta) -> datetime:
    """The moment so much away, or itself at either end of the calendar, where a hostile clock may stand."""
    try:
        return time + by
    except OverflowError:
        return time
