"""What did people write into the case, in which order, and is it all as they wrote it? One SQLite file, a chain.

Each entry carries the hash of the one before it, so that none can be changed, taken out or put in between without
breaking the chain there. That the last ones were cut off shows only against a hash that was kept elsewhere: a
sealed case keeps it. SQLite itself refuses to change or delete an entry; many may read while one writes.

What was read and found whole is kept for as long as the files that hold it are the same by inode, size and both
times, which the kernel moves at every write. Times that are younger than two seconds when it is read are not trusted:
a second write in the same tick of the clock would leave them as they are.
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cloison.errors import CaseError

FIRST = "0" * 64
"""What stands for the hash before the first entry."""
_WORD = "cloison logbook 1"
_WAIT_SECONDS = 30.0
_RESTED_NS = 2_000_000_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL,
    text TEXT NOT NULL, previous TEXT NOT NULL UNIQUE, digest TEXT NOT NULL UNIQUE) STRICT;
CREATE TRIGGER IF NOT EXISTS unchanged BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER IF NOT EXISTS undeleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
"""


@dataclass(frozen=True)
class Entry:
    """What someone wrote: `number` counts from 1, `at` is UTC, `about` a uid of the case or "", `kind` a word.

    `digest` is over it and `previous`, the digest of the entry before.
    """

    number: int
    at: str
    who: str
    kind: str
    about: str
    text: str
    previous: str
    digest: str


@dataclass(frozen=True)
class Broken:
    """The first entry that is not what follows the one before it, and why."""

    number: int
    why: str


@dataclass(frozen=True, eq=False)
class Checked:
    """All entries as they were read, and where their chain breaks."""

    entries: tuple[Entry, ...]
    broken: Broken | None


Stamp = tuple[tuple[int, int, int, int], ...]
"""By what the files are known again: inode, size, and the nanoseconds of both times, of each that is there."""


class Logbook:
    """The logbook of a case; made when the first entry is written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: tuple[Stamp, Checked] | None = None

    def checked(self, clock_ns: Callable[[], int]) -> Checked:
        """The whole chain, read and checked anew unless its files are those of the last time.

        Args:
            clock_ns: nanoseconds since 1970, of the clock that the files' times are from.

        Raises:
            CaseError: the file cannot be read.
        """
        before, now = self._stamp(), clock_ns()
        if self._kept is not None and self._kept[0] == before:
            return self._kept[1]
        entries = self.entries()
        found = Checked(tuple(entries), broken(entries))
        rested = all(max(times) + _RESTED_NS < now for _, _, *times in before)
        self._kept = (before, found) if rested and self._stamp() == before else None
        return found

    def _stamp(self) -> Stamp:
        found = []
        for name in (self._path, self._path.with_name(f"{self._path.name}-wal")):
            with contextlib.suppress(FileNotFoundError):
                held = name.stat()
                if held.st_size:  # who reads only leaves an empty one behind
                    found.append((held.st_ino, held.st_size, held.st_mtime_ns, held.st_ctime_ns))
        return tuple(found)

    def write(self, *, at: str, who: str, kind: str, text: str, about: str = "") -> Entry:
        """Add an entry behind the last one, whole or not at all, and say what it became.

        Raises:
            CaseError: the file cannot be written, or its last entry is not what its hash says.
        """
        with self._opened(writing=True) as base:
            base.execute("BEGIN IMMEDIATE")
            try:
                entry = _next(self._last(base), at, who, kind, about, text)
                base.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _row(entry))
            except BaseException:
                base.execute("ROLLBACK")
                raise
            base.execute("COMMIT")
        return entry

    def entries(self) -> list[Entry]:
        """All entries in their order; none where nothing was ever written."""
        if not self._path.is_file():
            return []
        with self._opened(writing=False) as base:
            if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'entry'").fetchone():
                return []  # another is about to write the first one
            return [Entry(*row) for row in base.execute("SELECT * FROM entry ORDER BY number")]

    def _last(self, base: sqlite3.Connection) -> Entry | None:
        row = base.execute("SELECT * FROM entry ORDER BY number DESC LIMIT 1").fetchone()
        last = Entry(*row) if row else None
        if last is not None and last.digest != digest_of(last):
            raise self._fault(f"entry {last.number} is not what was written")
        return last

    @contextmanager
    def _opened(self, *, writing: bool) -> Iterator[sqlite3.Connection]:
        try:
            mode = "rwc" if writing else "ro"
            base = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=_WAIT_SECONDS
            )
            try:
                if writing:
                    base.execute("PRAGMA journal_mode = WAL")
                    base.execute("PRAGMA synchronous = FULL")
                    base.executescript(_SCHEMA)
                yield base
            finally:
                base.close()
        except sqlite3.Error as fault:
            raise self._fault(str(fault)) from fault

    def _fault(self, what: str) -> CaseError:
        return CaseError(f"the logbook cannot be used: {what}", where=str(self._path), remedy="put it back from a copy")


def _next(before: Entry | None, at: str, who: str, kind: str, about: str, text: str) -> Entry:
    number, previous = (before.number + 1, before.digest) if before else (1, FIRST)
    draft = Entry(number, at, who, kind, about, text, previous, "")
    return Entry(number, at, who, kind, about, text, previous, digest_of(draft))


def _row(one: Entry) -> tuple[int, str, str, str, str, str, str, str]:
    return (one.number, one.at, one.who, one.kind, one.about, one.text, one.previous, one.digest)


def digest_of(one: Entry) -> str:
    """The hash of an entry: over its fields and the hash before it, each with its length, so that none runs on."""
    fields = (_WORD, str(one.number), one.previous, one.at, one.who, one.kind, one.about, one.text)
    told = b"".join(b"%d:%s" % (len(raw), raw) for raw in (field.encode("utf-8", "surrogatepass") for field in fields))
    return hashlib.sha256(told).hexdigest()


def broken(entries: list[Entry]) -> Broken | None:
    """The first link that does not hold; None where all do."""
    number, previous = 1, FIRST
    for one in entries:
        if one.number != number:
            return Broken(number, f"is missing: entry {one.number} stands in its place")
        if one.previous != previous:
            return Broken(number, "does not follow the entry before it")
        if one.digest != digest_of(one):
            return Broken(number, "is not what was written")
        number, previous = number + 1, one.digest
    return None
