"""What do the columns of a table of indicators mean, and which indicators does a row hold?"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cloison.hunt.intel.cell import Beside, indicators_in_cell
from cloison.hunt.intel.clean import cleaned
from cloison.hunt.intel.kinds import LITERAL_KINDS, kind_of, word_of
from cloison.hunt.intel.reading import Item, left_out
from cloison.model.indicator import HASH_KINDS, IndicatorKind

_VALUE = frozenset(
    [
        "indicator",
        "indicators",
        "indicateur",
        "indicateurs",
        "ioc",
        "iocs",
        "value",
        "values",
        "valeur",
        "observable",
        "observables",
        "iocvalue",
        "indicatorvalue",
        "observablevalue",
    ]
)
_TYPE = frozenset(["type", "indicatortype", "kind", "ioctype", "valuetype", "typedindicateur", "observabletype"])
_CONTEXT = frozenset(
    [
        "description",
        "comment",
        "comments",
        "commentaire",
        "context",
        "contexte",
        "notes",
        "note",
        "details",
        "threat",
        "malware",
        "malwareprintable",
        "reference",
        "tags",
        "confidence",
        "tlp",
        "firstseen",
        "firstseenutc",
        "lastseen",
        "lastseenutc",
        "detection",
    ]
)
_FROM = frozenset(["validfrom"])
_UNTIL = frozenset(["validuntil", "validto", "expires", "expiration"])
_DELIMITERS = (",", "\t", ";", "|")
_RULER = re.compile(r"[\s|:+=-]*")
_NOTHING = frozenset({"", "-", "--", "n/a", "na", "none", "null", "s.o.", "\u2013", "\u2014"})
_CONTEXT_LIMIT = 500
# A cell larger than this is no indicator; the csv module refuses the file then.
csv.field_size_limit(1 << 20)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column says what; `kinds` are columns named for a kind (`sha256`, `filename`)."""

    value: int | None
    type: int | None
    context: tuple[int, ...]
    valid_from: int | None
    valid_until: int | None
    kinds: tuple[tuple[int, IndicatorKind], ...]

    @property
    def usable(self) -> bool:
        """Whether the columns say where the values are."""
        return self.value is not None or any(kind not in LITERAL_KINDS for _, kind in self.kinds)


def columns_of(header: Sequence[str]) -> Columns:
    """The meaning of a header row."""
    words = [word_of(cleaned(cell)) for cell in header]
    value, kind = _first(words, _VALUE), _first(words, _TYPE)
    named = tuple(
        (place, named) for place, word in enumerate(words) if (named := kind_of(re.sub("^hash(?=.)", "", word)))
    )
    return Columns(
        value,
        kind,
        tuple(place for place, word in enumerate(words) if word in _CONTEXT),
        _first(words, _FROM),
        _first(words, _UNTIL),
        tuple((place, named_kind) for place, named_kind in named if place not in (value, kind)),
    )


def _first(words: Sequence[str], wanted: frozenset[str]) -> int | None:
    return next((place for place, word in enumerate(words) if word in wanted), None)


def table_in(text: str) -> tuple[int, str, Columns] | None:
    """The header line (from 0), delimiter and columns of a delimited table; None when the text is none."""
    for number, line in enumerate(text.split("\n")[:200]):
        bare = line.strip().lstrip("#/").strip()
        if not bare:
            continue
        for delimiter in _DELIMITERS:
            cells = next(csv.reader([bare], delimiter=delimiter, skipinitialspace=True), [])
            columns = columns_of(cells)
            if columns.usable and (
                (len(cells) > 1 and not bare.startswith("|")) or len(cells) == 1 == len(bare.split())
            ):
                return number, delimiter, columns
        if not line.lstrip().startswith(("#", "//")):
            return None
    return None


def table_items(text: str, header: tuple[int, str, Columns], origin: str) -> Iterator[Item]:
    """The items of every row below the header; comment lines are skipped."""
    number, delimiter, columns = header
    body = "\n".join(text.split("\n")[number + 1 :])
    reader = csv.reader(io.StringIO(body), delimiter=delimiter, skipinitialspace=True)
    while True:
        line = number + 2 + reader.line_num
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield left_out(line, "", f"not a table row: {error}")
            return
        if row is None:
            return
        if any(cell.strip() for cell in row) and not row[0].lstrip().startswith(("#", "//")):
            yield from row_items(columns, row, origin, line)


def row_items(columns: Columns, row: Sequence[str], origin: str, line: int) -> Iterator[Item]:
    """The indicators of one row. A file name beside a hash describes the hash; alone it is an indicator."""
    cells = [cleaned(cell.strip()) if cell.isascii() is False or "<" in cell else cell.strip() for cell in row]
    said = _cell(cells, columns.type)
    kind = kind_of(said)
    dates, problems = _validity(columns, cells, line)
    yield from problems
    typed = [(_cell(cells, place), named) for place, named in columns.kinds]
    hashes = [(text, named) for text, named in typed if named in HASH_KINDS and text.lower() not in _NOTHING]
    value = _cell(cells, columns.value)
    name = value if kind is IndicatorKind.FILE_NAME and hashes else ""
    names = [text for text, named in typed if named is IndicatorKind.FILE_NAME and text.lower() not in _NOTHING]
    notes = [_cell(cells, place) for place in columns.context]
    context = " ".join(part for part in (name, *names, *notes) if part and part.lower() not in _NOTHING)[
        :_CONTEXT_LIMIT
    ]
    beside = Beside(origin, line, kind, " ".join(context.split()), *dates)
    if value and not name and value.lower() not in _NOTHING:
        yield from _value_items(value, said, beside)
    for text, named in typed:
        if text.lower() not in _NOTHING and (named not in LITERAL_KINDS):
            yield from indicators_in_cell(text, Beside(origin, line, named, beside.context, *dates))


def _value_items(value: str, said: str, beside: Beside) -> Iterator[Item]:
    """The value column; a composite (`filename|sha256`, `ip-dst|port`) is taken apart."""
    if "|" in said and "|" in value:
        parts = [(kind_of(kind), text) for kind, text in zip(said.split("|"), value.split("|"), strict=False)]
        name = next((text for kind, text in parts if kind is IndicatorKind.FILE_NAME), "")
        context = " ".join(part for part in (name, beside.context) if part)
        for kind, text in parts:
            if kind is not None and (kind is not IndicatorKind.FILE_NAME or len(parts) == 1):
                yield from indicators_in_cell(
                    text, Beside(beside.origin, beside.line, kind, context, beside.valid_from, beside.valid_until)
                )
        return
    yield from indicators_in_cell(value, beside)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _validity(
    columns: Columns, cells: Sequence[str], line: int
) -> tuple[tuple[datetime | None, datetime | None], list[Item]]:
    problems: list[Item] = []
    dates: list[datetime | None] = []
    for place in (columns.valid_from, columns.valid_until):
        text = _cell(cells, place)
        date = _date(text)
        if text.lower() not in _NOTHING and date is None:
            problems.append(left_out(line, text, "not a date (ISO 8601); read without it"))
        dates.append(date)
    return (dates[0], dates[1]), problems


def _date(text: str) -> datetime | None:
    """An ISO 8601 date or time; without zone it is UTC."""
    try:
        date = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
    except ValueError:
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def pipe_cells(line: str) -> list[str]:
    """The cells of a `| a | b |` line."""
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def is_ruler(line: str) -> bool:
    """Whether a line only draws a table (`|---|:--:|`, `|===`)."""
    return bool(line.strip()) and _RULER.fullmatch(line) is not None
