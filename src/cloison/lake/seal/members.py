"""What are the members of a seal called, and what of a member's bytes is kept beside it to name what changes?"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from cloison.lake.seal.container import PIECE, Entry
from cloison.lake.seal.manifest import Line, ordered

ENVELOPE, MANIFEST, BLOCKS, KEY = "ENVELOPE.json", "MANIFEST", "BLOCKS", "KEY.pem"
UNLISTED = (ENVELOPE, MANIFEST)
"""The two members that the manifest cannot list."""
TABLE, LEAVES = ".parquet", ".rows"
"""A table is a Parquet file, and beside it the leaves of its rows."""
BLOCK_BYTES = 4_096
MARK_BYTES = 8
"""Of each block of each file the first bytes of its SHA-256: they prove nothing, and say where a file was changed."""
MANIFEST_BYTES = 256 << 20
"""A longer manifest is not read."""


@dataclass(frozen=True)
class Measured:
    """A member's bytes: how many, their SHA-256, their CRC, and the marks of their blocks."""

    size: int
    sha256: str
    crc: int
    marks: bytes


def measured(pieces: Iterable[bytes], *, marked: bool = True) -> Measured:
    """Measure bytes that come in pieces; without `marked` no block is marked."""
    digest, crc, size = hashlib.sha256(), 0, 0
    marks, rest = bytearray(), b""
    for piece in pieces:
        digest.update(piece)
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        if marked:
            rest += piece
            whole = len(rest) // BLOCK_BYTES * BLOCK_BYTES
            marks += b"".join(mark(rest[at : at + BLOCK_BYTES]) for at in range(0, whole, BLOCK_BYTES))
            rest = rest[whole:]
    return Measured(size, digest.hexdigest(), crc, bytes(marks) + (mark(rest) if rest else b""))


def mark(block: bytes) -> bytes:
    """The mark of a block."""
    return hashlib.sha256(block).digest()[:MARK_BYTES]


def marks_of(lines: Iterable[Line], blocks: bytes) -> dict[str, bytes]:
    """The marks of each file, out of the member that holds all of them in the order of the manifest."""
    found: dict[str, bytes] = {}
    at = 0
    for one in ordered(lines):
        if one.kind == "file" and one.name != BLOCKS:
            size = -(-one.number // BLOCK_BYTES) * MARK_BYTES
            found[one.name] = blocks[at : at + size]
            at += size
    return found


def bytes_of(file: IO[bytes], one: Entry) -> Iterator[bytes]:
    """A member's bytes, piece by piece."""
    at = one.begins
    while at < one.ends:
        file.seek(at)
        piece = file.read(min(PIECE, one.ends - at))
        if not piece:
            return
        yield piece
        at += len(piece)
