"""How does what is pushed come to rest on the disk before its sender is told that it was taken?

Lines are appended to a file and forced to the disk. A file that is closed is never written again: it is evidence, which
is hashed and recorded.
"""

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

MOST = 64 << 20


class Spool:
    """Appends lines to files below a folder; safe to use from several threads.

    Args:
        folder: where they lie.
        origin: by which way the lines come; the files are named for it.
        stamp: a moment that no file is named for yet.
        began: told each new file.
    """

    def __init__(self, folder: Path, origin: str, stamp: Callable[[], str], began: Callable[[Path], None]) -> None:
        self._folder, self._origin, self._stamp, self._began = folder, origin, stamp, began
        self._lock = threading.Lock()
        self._descriptor = -1
        self._size = 0
        self._path: Path | None = None

    @property
    def path(self) -> Path | None:
        """The file that is written; None when there is none."""
        with self._lock:
            return self._path

    def append(self, lines: Iterable[bytes]) -> int:
        """Have lines on the disk; how many they are.

        Raises:
            OSError: the disk does not take them; then none of them counts.
        """
        listed = [line + b"\n" for line in lines]
        if not listed:
            return 0
        with self._lock:
            if self._path is None:
                self._open()
            self._write(b"".join(listed))
            if self._size >= MOST:
                self._close()
        return len(listed)

    def close(self) -> None:
        """Write no more to the file that is open; the next line begins another."""
        with self._lock:
            self._close()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self._origin}-{self._stamp()}.log"
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._path, self._size = path, 0
        self._began(path)

    def _write(self, data: bytes) -> None:
        """All of it or none: what was written in part is taken back."""
        begun = self._size
        try:
            at = 0
            while at < len(data):
                at += os.write(self._descriptor, data[at:])
            os.fsync(self._descriptor)
        except OSError:
            os.ftruncate(self._descriptor, begun)
            os.lseek(self._descriptor, begun, os.SEEK_SET)
            raise
        self._size = begun + len(data)

    def _close(self) -> None:
        if self._path is not None:
            os.close(self._descriptor)
            self._path, self._descriptor = None, -1
