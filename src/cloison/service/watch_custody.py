"""How do pushed events become evidence of the case: a file that is closed, hashed and recorded?"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cloison.errors import CaseError
from cloison.evidence.custody import place_of, sha256_of, spelled
from cloison.evidence.journal import Held, Journal
from cloison.service.case import Case, locked
from cloison.service.take import taken_by

FOLDER = "watch"


def watch_folder(case: Case) -> Path:
    """Where a watch keeps what is its own."""
    return case.folder / FOLDER


def spool_folder(case: Case) -> Path:
    """Where pushed events lie until they are recorded."""
    return watch_folder(case) / "spool"


def into_custody(case: Case, paths: list[Path], note: Callable[[str], None]) -> list[Path]:
    """Record closed files of pushed events as evidence, which the next investigation reads; those that now are.

    Cut off anywhere, it is done again: a file leaves the spool when the journal holds it, and not before.
    """
    done: list[Path] = []
    try:
        with locked(case):
            journal = case.journal()
            try:
                done += [path for path in paths if _kept(case, journal, path)]
            finally:
                journal.close()
    except CaseError as fault:
        if "another cloison" not in fault.what:
            note(str(fault))
    return done


def _kept(case: Case, journal: Journal, path: Path) -> bool:
    told = path.stat()
    if told.st_size == 0:
        path.unlink()
        return True
    sha256 = sha256_of(path)
    place = case.evidence / place_of(sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.link(path, place)
    written = datetime.fromtimestamp(told.st_mtime, UTC).isoformat(timespec="seconds")
    if not journal.holds(sha256):
        held = Held(
            sha256,
            f"{FOLDER}/{path.name}",
            told.st_size,
            spelled(f"pushed: {path.name}"),
            place_of(sha256),
            "",
            datetime.now(UTC).isoformat(timespec="seconds"),
            taken_by(),
            written,
        )
        journal.record([held], [], [], [], [])
    path.unlink()
    return True


class HeldBefore:
    """How much of a file the case already holds: as it is, or as it was when it was shorter."""

    def __init__(self, case: Case) -> None:
        journal = case.journal()
        try:
            listed = journal.evidence()
        finally:
            journal.close()
        self._by_origin: dict[str, list[Held]] = {}
        for one in listed:
            self._by_origin.setdefault(one.origin, []).append(one)
        self._hashes = {one.sha256 for one in listed}
        self._sizes = {one.size for one in listed}

    def of(self, path: Path, size: int) -> int:
        """So many of its first bytes are evidence of the case."""
        try:
            if size in self._sizes and sha256_of(path) in self._hashes:
                return size
            known = self._by_origin.get(spelled(str(path.resolve())), [])
            fitting = (one for one in known if one.size <= size and _begins_with(path, one))
            return max((one.size for one in fitting), default=0)
        except OSError:
            return 0


def _begins_with(path: Path, held: Held) -> bool:
    digest = hashlib.sha256()
    left = held.size
    with path.open("rb") as file:
        while left and (piece := file.read(min(left, 1 << 20))):
            digest.update(piece)
            left -= len(piece)
    return not left and digest.hexdigest() == held.sha256
