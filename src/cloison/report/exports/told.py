"""What is handed on: the tables of answers, and the indicators that were looked for."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from cloison.hunt.intel.ids import uuid5
from cloison.model.indicator import Indicator

Row = dict[str, object]


@dataclass(frozen=True)
class Told:
    """The answers of a case. `rows` reads a table by its name, in order; `as_of` is their moment, UTC."""

    title: str
    as_of: datetime
    version: str
    indicators: tuple[Indicator, ...]
    rows: Callable[[str], Iterator[Row]]


def sightings_of(told: Told) -> Mapping[tuple[str, str], list[Row]]:
    """What was seen of each indicator, by its kind and value."""
    held: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in told.rows("sightings"):
        held[text(row["indicator_kind"]), text(row["indicator_value"])].append(row)
    return held


def text(value: object) -> str:
    """A value as words; nothing where there is none."""
    return "" if value is None else str(value)


def moment(value: object) -> str:
    """A time as RFC 3339 in UTC, microseconds."""
    if not isinstance(value, datetime):
        raise TypeError(f"no time: {value!r}")
    utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")


def milliseconds(value: object) -> int:
    """A time as milliseconds since 1970, UTC."""
    if not isinstance(value, datetime):
        raise TypeError(f"no time: {value!r}")
    utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value
    return int(utc.timestamp() * 1000)


def uid(*parts: object) -> str:
    """The UUID of what these parts name: the same wherever and whenever it is written."""
    return uuid5("\n".join(map(text, parts)))


def document(content: object) -> bytes:
    """A JSON document, indented, with a line's end."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
