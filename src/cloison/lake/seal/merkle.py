"""What is the one hash over a list, from which each entry can be shown without the others? As RFC 6962 has it.

A leaf is hashed with a 0 before it and a node with a 1, so that neither can be passed off as the other.
"""

import hashlib
from collections.abc import Iterable

EMPTY = hashlib.sha256().digest()


def leaf(entry: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\0" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two trees side by side."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The hash over all leaves, in memory that grows with the logarithm of their number."""
    full: list[tuple[int, bytes]] = []
    for one in leaves:
        height, top = 0, one
        while full and full[-1][0] == height:
            top = node(full.pop()[1], top)
            height += 1
        full.append((height, top))
    if not full:
        return EMPTY
    _, top = full.pop()
    while full:
        top = node(full.pop()[1], top)
    return top
