"""What evidence is in custody, and what became of every record of it? One SQLite file, committed batch by batch."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloison.errors import CaseError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS evidence (
    sha256 TEXT PRIMARY KEY, label TEXT NOT NULL, size INTEGER NOT NULL, origin TEXT NOT NULL,
    kept TEXT NOT NULL, source TEXT NOT NULL, taken_at TEXT NOT NULL, taken_by TEXT NOT NULL,
    written_at TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE IF NOT EXISTS member (
    uid TEXT PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES evidence, name TEXT NOT NULL,
    size INTEGER NOT NULL, fault TEXT NOT NULL, received INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS tally (
    member_uid TEXT NOT NULL, source TEXT NOT NULL, stored INTEGER NOT NULL,
    PRIMARY KEY (member_uid, source)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reject (
    member_uid TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    reason TEXT NOT NULL, source TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS part (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS built (catalogue TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Held:
    """An evidence file in custody.

    `kept` is its path inside the case, or the absolute path it is referenced at; `written_at` when the file that was
    taken was last written, in UTC: a log that states no year was not written after that.
    """

    sha256: str
    label: str
    size: int
    origin: str
    kept: str
    source: str
    taken_at: str
    taken_by: str
    written_at: str = ""


@dataclass(frozen=True)
class HeldMember:
    """One unpacked stream of an evidence file."""

    uid: str
    sha256: str
    name: str
    size: int
    fault: str
    received: int


class Journal:
    """The custody journal of a case; every method that writes is one transaction."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._told():
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_SCHEMA)
            self._grown()

    def _grown(self) -> None:
        """A journal of before has no column for when a file was last written."""
        columns = {row[1] for row in self._db.execute("PRAGMA table_info(evidence)")}
        if "written_at" not in columns:
            self._db.execute("ALTER TABLE evidence ADD COLUMN written_at TEXT NOT NULL DEFAULT ''")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def holds(self, sha256: str) -> bool:
        """Whether evidence with this content is already in custody."""
        return bool(self._rows("SELECT 1 FROM evidence WHERE sha256 = ?", sha256))

    def evidence(self) -> list[Held]:
        """All evidence, in the order of its labels."""
        return [Held(*row) for row in self._rows("SELECT * FROM evidence ORDER BY label, sha256")]

    def members(self) -> list[HeldMember]:
        """All unpacked streams."""
        return [HeldMember(*row) for row in self._rows("SELECT * FROM member ORDER BY uid")]

    def parts(self) -> set[str]:
        """The names of the lake's files that are committed; any other is left over from an unfinished run."""
        return {name for (name,) in self._rows("SELECT name FROM part")}

    def tallies(self) -> list[tuple[str, str, int]]:
        """(member uid, source, rows stored)."""
        return self._rows("SELECT member_uid, source, stored FROM tally ORDER BY 1, 2")

    def rejects(self) -> list[tuple[str, int, int, str, str]]:
        """(member uid, offset, length, reason, source), in the order of the evidence."""
        return self._rows("SELECT * FROM reject ORDER BY member_uid, offset, length, reason")

    def record(
        self,
        held: Iterable[Held],
        members: Iterable[HeldMember],
        tallies: Iterable[tuple[str, str, int]],
        rejects: Iterable[tuple[str, int, int, str, str]],
        parts: Iterable[str],
    ) -> None:
        """Commit a batch: all of it or nothing."""
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (h.sha256, h.label, h.size, h.origin, h.kept, h.source, h.taken_at, h.taken_by, h.written_at)
                    for h in held
                ],
            )
            self._db.executemany(
                "INSERT INTO member VALUES (?, ?, ?, ?, ?, ?)",
                [(m.uid, m.sha256, m.name, m.size, m.fault, m.received) for m in members],
            )
            self._db.executemany("INSERT INTO tally VALUES (?, ?, ?)", tallies)
            self._db.executemany("INSERT INTO reject VALUES (?, ?, ?, ?, ?)", rejects)
            self._db.executemany("INSERT INTO part VALUES (?)", [(name,) for name in parts])

    def forget_lake(self) -> None:
        """Forget what was read from the evidence, but not the evidence: before the lake is built anew."""
        with self._transaction():
            self._forget()

    def built_with(self, catalogue: str) -> bool:
        """Whether the lake was built with these sources; if with others, what was read is forgotten with them."""
        with self._transaction():
            known = {name for (name,) in self._db.execute("SELECT catalogue FROM built")}
            if known == {catalogue}:
                return True
            if known:
                self._forget()
            self._db.execute("INSERT INTO built VALUES (?)", (catalogue,))
            return not known

    def _forget(self) -> None:
        for table in ("member", "tally", "reject", "part", "built"):
            self._db.execute(f"DELETE FROM {table}")

    def _rows(self, sql: str, *values: str) -> list[Any]:
        with self._told():
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite finds wrong is told as a fault of the case."""
        try:
            yield
        except sqlite3.DatabaseError as fault:
            raise CaseError(
                f"the custody journal cannot be used: {fault}",
                where=str(self._path),
                remedy="put it back from a copy, or take `evidence/`, which holds the raw files, into a new case",
            ) from fault
