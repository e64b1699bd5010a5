"""Which tables does a spreadsheet hold, read within bounds and without running anything in it?"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from cloison.errors import InputError

MAGIC = b"PK\x03\x04"
_UNPACKED_MOST = 64 << 20
_PIECE = 1 << 20

Rows = list[tuple[int, list[str]]]


def sheets(data: bytes, where: str) -> Iterator[tuple[str, Rows]]:
    """Each sheet that holds anything: its name, and its rows with their numbers, every cell as text.

    Raises:
        InputError: no spreadsheet, a damaged one, or one that unpacks to more than a list of credentials has.
    """
    try:
        _bounded(data, where)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        read = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as fault:
        raise InputError(
            "not a readable spreadsheet", where=where, remedy="save it as .xlsx again, or as CSV in UTF-8"
        ) from fault
    for name, rows in read:
        filled = [(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, 1)]
        filled = [(number, row) for number, row in filled if any(row)]
        if filled:
            yield name, filled


def _bounded(data: bytes, where: str) -> None:
    """Unpack it once for its size alone: what an archive says of that need not be so."""
    unpacked = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            with archive.open(info) as member:
                while piece := member.read(_PIECE):
                    unpacked += len(piece)
                    if unpacked > _UNPACKED_MOST:
                        raise InputError(
                            f"unpacks to more than {_UNPACKED_MOST} bytes", where=where, remedy="save the table as CSV"
                        )


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
