"""How far was everything read, what is remembered of it, and what is still to be told? One SQLite file.

All that a batch changes is one transaction: positions, memory and what is to be told of it. So after a sudden death
either the batch was, and is told, or it was not, and is read again.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import msgspec

from cloison.errors import CaseError
from cloison.watch.message import Message
from cloison.watch.prints import Print
from cloison.watch.streams import Stream

FORMAT = "1"
SEEN = 500_000
"""So many detections are remembered, so that none is told of an event twice."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stream (
    device INTEGER NOT NULL, inode INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (device, inode)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS memory (
    kind TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, name)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body BLOB NOT NULL)
    STRICT;
CREATE TABLE IF NOT EXISTS sink (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refused (sink TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, why TEXT NOT NULL,
    body BLOB NOT NULL, PRIMARY KEY (sink, seq)) STRICT, WITHOUT ROWID;
"""


class Checkpoint:
    """The checkpoint of a watch. Each thread opens its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._told():
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_SCHEMA)
            self._db.execute("INSERT OR IGNORE INTO meta VALUES ('format', ?)", (FORMAT,))
        if (found := self.noted("format")) != FORMAT:
            raise CaseError(
                f"the checkpoint was written by another version (format {found})",
                where=str(path),
                remedy="go on with that version, or begin anew: remove the file, then everything is told again",
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # -- what a batch changes ---------------------------------------------------------------------------------------

    @contextmanager
    def batch(self) -> Iterator[None]:
        """All that is written inside is one transaction."""
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def place(self, streams: Iterable[Stream], gone: Iterable[tuple[int, int]]) -> None:
        """Note how far streams were read, and forget others."""
        rows = [(*map(_signed, one.key), json.dumps(asdict(one))) for one in streams]
        self._db.executemany("INSERT OR REPLACE INTO stream VALUES (?, ?, ?)", rows)
        keys = [tuple(map(_signed, key)) for key in gone]
        self._db.executemany("DELETE FROM stream WHERE device = ? AND inode = ?", keys)

    def remember(self, kind: str, rows: Iterable[tuple[str, bytes]]) -> None:
        """Remember something under its name, in place of what was there."""
        self._db.executemany("INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", [(kind, *row) for row in rows])

    def forget(self, kind: str, names: Iterable[str]) -> None:
        """Forget what was remembered under these names."""
        self._db.executemany("DELETE FROM memory WHERE kind = ? AND name = ?", [(kind, name) for name in names])

    def unseen(self, ids: Iterable[str]) -> set[str]:
        """Which of these were never seen before; from now on they were."""
        new = set()
        for one in ids:
            if self._db.execute("INSERT OR IGNORE INTO seen (id) VALUES (?)", (one,)).rowcount:
                new.add(one)
        if new:
            self._db.execute("DELETE FROM seen WHERE number <= (SELECT max(number) FROM seen) - ?", (SEEN,))
        return new

    def put_out(self, messages: Iterable[Message]) -> None:
        """Have messages told; one that was put out before is not told again."""
        rows = [(one.id, msgspec.json.encode(one)) for one in messages]
        self._db.executemany("INSERT OR IGNORE INTO outbox (id, body) VALUES (?, ?)", rows)

    def note(self, name: str, value: str) -> None:
        """Note a fact about the watch itself."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # -- what is read back ------------------------------------------------------------------------------------------

    def noted(self, name: str) -> str:
        """A fact about the watch itself; empty when there is none."""
        with self._told():
            found = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def streams(self) -> list[Stream]:
        """How far each stream was read."""
        with self._told():
            rows = self._db.execute("SELECT body FROM stream ORDER BY device, inode").fetchall()
        bodies = [json.loads(body) for (body,) in rows]
        return [Stream(**{**body, "print": Print(**body["print"])}) for body in bodies]

    def remembered(self, kind: str) -> list[tuple[str, bytes]]:
        """All that is remembered of a kind, by name."""
        with self._told():
            rows = self._db.execute("SELECT name, body FROM memory WHERE kind = ? ORDER BY name", (kind,)).fetchall()
        return [(str(name), bytes(body)) for name, body in rows]

    # -- what is to be told -----------------------------------------------------------------------------------------

    def join(self, sink: str) -> None:
        """From now on a sink is told what is put out; one that is known goes on where it was."""
        with self.batch():
            self._db.execute(
                "INSERT OR IGNORE INTO sink SELECT ?, coalesce((SELECT min(seq) FROM outbox), "
                "(SELECT seq + 1 FROM sqlite_sequence WHERE name = 'outbox'), 1) - 1",
                (sink,),
            )

    def pending(self, sink: str, limit: int = 100) -> list[tuple[int, Message]]:
        """What the sink is still to be told, in order."""
        with self._told():
            rows = self._db.execute(
                "SELECT seq, body FROM outbox WHERE seq > (SELECT seq FROM sink WHERE name = ?) ORDER BY seq LIMIT ?",
                (sink, limit),
            ).fetchall()
        return [(seq, msgspec.json.decode(body, type=Message)) for seq, body in rows]

    def told(self, sink: str, seq: int) -> None:
        """The sink has been told all up to this; what every sink was told is taken out."""
        with self.batch():
            self._db.execute("UPDATE sink SET seq = ? WHERE name = ?", (seq, sink))
            self._db.execute("DELETE FROM outbox WHERE seq <= (SELECT min(seq) FROM sink)")

    def refuse(self, sink: str, seq: int, message: Message, why: str) -> None:
        """The sink will never take this message: keep it, and go on behind it."""
        row = (sink, seq, message.id, why, msgspec.json.encode(message))
        with self.batch():
            self._db.execute("INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?, ?)", row)
            self._db.execute("UPDATE sink SET seq = ? WHERE name = ?", (seq, sink))

    def leave(self, sinks: Iterable[str]) -> None:
        """Only these sinks are told from now on; another keeps nothing back."""
        kept = set(sinks)
        with self.batch():
            for (name,) in self._db.execute("SELECT name FROM sink").fetchall():
                if name not in kept:
                    self._db.execute("DELETE FROM sink WHERE name = ?", (name,))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as fault:
            with suppress(AttributeError):
                self._db.rollback()
            raise CaseError(
                f"the checkpoint cannot be used: {fault}",
                where=str(self._path),
                remedy="see that the disk has room; if it is damaged, remove it: then everything is read and told anew",
            ) from fault


def _signed(number: int) -> int:
    """A device or inode as SQLite holds it; some file systems use all 64 bits."""
    return number - (1 << 64) if number >= 1 << 63 else number
