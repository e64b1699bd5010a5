"""What does the address of a page ask, and how is the address of another one written?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Request
from markupsafe import Markup

Words = Mapping[str, Sequence[str]]
HOURS = ("from", "to")
"""What stays from page to page."""
FORM = ("column", "op", "value_of")
"""How a filter's form, which works without script, says a column, a test and a value."""


def words_of(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """The parameters of an address, each with all its values; what a filter's form says becomes one of `f`."""
    words: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if value:
            words.setdefault(name, []).append(str(value))
    column, op, value = (words.pop(name, [""])[-1] for name in FORM)
    if column and op and (value or op == "none"):
        words["f"] = list(dict.fromkeys([*words.get("f", []), f"{column}:{op}:{value}"]))
    return words


def address(path: str, words: Words | None = None, **changes: str | Sequence[str] | None) -> Markup:
    """An address inside the console, escaped for an attribute; None takes a parameter away."""
    held: dict[str, str | Sequence[str]] = dict(words or {})
    for name, value in changes.items():
        held.pop(name.rstrip("_"), None)
        if value:
            held[name.rstrip("_")] = value
    asked = urlencode(held, doseq=True)
    return Markup("{}").format(f"{path}?{asked}" if asked else path)


def hours_of(words: Words) -> dict[str, Sequence[str]]:
    """The time range of an address alone."""
    return {name: words[name] for name in HOURS if words.get(name)}


def written(time: datetime) -> str:
    """A moment as addresses write it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S") + (f".{time.microsecond:06d}" if time.microsecond else "") + "Z"


@dataclass(frozen=True)
class Span:
    """A time range that is offered: its name and where it leads."""

    name: str
    href: Markup
    here: bool


def spans(path: str, words: Words, whole: tuple[datetime, datetime] | None, told: Sequence[datetime]) -> list[Span]:
    """The time ranges that a page offers: all hours, and those in which something is proven."""
    offered: list[tuple[str, str, str]] = [("All hours", "", "")]
    if told:
        first, last = min(told), max(told)
        offered.append(("Incident", written(_cut(first)), written(_cut(last) + timedelta(hours=1))))
        offered.append(("Its first day", written(_cut(first)), written(_cut(first) + timedelta(days=1))))
    if whole:
        offered.append(("Last 24 hours", written(_cut(whole[1]) - timedelta(hours=23)), ""))
    here = tuple((words.get(name) or [""])[-1] for name in HOURS)
    rest = {name: value for name, value in words.items() if name not in {*HOURS, "after"}}
    return [
        Span(name, address(path, rest, from_=since, to=until), here == (since, until)) for name, since, until in offered
    ]


def _cut(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)
