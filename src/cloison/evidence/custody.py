"""How does a file come into custody: hashed while it is copied, under its own hash, whole or not at all?"""

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from cloison.errors import EvidenceError

_PIECE = 1 << 20


def files_below(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Every regular file at or below the paths, with its label: the path as the user would say it.

    Raises:
        EvidenceError: a path does not exist, or a folder cannot be read.
    """
    for given in paths:
        if not given.exists():
            raise EvidenceError("no such file or folder", where=str(given), remedy="check the spelling of the path")
        if given.is_file():
            yield given, given.name
            continue
        for folder, folders, names in os.walk(given, onerror=_unreadable):
            folders.sort()
            for name in sorted(names):
                path = Path(folder, name)
                if path.is_file() and not path.is_symlink():
                    yield path, str(Path(given.name) / path.relative_to(given))


def links_below(paths: Iterable[Path]) -> list[Path]:
    """The symbolic links below the paths, which are not followed: they may lead out of what was handed over."""
    found: list[Path] = []
    for given in paths:
        for folder, folders, names in os.walk(given):
            found += [path for name in sorted([*folders, *names]) if (path := Path(folder, name)).is_symlink()]
    return found


def _unreadable(fault: OSError) -> None:
    raise EvidenceError(
        f"cannot be read: {fault.strerror}", where=str(fault.filename), remedy="take it as a user who may read it"
    ) from fault


def spelled(path: str) -> str:
    """A path as text that can be kept: bytes of a file name that are no UTF-8 are written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(path: Path, folder: Path) -> tuple[str, int]:
    """Copy a file into custody below `folder`: its sha256 and bytes; a copy cut short is never seen under the hash."""
    digest = hashlib.sha256()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".incoming-{os.getpid()}-{threading.get_ident()}"
    with path.open("rb") as read, draft.open("wb") as written:
        while piece := read.read(_PIECE):
            digest.update(piece)
            written.write(piece)
        written.flush()
        os.fsync(written.fileno())
    place = folder / place_of(digest.hexdigest())
    place.parent.mkdir(exist_ok=True)
    size = draft.stat().st_size
    draft.replace(place)
    return digest.hexdigest(), size


def place_of(sha256: str) -> str:
    """Where evidence with this hash lies below the custody folder."""
    return f"{sha256[:2]}/{sha256}"
