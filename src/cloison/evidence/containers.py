"""How is evidence opened: plain, gzip, zstandard or zip, nested, bounded against bombs, and accounted when cut off?"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import zstandard
from isal import igzip, isal_zlib

from cloison.model.limits import Limits

CHUNK = 4 << 20


@dataclass(frozen=True)
class Member:
    """One unpacked stream of an evidence file; `name` is "" for the file itself, else its path inside the archive."""

    name: str
    opened: "Opened"


class Reader(Protocol):
    """What can be read in pieces."""

    def read(self, size: int, /) -> bytes: ...


class Opened:
    """A bounded stream of unpacked bytes; iterate once, then `fault` says why it ended early, if it did."""

    def __init__(self, reader: Reader, packed_bytes: int, limits: Limits) -> None:
        self._reader, self._packed, self._limits = reader, packed_bytes, limits
        self.size = 0
        self.fault = ""

    def chunks(self) -> Iterator[bytes]:
        """The unpacked bytes, a few MiB at a time."""
        while chunk := self._next():
            self.size += len(chunk)
            yield chunk

    def _next(self) -> bytes:
        bound = max(self._limits.unpacked_bytes, self._packed * self._limits.unpacked_ratio)
        if self._packed and self.size >= bound:
            self.fault = f"unpacks to more than {bound} bytes from {self._packed}: treated as a bomb and cut there"
            return b""
        try:
            return self._reader.read(CHUNK)
        except (EOFError, OSError, zlib.error, isal_zlib.error, zstandard.ZstdError, zipfile.BadZipFile) as fault:
            self.fault = f"cut off or damaged after {self.size} unpacked bytes: {fault}"
            return b""


def members(path: Path, limits: Limits) -> Iterator[Member]:
    """Every unpacked stream of an evidence file, in the archive's order; directories and links are not streams."""
    with path.open("rb") as raw:
        yield from _unpacked(raw, "", path.stat().st_size, limits, limits.archive_depth)


def _unpacked(raw: IO[bytes], name: str, size: int, limits: Limits, depth: int) -> Iterator[Member]:
    magic = raw.read(4)
    raw.seek(0)
    if magic[:2] == b"\x1f\x8b":
        yield Member(name, Opened(_gunzip(raw), size, limits))
    elif magic == b"\x28\xb5\x2f\xfd":
        yield Member(name, Opened(_Zstandard(raw), size, limits))
    elif magic == b"PK\x03\x04" and depth:
        yield from _zipped(raw, name, limits, depth)
    else:
        yield Member(name, Opened(raw, 0, limits))


def _gunzip(raw: IO[bytes]) -> Reader:
    return igzip.IGzipFile(fileobj=raw, mode="rb")


class _Zstandard:
    """A zstandard reader over all frames; an end inside a frame is an EOFError, as it is for gzip."""

    _PACKED = 8 << 10  # small, so that a bomb's blocks unpack to a bounded piece

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw, self._frame = raw, zstandard.ZstdDecompressor().decompressobj()
        self._pending = b""
        self._inside = False

    def read(self, size: int, /) -> bytes:
        pieces, held = [], 0
        while held < size:
            packed = self._pending or self._raw.read(self._PACKED)
            if not packed:
                if self._inside and not held:
                    raise EOFError("the last frame is not complete")
                break
            piece = self._frame.decompress(packed)
            self._pending, self._inside = self._frame.unused_data, not self._frame.eof
            if self._frame.eof:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            pieces.append(piece)
            held += len(piece)
        return b"".join(pieces)


def _zipped(raw: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(raw)
    except zipfile.BadZipFile as fault:
        broken = Opened(io.BytesIO(b""), 0, limits)
        broken.fault = f"not a readable zip: {fault}"
        yield Member(name, broken)
        return
    for info in archive.infolist():
        if not info.is_dir():
            yield from _member(archive, info, f"{name}!{info.filename}" if name else info.filename, limits, depth)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limits: Limits, depth: int
) -> Iterator[Member]:
    try:
        opened = archive.open(info)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as fault:
        broken = Opened(io.BytesIO(b""), 0, limits)
        broken.fault = f"not readable inside the zip: {fault}"
        yield Member(name, broken)
        return
    with opened:
        head = opened.read(4)
        if head[:2] == b"\x1f\x8b" or head in (b"\x28\xb5\x2f\xfd", b"PK\x03\x04"):
            inner, fault_text = _held(archive, info, limits)
            if fault_text:
                broken = Opened(io.BytesIO(b""), 0, limits)
                broken.fault = fault_text
                yield Member(name, broken)
            else:
                yield from _unpacked(io.BytesIO(inner), name, len(inner), limits, depth - 1)
        else:
            opened.seek(0)
            yield Member(name, Opened(opened, info.compress_size, limits))


def _held(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> tuple[bytes, str]:
    """An archive inside an archive is held in memory, up to the limit."""
    if info.file_size > limits.unpacked_bytes:
        return b"", f"an archive of {info.file_size} bytes inside an archive is over the limit of {limits.unpacked_bytes}"
    try:
        return archive.read(info), ""
    except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
        return b"", f"damaged inside the zip: {fault}"


def read_at(path: Path, member: str, offset: int, length: int, limits: Limits) -> bytes:
    """The raw bytes of a record: `length` bytes at `offset` of the unpacked stream of a member."""
    for candidate in members(path, limits):
        if candidate.name != member:
            continue
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


