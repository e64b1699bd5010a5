"""Who uses the console of a case, as what, and do they prove it? One file beside the case, never sealed or exported.

A password is kept as its argon2id hash. The secret of the codes (TOTP, RFC 6238) is kept as it is, for codes are made
of it: the file is its owner's alone. A code is taken once, whoever saw it typed.
"""

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cloison.errors import InputError
from cloison.model.roles import Role
from cloison.service.people_file import opened

NAME_CHARACTERS = 60
PASSWORD_CHARACTERS = (12, 200)
CLAIMS = ("sub", "email")
"""By what of an identity provider a person is known: its own id of them, or an address that it has verified."""
_STEP_SECONDS = 30
_DRIFT_STEPS = 1


@dataclass(frozen=True)
class Person:
    """Whoever makes a request, a program by its `key` among them.

    A guest came by the link of entry `link`, and may see the view of entry `view` alone.
    """

    name: str
    role: Role
    view: str = ""
    link: int = 0
    key: bool = False


@dataclass(frozen=True)
class Listed:
    """Someone who may use the console: by a password with codes, or as whom an identity provider knows."""

    name: str
    role: Role
    password: bool
    outside: str


class People:
    """The people of a case.

    Args:
        folder: the case's.
        hasher: of passwords; its cost is argon2's recommended one unless a test says otherwise.
    """

    def __init__(self, folder: Path, hasher: PasswordHasher | None = None) -> None:
        self._folder = folder
        self._hasher = hasher or PasswordHasher()
        self._one_at_a_time = threading.Lock()  # a hash takes 64 MiB, and whoever is not yet known may ask for one
        self._nobody = self._hasher.hash("nobody")

    def add(self, name: str, role: Role, *, password: str = "", outside: str = "") -> str:
        """Let someone in; the secret of their codes, or "" for whom an identity provider knows.

        Raises:
            InputError: the name is taken or none, the password too short, or neither password nor provider is named.
        """
        check_name(name, role)
        if ":" in name:
            raise InputError(
                f"{name!r} is no name", remedy="leave out the colon, by which programs are told from people"
            )
        _check_outside(outside)
        if bool(password) == bool(outside):
            raise InputError("one way in, a password or an identity provider", where=name, remedy="name one of both")
        hashed, secret = (self._hashed(password), pyotp.random_base32()) if password else ("", "")
        with opened(self._folder) as base:
            try:
                base.execute("INSERT INTO person VALUES (?, ?, ?, ?, 0, ?)", (name, role, hashed, secret, outside))
            except sqlite3.IntegrityError as fault:
                raise InputError("is there already", where=outside or name, remedy="remove it first") from fault
        return secret

    def renew(self, name: str, password: str) -> str:
        """Give someone another password and another secret, which is told."""
        secret = pyotp.random_base32()
        self._change(name, "password = ?, secret = ?, step = 0, outside = ''", (self._hashed(password), secret))
        return secret

    def become(self, name: str, role: Role) -> None:
        """Give someone another role."""
        check_name(name, role)
        self._change(name, "role = ?", (role,))

    def remove(self, name: str) -> None:
        """Let someone in no more; a session that is open ends with its next request."""
        with opened(self._folder) as base:
            if not base.execute("DELETE FROM person WHERE name = ?", (name,)).rowcount:
                raise _unknown(name)

    def listed(self) -> list[Listed]:
        """Everybody, by name."""
        with opened(self._folder) as base:
            rows = base.execute("SELECT name, role, password <> '', outside FROM person ORDER BY name").fetchall()
        return [Listed(name, Role(role), bool(password), outside) for name, role, password, outside in rows]

    def person(self, name: str) -> Person | None:
        """Someone as they are now."""
        return self._where("name", name)

    def outside(self, claim: str, value: str) -> Person | None:
        """Whom an identity provider says that someone is."""
        return self._where("outside", f"{claim}={value}")

    def proven(self, name: str, password: str, code: str, now: float) -> Person | None:
        """Someone who gave their password and a code that was not used before; None whatever of it is wrong.

        It takes as long for a name that is not there. `now` is in seconds since 1970.
        """
        with opened(self._folder) as base:
            row = base.execute("SELECT role, password, secret FROM person WHERE name = ?", (name,)).fetchone()
        role, hashed, secret = row or (Role.VIEWER, "", "")
        fits = self._fits(hashed or self._nobody, password) and bool(hashed)
        step = _step_of(secret or pyotp.random_base32(), code, now)
        if not fits or step is None or not self._spend(name, step):
            return None
        return Person(name, Role(role))

    def _fits(self, hashed: str, password: str) -> bool:
        with self._one_at_a_time:
            try:
                return self._hasher.verify(hashed, password)
            except (VerificationError, InvalidHashError):
                return False

    def _spend(self, name: str, step: int) -> bool:
        """Whether no code of this step or a later one was used; then it is."""
        with opened(self._folder) as base:
            spent = base.execute("UPDATE person SET step = ? WHERE name = ? AND step < ?", (step, name, step))
            return spent.rowcount == 1

    def _hashed(self, password: str) -> str:
        least, most = PASSWORD_CHARACTERS
        if not least <= len(password) <= most:
            raise InputError(
                f"{len(password)} characters", where="password", remedy=f"take {least} to {most}, a sentence is best"
            )
        with self._one_at_a_time:
            return self._hasher.hash(password)

    def _where(self, column: str, value: str) -> Person | None:
        with opened(self._folder) as base:
            row = base.execute(f"SELECT name, role FROM person WHERE {column} = ?", (value,)).fetchone()
        return Person(row[0], Role(row[1])) if row else None

    def _change(self, name: str, change: str, values: tuple[str, ...]) -> None:
        with opened(self._folder) as base:
            if not base.execute(f"UPDATE person SET {change} WHERE name = ?", (*values, name)).rowcount:
                raise _unknown(name)


def check_name(name: str, role: Role) -> None:
    """See that someone, or something, can be called so.

    Raises:
        InputError: it is empty, too long, or holds what is no letter; or the role is one that has no name.
    """
    if not name or len(name) > NAME_CHARACTERS or not name.isprintable() or name.strip() != name:
        raise InputError(
            f"{name!r} is no name", remedy=f"write at most {NAME_CHARACTERS} characters without spaces around"
        )
    if role is Role.GUEST:
        raise InputError("a guest has a link and no name", where=name, remedy="share a view")


def _check_outside(outside: str) -> None:
    claim, _, value = outside.partition("=")
    if outside and (claim not in CLAIMS or not value):
        raise InputError(f"{outside!r} names nobody", remedy="write email=ADDRESS or sub=ID")


def _unknown(name: str) -> InputError:
    return InputError(f"nobody is called {name!r}", remedy="look at `cloison users CASE`")


def _step_of(secret: str, code: str, now: float) -> int | None:
    """Of which step of time a code is, one step of drift either way; None where it is of none."""
    made, here = pyotp.TOTP(secret, interval=_STEP_SECONDS), int(now) // _STEP_SECONDS
    near = range(here - _DRIFT_STEPS, here + _DRIFT_STEPS + 1)
    found = [step for step in near if pyotp.utils.strings_equal(made.generate_otp(step), code)]
    return found[-1] if found else None


def enrolment(case: str, name: str, secret: str) -> str:
    """What an app for codes reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=f"cloison {case}")
