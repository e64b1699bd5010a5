"""Is this still the file that was read, up to the place where reading stopped?"""

import hashlib
import os
from dataclasses import dataclass

HEAD, TAIL = 1024, 64
"""So many first bytes, and bytes before the position, tell a file from another."""


@dataclass(frozen=True)
class Print:
    """What is remembered of a file's bytes: its first `length`, and those just before `position`, by hash."""

    length: int
    head: str
    position: int
    tail: str


def print_of(descriptor: int, position: int) -> Print:
    """The print of an open file that was read up to a position."""
    head = os.pread(descriptor, HEAD, 0)
    return Print(len(head), head_hash(head), position, _tail(descriptor, position))


def fits(descriptor: int, known: Print) -> bool:
    """Whether an open file begins as a known one did, and holds before its position what that held."""
    if not known.length:
        return known.position == 0
    head = os.pread(descriptor, known.length, 0)
    return (
        len(head) == known.length and head_hash(head) == known.head and _tail(descriptor, known.position) == known.tail
    )


def _tail(descriptor: int, position: int) -> str:
    size = min(TAIL, position)
    held = os.pread(descriptor, size, position - size)
    return head_hash(held) if len(held) == size else ""


def head_hash(held: bytes) -> str:
    """What stands for some bytes."""
    return hashlib.sha256(held).hexdigest()[:32]
