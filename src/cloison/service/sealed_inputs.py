"""How does what a case was given become tables, and these what it was given again?"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, get_type_hints

import msgspec

from cloison.hunt.intel import Caution
from cloison.model.indicator import Indicator
from cloison.service.inputs import Exposed, Network, Total
from cloison.service.inputs_kept import Given, naive

KINDS: Mapping[str, type[Any]] = {
    "indicators": Indicator,
    "exposed": Exposed,
    "networks": Network,
    "totals": Total,
    "cautions": Caution,
}
Row = tuple[object, ...]
_PLAIN: dict[object, str] = {
    int: "BIGINT",
    bool: "BOOLEAN",
    datetime | None: "TIMESTAMP",
    str: "VARCHAR",
    str | None: "VARCHAR",
}


def columns_of(kind: type[Any]) -> dict[str, str]:
    """The columns of a table of such rows; what is many is text: a JSON array."""
    hints = get_type_hints(kind)
    return {one.name: _PLAIN.get(hints[one.name], "VARCHAR") for one in fields(kind)}


def rows_of(given: Given, name: str) -> list[Row]:
    """The rows of one kind of input, in the order in which they were given."""
    kind = KINDS[name]
    return [tuple(_cell(getattr(one, part.name)) for part in fields(kind)) for one in getattr(given, name)]


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return naive(value)
    if isinstance(value, tuple | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value) if isinstance(value, str) else value


def given_of(tables: Mapping[str, Iterable[Row]]) -> Given:
    """What was given, out of the rows of its tables.

    Raises:
        msgspec.ValidationError: a row is none of its kind.
    """
    return Given(**{name: _read(kind, tables.get(name, ())) for name, kind in KINDS.items()})


def _read(kind: type[Any], rows: Iterable[Row]) -> tuple[Any, ...]:
    hints = get_type_hints(kind)
    many = {one.name for one in fields(kind) if _many(hints[one.name])}
    names = [one.name for one in fields(kind)]
    told = (dict(zip(names, row, strict=True)) for row in rows)
    return tuple(
        msgspec.convert(
            {
                name: json.loads(value) if name in many and isinstance(value, str) else value
                for name, value in one.items()
            },
            type=kind,
        )
        for one in told
    )


def _many(hint: object) -> bool:
    return "tuple" in str(hint)
