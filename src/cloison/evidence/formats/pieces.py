"""Which stretches of a buffer are records, without a copy of any of them?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Chosen = npt.NDArray[np.bool_] | npt.NDArray[np.intp]

_BOM = b"\xef\xbb\xbf"
_SPARE = 2
_SPACE = np.zeros(256, dtype=np.bool_)
_SPACE[[*b" \t\n\r\x0b\x0c"]] = True


@dataclass(frozen=True, eq=False)
class Pieces:
    """Stretches of a buffer: where each begins in it and how many bytes it has; `base` is the buffer's own place."""

    buffer: bytes
    begins: Whole
    sizes: Whole
    base: int = 0

    @classmethod
    def of(cls, texts: Iterable[bytes]) -> "Pieces":
        """Pieces that lie behind each other in a buffer of their own."""
        listed = list(texts)
        sizes = np.fromiter(map(len, listed), np.int64, len(listed))
        return cls(b"".join(listed), np.cumsum(sizes) - sizes, sizes)

    @classmethod
    def joined(cls, some: list["Pieces"]) -> "Pieces":
        """The pieces of several buffers in one; where each begins in its stream is not kept."""
        if len(some) == 1:
            return some[0]
        buffers = [one.buffer for one in some]
        behind = np.cumsum([0, *map(len, buffers[:-1])])
        begins = np.concatenate([one.begins + base for one, base in zip(some, behind, strict=True)])
        return cls(b"".join(buffers), begins, np.concatenate([one.sizes for one in some]))

    @property
    def offsets(self) -> Whole:
        """Where each begins in the stream."""
        return self.begins + self.base

    def __len__(self) -> int:
        """How many there are."""
        return len(self.begins)

    def __getitem__(self, number: int) -> bytes:
        """The bytes of one."""
        begin = int(self.begins[number])
        return self.buffer[begin : begin + int(self.sizes[number])]

    def __iter__(self) -> Iterator[bytes]:
        """The bytes of each."""
        buffer = self.buffer
        for begin, size in zip(self.begins.tolist(), self.sizes.tolist(), strict=True):
            yield buffer[begin : begin + size]

    def only(self, chosen: Chosen | slice) -> "Pieces":
        """Those that a mask, a list of numbers or a slice chooses."""
        return Pieces(self.buffer, self.begins[chosen], self.sizes[chosen], self.base)

    def narrowed(self) -> "Pieces":
        """The same in a buffer of their own that holds little else, so that they do not keep a large one."""
        if not len(self) or len(self.buffer) <= _SPARE * int(self.sizes.sum()):
            return self
        first, behind = int(self.begins.min()), int((self.begins + self.sizes).max())
        if behind - first > _SPARE * int(self.sizes.sum()):
            return Pieces.of(self)
        return Pieces(self.buffer[first:behind], self.begins - first, self.sizes, self.base + first)

    def enclosed(self, first: bytes, last: bytes) -> npt.NDArray[np.bool_]:
        """Which of them begin and end with these bytes; none may be empty."""
        seen = np.frombuffer(self.buffer, dtype=np.uint8)
        firsts, lasts = seen[self.begins], seen[self.begins + self.sizes - 1]
        enclosed: npt.NDArray[np.bool_] = (firsts == ord(first)) & (lasts == ord(last))
        return enclosed

    def trimmed(self) -> "Pieces":
        """Each without a byte order mark and the space around it; what is nothing but space is left out."""
        marked = self._unmarked() if _BOM in self.buffer else self
        filled = marked.only(marked.sizes > 0)
        if not len(filled):
            return filled
        seen = np.frombuffer(self.buffer, dtype=np.uint8)
        before = _SPACE[seen[filled.begins]]
        begins, sizes = filled.begins + before, filled.sizes - before
        sizes -= (sizes > 0) & _SPACE[seen[np.maximum(begins + sizes - 1, 0)]]
        bare = Pieces(self.buffer, begins, sizes, self.base)
        bare = bare.only(sizes > 0)
        spaced = np.flatnonzero(_SPACE[seen[bare.begins]] | _SPACE[seen[bare.begins + bare.sizes - 1]])
        return _stripped(bare, spaced) if len(spaced) else bare

    def _unmarked(self) -> "Pieces":
        marks = np.fromiter((piece.startswith(_BOM) for piece in self), np.bool_, len(self)) * len(_BOM)
        return Pieces(self.buffer, self.begins + marks, self.sizes - marks, self.base)


def _stripped(pieces: Pieces, spaced: npt.NDArray[np.intp]) -> Pieces:
    """What has more than one space at an end is looked at by itself."""
    begins, sizes = pieces.begins.copy(), pieces.sizes.copy()
    for number in spaced.tolist():
        piece = pieces[number]
        bare = piece.lstrip()
        begins[number] += len(piece) - len(bare)
        sizes[number] = len(bare.rstrip())
    return Pieces(pieces.buffer, begins, sizes, pieces.base).only(sizes > 0)
