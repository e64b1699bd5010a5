"""Which indicators do the records of some JSON give, when they have the columns of a table of indicators?"""

from collections.abc import Iterator, Mapping
from typing import Any

from cloison.hunt.intel.cell import Beside, indicators_in_cell
from cloison.hunt.intel.reading import Item
from cloison.hunt.intel.table import columns_of, row_items

_MAX_DEPTH = 6
_SHOWN_ROWS = 50


def records_in(document: object) -> list[Mapping[str, Any]] | None:
    """The first list, from the outside in, whose rows have a column of values; None when there is none."""
    level: list[object] = [document]
    for _ in range(_MAX_DEPTH):
        for one in level:
            rows: list[Mapping[str, Any]]
            rows = [row for row in one if isinstance(row, dict)] if isinstance(one, list) else []
            if rows and columns_of(_names(rows)).usable:
                return rows
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
            if isinstance(inner, dict | list)
        ]
    return None


def record_items(rows: list[Mapping[str, Any]], origin: str) -> Iterator[Item]:
    """The items of records, read as the rows of a table; `place` counts them from 1."""
    names = _names(rows)
    columns = columns_of(names)
    for number, row in enumerate(rows, 1):
        yield from row_items(columns, [_text(row.get(name)) for name in names], Beside(origin, f"record {number}"))


def text_items(texts: list[str], origin: str) -> Iterator[Item]:
    """The items of a JSON list of texts."""
    for number, text in enumerate(texts, 1):
        yield from indicators_in_cell(text, Beside(origin, f"record {number}"))


def _names(rows: list[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows[:_SHOWN_ROWS] for name in row))


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if isinstance(one, str | int))
    return "" if value is None or isinstance(value, dict) else str(value)
