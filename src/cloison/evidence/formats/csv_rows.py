"""Where in a table of comma-separated values does each row begin, and which object is it?"""

import csv
import io
from collections.abc import Iterator

DELIMITERS = ",;\t|"


def header_of(line: bytes) -> tuple[list[str], str] | None:
    """The column names and the delimiter of a header line; None when it is no header."""
    text = line.decode("utf-8", "replace").lstrip("\ufeff").strip("\r\n")
    delimiter = max(DELIMITERS, key=text.count)
    if text.count(delimiter) < 2 or text.lstrip().startswith(("{", "[{", "<")):
        return None
    names = [name.strip() for name in next(csv.reader([text], delimiter=delimiter))]
    return (names, delimiter) if all(names) and len(set(names)) == len(names) else None


def split_rows(chunks: Iterator[bytes], *, limit: int) -> Iterator[tuple[int, bytes]]:
    """Cut a stream into rows (offset, bytes); a line end inside quotes belongs to the row."""
    tail, offset = b"", 0
    for chunk in chunks:
        parts = (tail + chunk).split(b"\n")
        row, start, tail = b"", offset, parts.pop()
        for part in parts:
            row = row + part + b"\n"
            if row.count(b'"') % 2 and len(row) <= limit:
                continue
            yield start, row
            start += len(row)
            row = b""
        tail, offset = row + tail, start
    if tail:
        yield offset, tail


def as_object(names: list[str], delimiter: str, row: bytes) -> dict[str, object] | None:
    """A row as the nested object that its dotted header spells; None when it does not have the header's width."""
    text = row.decode("utf-8", "replace").strip("\r\n")
    cells = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    if len(cells) != len(names):
        return None
    nested: dict[str, object] = {}
    for name, cell in zip(names, cells, strict=True):
        _put(nested, name.lstrip("\ufeff").split("."), cell)
    return nested


def _put(record: dict[str, object], path: list[str], cell: str) -> None:
    for step in path[:-1]:
        inner = record.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        record = inner
    record[path[-1]] = cell if cell != "" else None
