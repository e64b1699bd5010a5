"""What came out of one file of indicators, and what in it was not understood?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cloison.model.indicator import Indicator

# A line quoted back to its reader is cut here; the file itself keeps the whole of it.
_QUOTED = 200


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A value that was left out: its place (`line 3`, `page 2 line 7`, an object's id), its text and why."""

    place: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The indicators of one file in order of first appearance, and what was left out."""

    indicators: tuple[Indicator, ...]
    not_understood: tuple[NotUnderstood, ...]
    form: str = ""


Item = Indicator | NotUnderstood


def at_line(number: int) -> str:
    """The place of a line, counted from 1."""
    return f"line {number}"


def left_out(place: str, text: str, why: str) -> NotUnderstood:
    """A `NotUnderstood` with its text cut to a quotable length."""
    stripped = text.strip()
    return NotUnderstood(place, stripped if len(stripped) <= _QUOTED else stripped[:_QUOTED] + "…", why)


def gathered(items: Iterable[Item], form: str) -> Reading:
    """One reading of many items: the first of each (kind, value) stays, and takes what later ones add.

    A later context fills an empty one, a later TLP an empty one. The validity is widened to hold both, since each of
    the two says that the value counts then.
    """
    listed = list(items)
    refused = dict.fromkeys(item for item in listed if isinstance(item, NotUnderstood))
    return Reading(merged(item for item in listed if isinstance(item, Indicator)), tuple(refused), form)


def merged(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Each (kind, value) once, as `gathered` merges them."""
    listed = tuple(indicators)
    if len({one.value for one in listed}) == len(listed):
        return listed
    kept: dict[tuple[str, str], Indicator] = {}
    for one in listed:
        first = kept.get(one.key)
        kept[one.key] = one if first is None else _both(first, one)
    return tuple(kept.values())


def _both(first: Indicator, later: Indicator) -> Indicator:
    begins = (first.valid_from, later.valid_from)
    ends = (first.valid_until, later.valid_until)
    return replace(
        first,
        context=first.context or later.context,
        tlp=first.tlp or later.tlp,
        valid_from=None if None in begins else min(one for one in begins if one),
        valid_until=None if None in ends else max(one for one in ends if one),
    )
