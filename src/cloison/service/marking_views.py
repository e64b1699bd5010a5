"""Which views of a case were saved, and which links let somebody from outside read one? In the logbook too.

A view is a page with its filters. A link is a secret of 32 bytes of which the logbook keeps the hash alone; it names
the entry of one view, so that what it shows does not change with a view of the same name, and it ends by itself.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from cloison.errors import CaseError, InputError
from cloison.service.case import Case
from cloison.service.marking import Kind, Mark, Marks, marks, write

NAME_CHARACTERS = 100
QUERY_CHARACTERS = 4_000
DAYS = 30
"""A link lasts no longer."""
_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9_/.~-]*")
_QUERY = re.compile(r"[A-Za-z0-9_.~%!$'()*+,;:@/?&=-]*")
_SECRET_BYTES = 32
T = TypeVar("T")
_FORM = "%Y-%m-%dT%H:%M:%SZ"


class _ViewText(msgspec.Struct, frozen=True):
    name: str
    path: str
    query: str


class _ShareText(msgspec.Struct, frozen=True):
    view: int
    until: str
    digest: str


@dataclass(frozen=True)
class View:
    """A page with its filters: `path` on this server, `query` what stands behind its question mark."""

    number: int
    at: str
    who: str
    name: str
    path: str
    query: str


@dataclass(frozen=True)
class Share:
    """A link to a view that ends at `until`, UTC."""

    number: int
    at: str
    who: str
    view: View
    until: str


def save_view(case: Case, name: str, path: str, query: str, *, who: str, at: str | None = None) -> View:
    """Save a view; one of the same name is replaced.

    Raises:
        InputError: the name is empty or too long, or the path leads to no page of the console.
    """
    name = name.strip()
    if not name or len(name) > NAME_CHARACTERS or not name.isprintable():
        raise InputError("this is no name", where="name", remedy=f"one line of at most {NAME_CHARACTERS} characters")
    if not _PATH.fullmatch(path) or ".." in path.split("/"):
        raise InputError("this is no page of the console", where="path", remedy="write a path such as /timeline")
    if len(query) > QUERY_CHARACTERS or not _QUERY.fullmatch(query):
        raise InputError("these are no filters", where="query", remedy="take what stands behind the ? of a page")
    text = msgspec.json.encode(_ViewText(name, path, query)).decode()
    return _view(write(case, Kind.VIEW, name, text, who=who, at=at))


def views(held: Marks) -> tuple[View, ...]:
    """The saved views, the last of each name, by name."""
    named = {one.about: _view(one) for one in held.of(Kind.VIEW)}
    return tuple(named[name] for name in sorted(named))


def view_numbered(held: Marks, number: int) -> View:
    """One saved view, also when another of its name was saved since.

    Raises:
        InputError: there is none.
    """
    found = held.numbered(number)
    if found is None or found.kind is not Kind.VIEW:
        raise InputError(f"no view {number}", remedy="look at the saved views")
    return _view(found)


def share(case: Case, number: int, *, days: int, who: str, at: str | None = None) -> tuple[str, Share]:
    """Make a link to a view: its secret, which is told this once, and what the logbook says of it.

    Raises:
        InputError: there is no such view, or the link would last too long.
    """
    if not 1 <= days <= DAYS:
        raise InputError(f"{days} days", where="days", remedy=f"a link lasts from 1 to {DAYS} days")
    view = view_numbered(marks(case), number)
    begun = datetime.strptime(at, _FORM).replace(tzinfo=UTC) if at else datetime.now(UTC)
    until = (begun + timedelta(days=days)).strftime(_FORM)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    text = msgspec.json.encode(_ShareText(number, until, _digest(secret))).decode()
    made = write(case, Kind.SHARE, f"#{number}", text, who=who, at=at)
    return secret, Share(made.number, made.at, made.who, view, until)


def shares(held: Marks) -> tuple[Share, ...]:
    """The links that were not taken back, also those that have ended."""
    return tuple(one for mark in held.of(Kind.SHARE) if (one := _share(held, mark)) is not None)


def shared_by(held: Marks, secret: str, now: datetime) -> Share | None:
    """The link of a secret, if it still holds."""
    digest = _digest(secret)
    found = [one for one in held.of(Kind.SHARE) if secrets.compare_digest(_told(one).digest, digest)]
    return share_numbered(held, found[0].number, now) if found else None


def share_numbered(held: Marks, number: int, now: datetime) -> Share | None:
    """The link of a number, if it still holds."""
    found = held.numbered(number)
    one = _share(held, found) if found is not None and found.kind is Kind.SHARE else None
    return one if one is not None and now.strftime(_FORM) < one.until else None


def _view(one: Mark) -> View:
    said = _read(one, _ViewText)
    return View(one.number, one.at, one.who, said.name, said.path, said.query)


def _share(held: Marks, one: Mark) -> Share | None:
    """A link; None when its view was taken back."""
    told = _told(one)
    view = held.numbered(told.view)
    if view is None or view.kind is not Kind.VIEW:
        return None
    return Share(one.number, one.at, one.who, _view(view), told.until)


def _told(one: Mark) -> _ShareText:
    return _read(one, _ShareText)


def _read(one: Mark, form: type[T]) -> T:
    try:
        return msgspec.json.decode(one.text, type=form)
    except msgspec.DecodeError as fault:
        raise CaseError(
            f"entry {one.number} of the logbook is no {one.kind}: {fault}",
            where="logbook.sqlite",
            remedy="take it back",
        ) from fault


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
