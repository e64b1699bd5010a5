"""Is this still the file that was read, up to the place where reading stopped, or a copy of it?

Of what was read stands a chain of hashes, block by block: it goes on from where it was, without the bytes before. At
every look only the first bytes are compared and the last blocks; before a file is called the copy of another, or what
it was before the watch was ended, every byte is.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

HEAD = 1024
"""So many first bytes tell a file from most others."""
BLOCK = 1 << 14
"""So many bytes are hashed together."""
_OLD_TAIL = 64
_READ = 1 << 20


@dataclass(frozen=True)
class Print:
    """What is remembered of a file's bytes, by hash.

    Attributes:
        length, head: so many first bytes, and those.
        position: up to where it was read.
        tail: the bytes before `position`, from the beginning of the last whole block before it.
        since: where the chain begins, at a block: 0 in a file that was read from its beginning. -1 in what an older
            version wrote, which knew no chain, and as `tail` the last 64 bytes.
        chain: the whole blocks from there up to `position`.
    """

    length: int
    head: str
    position: int
    tail: str
    since: int = -1
    chain: str = ""


def print_of(descriptor: int, position: int, before: Print | None = None) -> Print:
    """The print of an open file that was read up to a position; `before` is that of an earlier one, if it fits."""
    if before is not None and before.length == HEAD:
        length, head = HEAD, before.head
    else:
        first = os.pread(descriptor, HEAD, 0)
        length, head = len(first), head_hash(first)
    end = position - position % BLOCK
    if before is None or before.since < 0 or before.position > position:
        since, at, link = max(0, end - BLOCK), max(0, end - BLOCK), ""
    else:
        since, at, link = before.since, before.position - before.position % BLOCK, before.chain
    while at < end:
        held = memoryview(os.pread(descriptor, min(_READ, end - at), at))
        if len(held) < min(_READ, end - at):
            break
        for start in range(0, len(held), BLOCK):
            link = _linked(link, held[start : start + BLOCK])
        at += len(held)
    return Print(length, head, position, _tail(descriptor, position, _tail_size(position)), since, link)


def fits(descriptor: int, known: Print) -> bool:
    """Whether an open file begins as a known one did, and holds before its position what that held."""
    if not known.length:
        return known.position == 0
    head = os.pread(descriptor, known.length, 0)
    size = _tail_size(known.position) if known.since >= 0 else min(_OLD_TAIL, known.position)
    return (
        len(head) == known.length
        and head_hash(head) == known.head
        and _tail(descriptor, known.position, size) == known.tail
    )


def fits_whole(descriptor: int, known: Print) -> bool:
    """Whether an open file holds all that was read of a known one."""
    if not fits(descriptor, known):
        return False
    start = max(0, known.since)
    return not known.position or longest(contents(descriptor, start), [known], start) is known


def contents(descriptor: int, at: int = 0) -> Iterator[bytes]:
    """An open file from a place on."""
    while held := os.pread(descriptor, _READ, at):
        yield held
        at += len(held)


def longest(chunks: Iterable[bytes], known: Iterable[Print], start: int = 0) -> Print | None:
    """Of prints that begin as these bytes do that of the most bytes which all stand here; reads them once.

    The bytes are those from `start` on, where the first chain begins.
    """
    ending: dict[int, list[Print]] = {}
    for one in sorted(known, key=lambda one: one.position):
        ending.setdefault(one.position // BLOCK, []).append(one)
    links = {one.since: "" for some in ending.values() for one in some if one.since >= 0}
    found, before, last = None, b"", max(ending, default=-1)
    for number, block in enumerate(_blocks(chunks), start // BLOCK):
        for one in ending.get(number, ()):
            rest = one.position % BLOCK
            if len(block) >= rest and _ends(one, before + block[:rest], links):
                found = one
        if number >= last:
            break
        for since, link in links.items():
            if number * BLOCK >= since:
                links[since] = _linked(link, block)
        before = block
    return found


def head_hash(held: bytes) -> str:
    """What stands for some bytes."""
    return hashlib.sha256(held).hexdigest()[:32]


def _ends(one: Print, tail: bytes, links: dict[int, str]) -> bool:
    if one.since < 0:
        return head_hash(tail[-_OLD_TAIL:]) == one.tail
    return links[one.since] == one.chain and head_hash(tail) == one.tail


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes block by block; the last one is shorter, or empty."""
    held = b""
    for chunk in chain(chunks, [b""]):
        held = held + chunk if held else chunk
        whole = len(held) - len(held) % BLOCK
        yield from (held[at : at + BLOCK] for at in range(0, whole, BLOCK))
        held = held[whole:]
    yield held


def _linked(link: str, block: bytes | memoryview) -> str:
    digest = hashlib.sha256(link.encode())
    digest.update(block)
    return digest.hexdigest()[:32]


def _tail_size(position: int) -> int:
    return position if position < BLOCK else position % BLOCK + BLOCK


def _tail(descriptor: int, position: int, size: int) -> str:
    held = os.pread(descriptor, size, position - size)
    return head_hash(held) if len(held) == size else ""
