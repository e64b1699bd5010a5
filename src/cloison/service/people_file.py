"""Where are the people of a case kept, and the keys of programs? In one file beside it, which is its owner's alone."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cloison.errors import CaseError

FILE = "people.sqlite"
_WAIT_SECONDS = 10.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS person (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, secret TEXT NOT NULL, step INTEGER NOT NULL,
    outside TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS outside ON person (outside) WHERE outside <> '';
CREATE TABLE IF NOT EXISTS api_key (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, hint TEXT NOT NULL, made_at TEXT NOT NULL,
    made_by TEXT NOT NULL, until TEXT NOT NULL, used_at TEXT NOT NULL, revoked_at TEXT NOT NULL) STRICT;
"""


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The file of a case, made where there is none, for one thing to be asked or changed.

    Raises:
        CaseError: it cannot be read.
    """
    path = folder / FILE
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))
        base = sqlite3.connect(path, isolation_level=None, timeout=_WAIT_SECONDS)
        try:
            base.executescript(_SCHEMA)
            yield base
        finally:
            base.close()
    except (sqlite3.Error, OSError) as fault:
        raise CaseError(f"the people of the case cannot be read: {fault}", where=str(path)) from fault
