"""Which followed files are held open, so that what was deleted or renamed away can still be read to its end?"""

import os
from collections import OrderedDict
from collections.abc import Container, Sized
from typing import Protocol

from cloison.watch.streams import Stream

OPEN = 256
"""So many files are held open at most: those that were read last; and of those that left their place as many."""

Key = tuple[int, int]


class Left(Container[Key], Sized, Protocol):
    """Files that no longer lie where they were: once closed, they cannot be opened again."""


class OpenFiles:
    """The open files, by device and inode."""

    def __init__(self, left: Left) -> None:
        self._left = left
        self._open: OrderedDict[Key, int] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        return key in self._open

    def of(self, stream: Stream) -> int:
        """The descriptor of a stream's file.

        Raises:
            OSError: it cannot be opened, or another file lies there.
        """
        if stream.key in self._open:
            self._open.move_to_end(stream.key)
            return self._open[stream.key]
        descriptor = open_file(stream.path)
        told = os.fstat(descriptor)
        if (told.st_dev, told.st_ino) != stream.key:
            os.close(descriptor)
            raise FileNotFoundError(2, "it is gone", stream.path)
        self.hold(stream.key, descriptor)
        return descriptor

    def hold(self, key: Key, descriptor: int) -> None:
        """Hold a file open, in place of what was held by that name, and close those that are too many."""
        self.drop(key)
        self._open[key] = descriptor
        while len(self._open) > OPEN + min(len(self._left), OPEN):
            others = (one for one in self._open if one != key and one not in self._left)
            self.drop(next(others, next(iter(self._open))))  # the one just put in is the last of all

    def drop(self, key: Key) -> None:
        """Close a file, if it is open."""
        if key in self._open:
            os.close(self._open.pop(key))

    def close(self) -> None:
        """Close every file."""
        for key in list(self._open):
            self.drop(key)


def open_file(path: str) -> int:
    """The descriptor of a regular file; links are not followed, and a pipe that lies there is not waited for."""
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
