"""Does a file grow by lines, or is it one whole: packed, a table of Parquet, or one JSON text?"""

from typing import Literal

import numpy as np
import orjson

from cloison.evidence.formats.csv_rows import as_object, header_of, is_directive, words_of

_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PAR1")
"""gzip, zstandard, zip, Parquet."""
_GOES_ON = (b"{", b"[", b",", b":")
"""With what the first line ends of a JSON text that has several."""
_HEAD_LINES = 16
_TRIED_LINES = 64
_LONGEST_OPEN = 1 << 20
"""So many bytes are held back for a cell in quotes that may end yet."""


def shape_of(head: bytes) -> Literal["lines", "whole"]:
    """By the first bytes: an array or an object over several lines is whole; an object on a line is a line.

    So is what is left of one, as a sudden death leaves it at the head of a log that grows.
    """
    if head.startswith(_PACKED):
        return "whole"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        return "whole" if text[1:].lstrip()[:1] in {b"{", b"]", b""} else "lines"
    first, ended, _ = text.partition(b"\n")
    if not text.startswith(b"{") or not ended:
        return "lines"
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return "whole" if first.rstrip().endswith(_GOES_ON) else "lines"
    return "lines"


def prelude_of(head: bytes) -> bytes:
    """The first lines of a table that name its columns, with what stands before them; empty where it is no table."""
    at = 0
    for line in head.split(b"\n", _HEAD_LINES)[:_HEAD_LINES]:
        at += len(line) + 1
        if not line.strip() or is_directive(line):
            continue
        return head[:at] if header_of(line) is not None or words_of(line) is not None else b""
    return b""


def quoted_header(prelude: bytes) -> tuple[list[str], str] | None:
    """The columns of a table whose cells may hold a line end, in quotes, and what parts them."""
    return header_of(prelude.rstrip(b"\r\n").rpartition(b"\n")[2])


def even(rows: bytes, header: tuple[list[str], str], *, patient: bool) -> bytes:
    """The rows of a table up to the last line end that stands in no quotes.

    A cell in quotes that does not end is waited for, but not for ever: one quote too many would keep back all that
    follows. It is over when two lines behind it are rows by themselves, when so many bytes are behind it, or who asks
    is not `patient` any more; then the row in which it begins is given alone.
    """
    if rows.count(b'"') % 2 == 0:
        return rows
    held = np.frombuffer(rows, np.uint8)
    quoted = np.bitwise_xor.accumulate((held == ord('"')).view(np.uint8))
    ends = np.flatnonzero((held == ord("\n")) & (quoted == 0))
    end = int(ends[-1]) + 1 if len(ends) else 0
    if end or (patient and len(rows) <= _LONGEST_OPEN and not _rows_stand(rows, header)):
        return rows[:end]
    return rows[: rows.find(b"\n") + 1] or rows


def _rows_stand(rows: bytes, header: tuple[list[str], str]) -> bool:
    """Whether two lines behind the first, one behind the other, are rows of the table."""
    stand = 0
    for line in rows.split(b"\n", _TRIED_LINES)[1:_TRIED_LINES]:
        fits = line.count(b'"') % 2 == 0 and line and as_object(*header, line) is not None
        stand = stand + 1 if fits else 0
        if stand == 2:
            return True
    return False
