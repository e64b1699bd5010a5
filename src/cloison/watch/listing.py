"""Which regular files lie at and below paths?"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path


def files_of(paths: Iterable[Path]) -> Iterator[tuple[str, os.stat_result]]:
    """Every regular file at and below the paths; links are not followed."""
    for path in paths:
        with suppress(OSError):
            told = path.stat()
            if stat.S_ISDIR(told.st_mode):
                yield from _below(str(path))
            elif stat.S_ISREG(told.st_mode):
                yield str(path), told


def _below(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with suppress(OSError), os.scandir(folder) as listed:
        for entry in sorted(listed, key=lambda one: one.name):
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    yield from _below(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry.path, entry.stat(follow_symlinks=False)
