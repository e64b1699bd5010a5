"""How is evidence opened: plain, packed, in archives or as Parquet, bounded against bombs, and accounted for if cut?"""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Protocol, cast

import zstandard
from isal import isal_zlib

from cloison.evidence.formats import parquet
from cloison.evidence.formats.parquet import ParquetRows
from cloison.model.limits import Limits

CHUNK = 4 << 20
FAULTS: tuple[type[Exception], ...] = (
    EOFError,
    OSError,
    RuntimeError,  # zipfile: encrypted, or a method it does not know
    ValueError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    cast("type[Exception]", isal_zlib.error),
    zstandard.ZstdError,
    *parquet.FAULTS,
)
"""What the libraries raise on damaged archives."""

_GZIP, _ZSTANDARD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_SOUGHT = {_ZIP, parquet.MAGIC}
"""What is read from its end, and therefore held whole where it stands inside a zip."""
_STEP = 1 << 10
"""Packed bytes fed at once: small, so that one step of a bomb unpacks to 32 MiB at most, and damage costs one step."""
_MEMBER_STEP = 16 << 10


class Budget:
    """How many bytes one evidence file may unpack to, over all that is in it; a plain file has no such bound."""

    def __init__(self, packed_bytes: int, limits: Limits) -> None:
        self.packed = packed_bytes
        self.bound = max(limits.unpacked_bytes, packed_bytes * limits.unpacked_ratio)
        self.room = limits.unpacked_bytes // 2  # for zips inside zips, which are held in memory
        self.spent = 0


class Opened:
    """A bounded stream of unpacked bytes; iterate once, then `fault` says why it ended early, if it did."""

    def __init__(self, pieces: Iterator[bytes], budget: Budget | None = None, fault: str = "") -> None:
        self._pieces, self._budget = pieces, budget
        self.size = 0
        self.fault = fault

    def chunks(self) -> Iterator[bytes]:
        """The unpacked bytes, a few MiB at a time."""
        while chunk := self._gathered():
            self.size += len(chunk)
            yield chunk

    def _gathered(self) -> bytes:
        """The next pieces together; a fault ends the stream behind what was unpacked before it."""
        gathered, size = [], 0
        try:
            while size < CHUNK and not self._over(size) and (piece := next(self._pieces, b"")):
                gathered.append(piece)
                size += len(piece)
        except FAULTS as fault:
            self.fault = f"cut off or damaged after {self.size + size} unpacked bytes: {fault}"
        if self._budget is not None:
            self._budget.spent += size
        return b"".join(gathered)

    def _over(self, more: int) -> bool:
        if self._budget is None or self._budget.spent + more < self._budget.bound:
            return False
        self.fault = (
            f"the file unpacks to more than {self._budget.bound} bytes from {self._budget.packed}: "
            "treated as a bomb and cut there"
        )
        return True


@dataclass(frozen=True)
class Member:
    """One unpacked stream of an evidence file.

    Attributes:
        name: "" for the file itself, else its path inside the archive.
        rows: it is a table: each row is told as a JSON object on a line of its own, and its place is its number.
        written_at: when what was packed was last written, as the archive says it.
    """

    name: str
    opened: Opened
    rows: bool = False
    written_at: datetime | None = None


def members(path: Path, limits: Limits) -> Iterator[Member]:
    """Every unpacked stream of an evidence file, in the archive's order, each under a name of its own.

    Directories are no streams; links in an archive are not followed, and no name in it becomes a path on disk.
    """
    seen: set[str] = set()
    with path.open("rb") as raw:
        budget = Budget(path.stat().st_size, limits)
        for member in _unpacked(raw, "", budget, limits, limits.archive_depth):
            name = _unused(member.name, seen)
            seen.add(name)
            yield Member(name, member.opened, member.rows, member.written_at)


def _unused(name: str, seen: set[str]) -> str:
    """An archive may hold a name more than once."""
    number, unused = 1, name
    while unused in seen:
        number += 1
        unused = f"{name} ({number})"
    return unused


def _unpacked(raw: IO[bytes], name: str, budget: Budget, limits: Limits, depth: int) -> Iterator[Member]:
    head = raw.read(8)
    magic = head[:4]
    raw.seek(0)
    if magic[:2] == _GZIP:
        yield Member(name, Opened(_frames(raw, _gunzip), budget), written_at=_packed_at(head))
    elif magic == _ZSTANDARD:
        yield Member(name, Opened(_frames(raw, _unzstandard), budget))
    elif magic == _ZIP and depth:
        yield from _zipped(raw, name, budget, limits, depth)
    elif magic == parquet.MAGIC:
        yield _table(raw, name, budget, limits)
    else:
        inside = budget if depth < limits.archive_depth else None
        yield Member(name, Opened(iter(lambda: raw.read(_MEMBER_STEP if inside else CHUNK), b""), inside))


