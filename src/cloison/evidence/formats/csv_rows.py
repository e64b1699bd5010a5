"""Where in a table of separated values does each row begin, which row names the columns, and which object is each?"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cloison.evidence.formats.text_lines import split_lines

DELIMITERS = ",;\t|"
WORDS = " "
"""Stands for white space of any length between words that are never quoted."""

FIELDS = b"#Fields:"
"""What stands before the names in a W3C extended log file."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.()-]*")
_DIRECTIVE = re.compile(rb"#[A-Z][A-Za-z-]*:")
_BOM = b"\xef\xbb\xbf"
_ZONE = " [UTC]"  # behind the name of a column of times, as Log Analytics writes it
_LONGEST_CELL = 1 << 30  # rows are bounded by their own limit


@dataclass(frozen=True)
class Row:
    """A row: where it begins, how many bytes it has, and its physical lines, each with its offset."""

    offset: int
    length: int
    lines: tuple[tuple[int, bytes], ...]
    fault: str = ""

    @property
    def data(self) -> bytes:
        """The row's bytes; a line end inside quotes is one newline."""
        return self.lines[0][1] if len(self.lines) == 1 else b"\n".join(line for _, line in self.lines)


def header_of(line: bytes) -> tuple[list[str], str] | None:
    """The column names and the delimiter of a header line; None when it is no header."""
    text = line.decode("utf-8", "replace").lstrip("\ufeff").strip("\r\n")
    delimiter = max(DELIMITERS, key=text.count)
    if text.count(delimiter) < 2 or text.lstrip().startswith(("{", "[{", "<")):
        return None
    names = [name.strip().removesuffix(_ZONE) for name in _cells(text, delimiter)]
    return (names, delimiter) if names and all(names) and len(set(names)) == len(names) else None


def words_of(line: bytes) -> tuple[list[str], str] | None:
    """As `header_of`, where white space parts the names and nothing says that they are names but their spelling."""
    names = line.decode("utf-8", "replace").lstrip("\ufeff").removeprefix(FIELDS.decode()).split()
    if len(names) < 3 or len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)):
        return None
    return names, WORDS


def is_directive(line: bytes) -> bool:
    """Whether the line only speaks of the table, as `#Version: 1.0` does; the one that names the columns is none."""
    bare = line.removeprefix(_BOM)
    return _DIRECTIVE.match(bare) is not None and not bare.startswith(FIELDS)


def header_again(names: list[str], delimiter: str, line: bytes) -> tuple[list[str], str] | None:
    """The header that a line among the rows is: several files in one, of the same columns or of others.

    Half of its cells have to be names of the columns so far.
    """
    first = line.removeprefix(_BOM).removeprefix(FIELDS).split(None if delimiter == WORDS else delimiter.encode(), 1)
    if not first or first[0].strip(b'" \r').decode("utf-8", "replace") not in names:
        return None
    found = words_of(line) if delimiter == WORDS else header_of(line)
    if found is None or len(set(found[0]) & set(names)) * 2 < len(found[0]):
        return None
    return found


def split_rows(chunks: Iterable[bytes], *, limit: int) -> Iterator[Row]:
    """Cut a stream into rows; a line end inside quotes belongs to the row, and a row over `limit` is a fault."""
    row: list[tuple[int, bytes]] = []
    quotes = held = 0
    for part in split_lines(chunks, limit=limit):
        if part.fault:
            yield from _row(row)
            yield Row(part.offsets[0], part.length, (), part.fault)
            row, quotes, held = [], 0, 0
            continue
        for offset, line in zip(part.offsets, part.lines, strict=True):
            row.append((offset, line))
            quotes, held = quotes + line.count(b'"'), held + len(line) + 1
            if quotes % 2 == 0 or held > limit:
                yield from _row(row)
                row, quotes, held = [], 0, 0
    yield from _row(row)


def _row(lines: list[tuple[int, bytes]]) -> Iterator[Row]:
    if lines:
        last, text = lines[-1]
        yield Row(lines[0][0], last + len(text) - lines[0][0], tuple(lines))


def as_object(names: list[str], delimiter: str, row: bytes) -> dict[str, object] | None:
    """A row as the nested object that its dotted header spells; None when it does not have the header's width."""
    cells = _cells(row.decode("utf-8", "replace").strip("\r\n"), delimiter)
    if len(cells) != len(names):
        return None
    paths = _paths(tuple(names))
    values = [cell or None for cell in cells]
    if all(len(path) == 1 for path in paths):
        return {path[0]: value for path, value in zip(paths, values, strict=True)}
    nested: dict[str, object] = {}
    for path, value in zip(paths, values, strict=True):
        _put(nested, path, value)
    return nested


@lru_cache(maxsize=64)
def _paths(names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The members that each dotted name of a header goes through; a header stands over many rows."""
    return tuple(tuple(name.lstrip("\ufeff").split(".")) for name in names)


def _cells(text: str, delimiter: str) -> list[str]:
    """The cells of one row; none when it is no row."""
    if delimiter == WORDS:
        return text.split()
    csv.field_size_limit(_LONGEST_CELL)
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _put(record: dict[str, object], path: tuple[str, ...], value: str | None) -> None:
    for step in path[:-1]:
        inner = record.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        record = inner
    record[path[-1]] = value
