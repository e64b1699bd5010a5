"""What do the columns of a table of indicators mean, and which indicators does a row hold?"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cloison.hunt.intel.cell import Beside, indicators_in_cell
from cloison.hunt.intel.clean import cleaned
from cloison.hunt.intel.kinds import LITERAL_KINDS, is_unhunted, kind_of, word_of
from cloison.hunt.intel.reading import Item, at_line, left_out
from cloison.hunt.intel.tlp import level
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
        "firstseen",
        "firstseenutc",
        "lastseen",
        "lastseenutc",
        "detection",
    ]
)
_FROM = frozenset(["validfrom"])
_UNTIL = frozenset(["validuntil", "validto", "expires", "expiration"])
_TLP = frozenset(["tlp", "attributetag", "tlplevel"])
_DETECTS = frozenset(["toids"])
_DELIMITERS = (",", "\t", ";", "|")
_BAR = re.compile(r"(?<!\\)\|")
_CODE = re.compile(r"&#(\d{1,7});")
_RULER = re.compile(r"[\s|:+=-]*")
_NOTHING = frozenset({"", "-", "--", "n/a", "na", "none", "null", "s.o.", "\u2013", "\u2014"})
_CONTEXT_LIMIT = 500
_NO = frozenset({"0", "false", "no"})
_QUOTED = ("=", "+", "-", "@", "'")
NOT_FOR_DETECTION = "not meant for detection (to_ids is off)"
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
    tlp: int | None = None
    detects: int | None = None

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
        _first(words, _TLP),
        _first(words, _DETECTS),
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
                (len(cells) > 1 and not bare.startswith("|"))
                or len(cells) == 1 == len(bare.split()) == len(line.split())
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
            yield left_out(at_line(line), "", f"not a table row: {error}")
            return
        if row is None:
            return
        if any(cell.strip() for cell in row) and not row[0].lstrip().startswith(("#", "//")):
            yield from row_items(columns, row, Beside(origin, at_line(line)))


def row_items(columns: Columns, row: Sequence[str], beside: Beside) -> Iterator[Item]:
    """The indicators of one row. A file name beside a hash describes the hash; alone it is an indicator."""
    cells = [_unquoted(cell.strip()) for cell in row]
    said = _cell(cells, columns.type)
    value = _cell(cells, columns.value)
    refusal = _refused(columns, cells, said)
    if refusal:
        yield left_out(beside.place, value, refusal)
        return
    dates, problems = _validity(columns, cells, beside.place)
    yield from problems
    typed = [(cell, kind) for place, kind in columns.kinds if (cell := _cell(cells, place)).lower() not in _NOTHING]
    hashes = any(kind in HASH_KINDS for _, kind in typed)
    name = value if kind_of(said) is IndicatorKind.FILE_NAME and hashes else ""
    names = [text for text, kind in typed if kind is IndicatorKind.FILE_NAME]
    beside = replace(
        beside,
        kind=kind_of(said),
        context=_context((name, *names, *(_cell(cells, place) for place in columns.context))),
        valid_from=dates[0],
        valid_until=dates[1],
        tlp=next(filter(None, map(level, _cell(cells, columns.tlp).split(","))), beside.tlp),
    )
    if value.lower() not in _NOTHING and not name:
        yield from value_items(value, said, beside)
    for text, kind in typed:
        if kind not in LITERAL_KINDS:
            yield from indicators_in_cell(text, replace(beside, kind=kind))


def _unquoted(cell: str) -> str:
    """A cell without the quote that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in _QUOTED else cell


def _refused(columns: Columns, cells: Sequence[str], said: str) -> str:
    if _cell(cells, columns.detects).lower() in _NO:
        return NOT_FOR_DETECTION
    return f"{said}: a kind that can be looked for nowhere" if is_unhunted(said) else ""


def _context(parts: Sequence[str]) -> str:
    told = " ".join(part for part in parts if part and part.lower() not in _NOTHING)[:_CONTEXT_LIMIT]
    return " ".join(cleaned(told).split())


def value_items(value: str, said: str, beside: Beside) -> Iterator[Item]:
    """The value of a typed row or attribute; a composite (`filename|sha256`, `ip-dst|port`) is taken apart."""
    if "|" not in said or "|" not in value:
        yield from indicators_in_cell(value, beside)
        return
    parts = [(kind_of(kind), text) for kind, text in zip(said.split("|"), value.split("|"), strict=False)]
    name = next((text for kind, text in parts if kind is IndicatorKind.FILE_NAME), "")
    context = " ".join(part for part in (name, beside.context) if part)
    for kind, text in parts:
        if kind is not None and kind is not IndicatorKind.FILE_NAME:
            yield from indicators_in_cell(text, replace(beside, kind=kind, context=context))


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _validity(
    columns: Columns, cells: Sequence[str], place: str
) -> tuple[tuple[datetime | None, datetime | None], list[Item]]:
    problems: list[Item] = []
    dates: list[datetime | None] = []
    for column in (columns.valid_from, columns.valid_until):
        text = _cell(cells, column)
        date = moment_of(text)
        if text.lower() not in _NOTHING and date is None:
            problems.append(left_out(place, text, "not a date (ISO 8601); read without it"))
        dates.append(date)
    return (dates[0], dates[1]), problems


def moment_of(text: str) -> datetime | None:
    """An ISO 8601 date or time; without zone it is UTC; None when it is none."""
    try:
        date = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def pipe_cells(line: str) -> list[str]:
    """The cells of a `| a | b |` line; a bar that is a value's own is escaped or written `&#124;`."""
    cells = _BAR.split(line.strip().removeprefix("|").removesuffix("|"))
    return [_CODE.sub(_character, cell.replace("\\|", "|").strip().strip("`")) for cell in cells]


def _character(found: "re.Match[str]") -> str:
    number = int(found[1])
    return chr(number) if 0x20 <= number < 0x11_0000 and not 0xD800 <= number < 0xE000 else found[0]


def is_ruler(line: str) -> bool:
    """Whether a line only draws a table (`|---|:--:|`, `|===`)."""
    return bool(line.strip()) and _RULER.fullmatch(line) is not None