class _Frame(Protocol):
    """One compressed frame being unpacked."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def _gunzip() -> _Frame:
    frame: _Frame = isal_zlib.decompressobj(wbits=31)
    return frame


def _unzstandard() -> _Frame:
    return zstandard.ZstdDecompressor().decompressobj()


def _frames(raw: IO[bytes], opened: Callable[[], _Frame]) -> Iterator[bytes]:
    """The pieces of all frames, one behind the other; an end inside a frame is an EOFError."""
    frame: _Frame | None = None
    while packed := raw.read(_STEP):
        while packed:
            if frame is None and not (packed := packed.lstrip(b"\0")):  # padding between frames
                break
            frame = frame or opened()
            if piece := frame.decompress(packed):
                yield piece
            packed = frame.unused_data if frame.eof else b""
            frame = None if frame.eof else frame
    if frame is not None:
        raise EOFError("the last frame is not complete")


def _zipped(raw: IO[bytes], name: str, budget: Budget, limits: Limits, depth: int) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(raw)
    except FAULTS as fault:
        yield _broken(name, f"not a readable zip: {fault}")
        return
    files = [info for info in archive.infolist() if not info.is_dir()]
    if not files:
        yield _broken(name, "an archive that holds no file")
    for info in files:
        inner = f"{name}!{info.filename}" if name else info.filename
        yield from _member(archive, info, inner, budget, limits, depth)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget, limits: Limits, depth: int
) -> Iterator[Member]:
    try:
        opened = archive.open(info)
        magic = opened.read(4)
        opened.seek(0)
    except FAULTS as fault:
        yield _broken(name, f"not readable inside the zip: {fault}")
        return
    with opened:
        if magic not in _SOUGHT or depth == 1:
            for inner in _unpacked(opened, name, budget, limits, depth - 1):
                yield replace(inner, written_at=inner.written_at or _written_at(info))
            return
        try:
            held = opened.read(budget.room + 1)
        except FAULTS as fault:
            yield _broken(name, f"damaged inside the zip: {fault}")
            return
        budget.spent += len(held)
        if len(held) > budget.room:
            yield _broken(name, f"what must be held whole inside a zip is over the limit of {budget.room} bytes")
            return
        budget.room -= len(held)
        yield from _unpacked(io.BytesIO(held), name, budget, limits, depth - 1)
        budget.room += len(held)


def _table(raw: IO[bytes], name: str, budget: Budget, limits: Limits) -> Member:
    """A Parquet file, which may unpack to as much more as its columns say."""
    try:
        rows = ParquetRows(raw, budget.packed)
    except FAULTS as fault:
        return _broken(name, f"not a readable Parquet file: {fault}")
    budget.bound = max(budget.bound, rows.unpacked * limits.unpacked_ratio)
    return Member(name, Opened(rows.lines(), budget), rows=True)


def _packed_at(head: bytes) -> datetime | None:
    """When the file in a gzip was last written; none when its header does not say."""
    seconds = int.from_bytes(head[4:8], "little")
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _written_at(info: zipfile.ZipInfo) -> datetime | None:
    """When a member of a zip was last written, in the wall time of who packed it; none when that is no date."""
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None


def _broken(name: str, fault: str) -> Member:
    return Member(name, Opened(iter(()), fault=fault))


def in_rows(path: Path, member: str, limits: Limits) -> bool:
    """Whether the records of a member are rows of a table, and so are their places."""
    return next((one.rows for one in members(path, limits) if one.name == member), False)


def read_at(path: Path, member: str, offset: int, length: int, limits: Limits) -> bytes:
    """The raw bytes of a record: `length` bytes at `offset` of a member's unpacked stream; of a table, its rows."""
    for candidate in members(path, limits):
        if candidate.name != member:
            continue
        if candidate.rows:
            lines = (line for chunk in candidate.opened.chunks() for line in chunk.splitlines())
            return b"\n".join(islice(lines, offset, offset + length))
        at = 0
        parts = []
        for chunk in candidate.opened.chunks():
            if at + len(chunk) > offset:
                parts.append(chunk[max(0, offset - at) : offset + length - at])
            at += len(chunk)
            if at >= offset + length:
                break
        return b"".join(parts)
    return b""
