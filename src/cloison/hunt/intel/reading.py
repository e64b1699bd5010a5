"""What came out of one file of indicators, and what in it was not understood?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cloison.model.indicator import Indicator

# A line quoted back to its reader is cut here; the file itself keeps the whole of it.
_QUOTED = 200


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A value that was left out: its line (from 1), its text and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The indicators of one file in order of first appearance, and what was left out."""

    indicators: tuple[Indicator, ...]
    not_understood: tuple[NotUnderstood, ...]


Item = Indicator | NotUnderstood


def left_out(line: int, text: str, why: str) -> NotUnderstood:
    """A `NotUnderstood` with its text cut to a quotable length."""
    stripped = text.strip()
    return NotUnderstood(line, stripped if len(stripped) <= _QUOTED else stripped[:_QUOTED] + "…", why)


def gathered(items: Iterable[Item]) -> Reading:
    """One reading of many items: the first of each (kind, value) stays, and takes a later context when it has none."""
    kept: dict[tuple[str, str], Indicator] = {}
    refused: dict[NotUnderstood, None] = {}
    for item in items:
        if isinstance(item, NotUnderstood):
            refused[item] = None
        elif (first := kept.get(item.key)) is None:
            kept[item.key] = item
        elif item.context and not first.context:
            kept[item.key] = replace(first, context=item.context)
    return Reading(tuple(kept.values()), tuple(refused))
