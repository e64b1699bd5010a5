"""Where in a table of comma-separated values does each row begin, and which object is it?"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cloison.evidence.formats.text_lines import split_lines

DELIMITERS = ",;\t|"
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
        return b"\n".join(line for _, line in self.lines)


def header_of(line: bytes) -> tuple[list[str], str] | None:
    """The column names and the delimiter of a header line; None when it is no header."""
    text = line.decode("utf-8", "replace").lstrip("\ufeff").strip("\r\n")
    delimiter = max(DELIMITERS, key=text.count)
    if text.count(delimiter) < 2 or text.lstrip().startswith(("{", "[{", "<")):
        return None
    names = [name.strip().removesuffix(_ZONE) for name in _cells(text, delimiter)]
    return (names, delimiter) if names and all(names) and len(set(names)) == len(names) else None


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
    nested: dict[str, object] = {}
    for name, cell in zip(names, cells, strict=True):
        _put(nested, name.lstrip("\ufeff").split("."), cell)
    return nested


def _cells(text: str, delimiter: str) -> list[str]:
    """The cells of one row; none when it is no row."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _put(record: dict[str, object], path: list[str], cell: str) -> None:
    for step in path[:-1]:
        inner = record.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        record = inner
    record[path[-1]] = cell if cell != "" else None
