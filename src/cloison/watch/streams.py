"""What is a followed stream, and what arrived of it?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from cloison.watch.prints import Print


@dataclass(frozen=True)
class Stream:
    """A file that is followed.

    Attributes:
        uid: what its records are known by, also where the file was renamed.
        path: where it lies now.
        device, inode: the file itself.
        print: up to where it was read; `print.position` counts bytes, of a packed file unpacked ones.
        whole: it is packed, or one JSON text: read when it no longer grows. Else it grows by lines.
        settled: its size and time of writing when it was last read.
        gone: it lies nowhere any more; remembered so that a copy of it is not read again.
    """

    uid: str
    path: str
    device: int
    inode: int
    print: Print
    whole: bool = False
    settled: str = ""
    gone: bool = False

    @property
    def key(self) -> tuple[int, int]:
        """The file itself."""
        return self.device, self.inode


@dataclass(frozen=True)
class Piece:
    """Whole records of a stream: its bytes from an offset on, and when the file was last written, in seconds.

    `prelude` is the head of a table that says what its columns are; `chunks` gives the bytes, once. Of a whole file
    `held` is what is read in their place: whatever became of its path, it is that file.
    """

    stream: Stream
    offset: int
    chunks: Callable[[], Iterator[bytes]]
    written: float
    prelude: bytes = b""
    held: IO[bytes] | None = None


@dataclass(frozen=True)
class Gap:
    """What could not be read, or else done, and why."""

    path: str
    what: str
    undone: str = "not read"
