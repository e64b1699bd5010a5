"""Where do consecutive records of a stream stand, and what are their bytes?"""

from dataclasses import dataclass

import numpy as np

from cloison.evidence.formats.pieces import Chosen, Pieces, Whole

Place = tuple[int, int, bytes]
"""A record's offset, its length in the stream, and its bytes as text."""


@dataclass(frozen=True, eq=False)
class Places:
    """Consecutive records: the offset of each, its length in the stream, and its bytes as text."""

    offsets: Whole
    lengths: Whole
    payloads: Pieces

    @classmethod
    def of(cls, listed: list[Place]) -> "Places":
        """The places of a list."""
        offsets, lengths, payloads = zip(*listed, strict=True) if listed else ((), (), ())
        return cls(np.array(offsets, np.int64), np.array(lengths, np.int64), Pieces.of(payloads))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.offsets)

    def __getitem__(self, number: int) -> Place:
        """One of them."""
        return int(self.offsets[number]), int(self.lengths[number]), self.payloads[number]

    def only(self, chosen: Chosen | slice) -> "Places":
        """Those that are chosen."""
        return Places(self.offsets[chosen], self.lengths[chosen], self.payloads.only(chosen))
