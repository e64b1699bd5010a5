"""How is a seal laid out, so that the same members are the same bytes? A ZIP of stored members at fixed times.

Nothing is packed: what unpacks to more than it is cannot be hidden in it, a byte of the file is a byte of a member, and
no version of a packer changes the bytes. Whoever wants it smaller packs the whole file.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

LOCAL, LISTED, LAST = b"PK\3\4", b"PK\1\2", b"PK\5\6"
WIDE_LAST, WIDE_PLACE = b"PK\6\6", b"PK\6\7"
LOCAL_BYTES, LISTED_BYTES, LAST_BYTES, WIDE_PLACE_BYTES, WIDE_LAST_BYTES = 30, 46, 22, 20, 56
FULL, MANY = 0xFFFFFFFF, 0xFFFF
"""What stands in a field of 32 or 16 bits whose number is in the 64-bit fields instead."""
PIECE = 1 << 20
_MIDNIGHT, _1980 = 0, 0x21
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3 << 8


@dataclass(frozen=True)
class Entry:
    """A member's place in the file: where its header begins, its bytes and their CRC."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def begins(self) -> int:
        """Where its own bytes begin."""
        return self.offset + len(header(self))

    @property
    def ends(self) -> int:
        """Where its own bytes end."""
        return self.begins + self.size


def header(one: Entry) -> bytes:
    """What stands before a member's bytes."""
    name, wide = one.name.encode(), one.size >= FULL
    extra = struct.pack("<HHQQ", 1, 16, one.size, one.size) if wide else b""
    size = FULL if wide else one.size
    version = 45 if wide else 20
    fields = (version, 0, 0, _MIDNIGHT, _1980, one.crc, size, size, len(name), len(extra))
    return LOCAL + struct.pack("<5H3I2H", *fields) + name + extra


def listing(one: Entry) -> bytes:
    """A member's entry in the directory at the end."""
    name = one.name.encode()
    large, far = one.size >= FULL, one.offset >= FULL
    wide = struct.pack("<QQ", one.size, one.size) * large + struct.pack("<Q", one.offset) * far
    extra = struct.pack("<HH", 1, len(wide)) + wide if wide else b""
    size, offset = (FULL if large else one.size), (FULL if far else one.offset)
    version = 45 if wide else 20
    fields = (_UNIX | version, version, 0, 0, _MIDNIGHT, _1980, one.crc, size, size, len(name), len(extra), 0, 0, 0)
    return LISTED + struct.pack("<6H3I5H", *fields) + struct.pack("<II", _PLAIN_FILE, offset) + name + extra


def last(count: int, size: int, offset: int) -> bytes:
    """The end of the file, behind a directory of `count` entries and `size` bytes at `offset`."""
    wide = b""
    if count >= MANY or size >= FULL or offset >= FULL:
        fields = (44, _UNIX | 45, 45, 0, 0, count, count, size, offset)
        wide = WIDE_LAST + struct.pack("<QHHIIQQQQ", *fields)
        wide += WIDE_PLACE + struct.pack("<IQI", 0, offset + size, 1)
    told = (0, 0, min(count, MANY), min(count, MANY), min(size, FULL), min(offset, FULL), 0)
    return wide + LAST + struct.pack("<4HIIH", *told)


def laid_out(measured: Iterable[tuple[str, int, int]]) -> list[Entry]:
    """The places of members, given as (name, size, CRC), in the order of their names."""
    entries: list[Entry] = []
    offset = 0
    for name, size, crc in sorted(measured, key=lambda one: one[0].encode()):
        entries.append(Entry(name, size, crc, offset))
        offset = entries[-1].ends
    return entries


def tail(entries: Sequence[Entry]) -> Iterator[tuple[str, bytes]]:
    """What stands behind the last member: each member's entry, and the end under no name."""
    size = 0
    for one in entries:
        listed = listing(one)
        size += len(listed)
        yield one.name, listed
    yield "", last(len(entries), size, entries[-1].ends if entries else 0)


def write(file: IO[bytes], entries: Sequence[Entry], pieces: Callable[[str], Iterable[bytes]]) -> str:
    """Write the file of the members, whose bytes `pieces` yields; the name of one that is not as measured, or ""."""
    for one in entries:
        file.write(header(one))
        size, crc = 0, 0
        for piece in pieces(one.name):
            file.write(piece)
            size, crc = size + len(piece), zlib.crc32(piece, crc)
        if (size, crc) != (one.size, one.crc):
            return one.name
    for _, listed in tail(entries):
        file.write(listed)
    return ""
