"""How do records become files whose bytes depend on nothing but the records?"""

import gzip
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

import zstandard

from demo.model_incident.clock import date_of

Line: TypeAlias = tuple[int, bytes]
ZIP_DATE = (2023, 11, 24, 13, 0, 0)


def plain(path: Path, data: bytes) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def gz(path: Path, data: bytes) -> None:
    """Write a gzip file that remembers neither a time nor a name."""
    plain(path, gzip.compress(data, compresslevel=3, mtime=0))


def zst(path: Path, data: bytes) -> None:
    """Write a Zstandard file."""
    plain(path, zstandard.ZstdCompressor(level=3).compress(data))


def archive(path: Path, members: Mapping[str, bytes]) -> None:
    """Write a zip file whose members all carry one fixed date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, date_time=ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            out.writestr(info, data)


def lines(records: Iterable[bytes]) -> bytes:
    """One record a line, the last line ended too."""
    return b"".join(record + b"\n" for record in records)


def by_day(records: Sequence[Line]) -> dict[str, list[bytes]]:
    """Records in the order of time, under the UTC date on which each fell."""
    ordered = sorted(records, key=lambda record: record[0])
    days = groupby(ordered, key=lambda record: date_of(record[0]))
    return {day: [data for _, data in group] for day, group in days}
