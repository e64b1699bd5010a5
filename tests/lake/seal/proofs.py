"""How does somebody with one row and a few hashes see that it was sealed? The paths of RFC 6962."""

from collections.abc import Sequence

from cloison.lake.seal.merkle import node, root


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from the leaf at `index` to the root, from below."""
    if len(leaves) < 2:
        return []
    cut = _cut(len(leaves))
    if index < cut:
        return [*path(leaves[:cut], index), root(leaves[cut:])]
    return [*path(leaves[cut:], index - cut), root(leaves[:cut])]


def led_to(start: bytes, index: int, size: int, steps: Sequence[bytes]) -> bytes | None:
    """The root to which a path leads from a leaf at `index` of `size`; None where the path has not that length."""
    if size < 2:
        return start if size == 1 and not steps else None
    if not steps:
        return None
    cut = _cut(size)
    if index < cut:
        below = led_to(start, index, cut, steps[:-1])
        return below and node(below, steps[-1])
    below = led_to(start, index - cut, size - cut, steps[:-1])
    return below and node(steps[-1], below)


def _cut(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
