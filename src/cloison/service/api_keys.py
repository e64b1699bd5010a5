"""With which keys may programs ask the API of a case? Beside its people, in the same file; of a key its hash alone.

A key is 256 bits of chance, of which the plain SHA-256 is kept. A slow hash (argon2id, as of passwords) guards what
people choose, which can be guessed; nothing guesses 256 bits, and at each request it would cost 64 MiB to whoever
sends anything at all.
"""

import hashlib
import re
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cloison.errors import InputError
from cloison.model.roles import Role
from cloison.service.people import check_name
from cloison.service.people_file import opened
from cloison.service.writing import written

WHO = "key:"
"""What the name of a key begins with where someone is named, and that of no person does."""
DAYS = 366
"""A key lasts no longer."""
MOST = 100
"""So many keys hold at the same time."""
_WORD, _BYTES, _SHOWN = "cloison_", 32, 4
_TOKEN = re.compile(rf"{_WORD}[A-Za-z0-9_-]{{43}}")
_COLUMNS = "name, role, hint, made_at, made_by, until, used_at, revoked_at"


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret: `hint` is how that begins and ends, times are UTC, `used_at` is to the minute.

    `ended_at` is when it was revoked, or its time was over; of what never was the time is "".
    """

    name: str
    role: Role
    hint: str
    made_at: str
    made_by: str
    until: str
    used_at: str
    revoked_at: str
    ended_at: str

    @property
    def who(self) -> str:
        """How it is named in the logbook."""
        return f"{WHO}{self.name}"


class ApiKeys:
    """The keys of a case; one that has ended stays listed, and its name is given to no other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, name: str, role: Role, *, days: int, by: str, now: datetime) -> tuple[str, ApiKey]:
        """A new key: its secret, which is told this once, and what is kept of it.

        Raises:
            InputError: the name is none or was given before, it would last too long, or there are too many.
        """
        check_name(name, role)
        if not 1 <= days <= DAYS:
            raise InputError(f"{days} days", where="days", remedy=f"a key lasts from 1 to {DAYS} days")
        if sum(not one.ended_at for one in self.listed(now)) >= MOST:
            raise InputError(f"{MOST} keys hold already", where=name, remedy="revoke one that is not used")
        token = f"{_WORD}{secrets.token_urlsafe(_BYTES)}"
        hint = f"{token[: len(_WORD) + _SHOWN]}…{token[-_SHOWN:]}"
        until = written(now + timedelta(days=days))
        made = ApiKey(name, role, hint, written(now), by, until, "", "", "")
        with opened(self._folder) as base:
            try:
                base.execute(
                    "INSERT INTO api_key VALUES (?, ?, ?, ?, ?, ?, ?, '', '')",
                    (name, role, _digest(token), hint, made.made_at, by, until),
                )
            except sqlite3.IntegrityError as fault:
                raise InputError("a key was called so before", where=name, remedy="take another name") from fault
        return token, made

    def listed(self, now: datetime) -> list[ApiKey]:
        """All keys, the last made first, also those that have ended."""
        with opened(self._folder) as base:
            rows = base.execute(f"SELECT {_COLUMNS} FROM api_key ORDER BY made_at DESC, name").fetchall()
        return [_key(now, row) for row in rows]

    def by_token(self, token: str, now: datetime) -> ApiKey | None:
        """The key of a secret, whether or not it has ended; of one that holds it is noted that it was used."""
        if not _TOKEN.fullmatch(token):
            return None
        with opened(self._folder) as base:
            digest = _digest(token)
            row = base.execute(f"SELECT {_COLUMNS} FROM api_key WHERE digest = ?", (digest,)).fetchone()
            found = _key(now, row) if row else None
            minute = written(now.replace(second=0))
            if found is not None and not found.ended_at and found.used_at < minute:
                base.execute("UPDATE api_key SET used_at = ? WHERE digest = ?", (minute, digest))
        return found

    def revoke(self, name: str, now: datetime) -> None:
        """End a key; it opens nothing from the next request on.

        Raises:
            InputError: no key of that name holds.
        """
        with opened(self._folder) as base:
            change = "UPDATE api_key SET revoked_at = ? WHERE name = ? AND revoked_at = ''"
            if not base.execute(change, (written(now), name)).rowcount:
                raise InputError(f"no key {name!r} holds", remedy="look at the keys")


def _key(now: datetime, row: tuple[str, ...]) -> ApiKey:
    name, role, hint, made_at, made_by, until, used_at, revoked_at = row
    ended_at = revoked_at or (until if until <= written(now) else "")
    return ApiKey(name, Role(role), hint, made_at, made_by, until, used_at, revoked_at, ended_at)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
