"""Who lets whom into a case, people and programs? Each change is an entry of the logbook, without any secret."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cloison.errors import InputError
from cloison.model.roles import Role, no_higher
from cloison.service.api_keys import WHO, ApiKey, ApiKeys
from cloison.service.case import Case, open_case
from cloison.service.people import Listed, People, enrolment
from cloison.service.writing import written

KIND, KEY_KIND = "person", "key"


@dataclass(frozen=True)
class MadeKey:
    """A key for a program; `secret` is told this once."""

    secret: str
    key: ApiKey


@dataclass(frozen=True)
class Enrolled:
    """Someone who was let in, and what their app for codes must read, which is told this once; "" without codes."""

    name: str
    role: Role
    codes: str


def add_person(folder: Path, name: str, role: Role, *, password: str = "", outside: str = "", by: str) -> Enrolled:
    """Let someone in.

    Raises:
        InputError: see `People.add`.
    """
    case, people = _opened(folder)
    secret = people.add(name, role, password=password, outside=outside)
    _write(case, name, f"added as {role}{f', known as {outside}' if outside else ''}", by)
    return _enrolled(case, name, role, secret)


def renew_person(folder: Path, name: str, password: str, *, by: str) -> Enrolled:
    """Give someone another password and another secret for their codes."""
    case, people = _opened(folder)
    secret = people.renew(name, password)
    _write(case, name, "given another password and other codes", by)
    found = people.person(name)
    return _enrolled(case, name, found.role if found else Role.VIEWER, secret)


def become(folder: Path, name: str, role: Role, *, by: str) -> None:
    """Give someone another role; the last lead stays one. Keys that they made end where they may more than they.

    Raises:
        InputError: nobody is called so, or they are the last lead.
    """
    case, people = _opened(folder)
    _leave_a_lead(people, name, role)
    people.become(name, role)
    _write(case, name, f"is now {role}", by)
    _revoke_of(case, name, by, lambda key: not no_higher(key.role, role))


def remove_person(folder: Path, name: str, *, by: str) -> None:
    """Let someone in no more, save the last lead; the keys that they made end with them.

    Raises:
        InputError: nobody is called so, or they are the last lead.
    """
    case, people = _opened(folder)
    _leave_a_lead(people, name, None)
    people.remove(name)
    _write(case, name, "removed", by)
    _revoke_of(case, name, by, lambda _: True)


def people_of(folder: Path) -> list[Listed]:
    """Everybody who may use the console of a case."""
    return _opened(folder)[1].listed()


def make_key(folder: Path, name: str, role: Role, *, days: int, by: str, at_most: Role) -> MadeKey:
    """Make a key for a program, of a role no higher than its maker's.

    Raises:
        InputError: the role is higher; or see `ApiKeys.make`.
    """
    if not no_higher(role, at_most):
        raise InputError(f"a {at_most} makes no key of a {role}", where="role", remedy=f"{at_most}, or less")
    case = open_case(folder)
    secret, made = ApiKeys(folder).make(name, role, days=days, by=by, now=datetime.now(UTC))
    _write(case, made.who, f"made as {role}, until {made.until}", by, KEY_KIND)
    return MadeKey(secret, made)


def revoke_key(folder: Path, name: str, *, by: str) -> None:
    """End a key.

    Raises:
        InputError: no key of that name holds.
    """
    case = open_case(folder)
    ApiKeys(folder).revoke(name, datetime.now(UTC))
    _write(case, f"{WHO}{name}", "revoked", by, KEY_KIND)


def keys_of(folder: Path) -> list[ApiKey]:
    """The keys of a case, also those that have ended."""
    return ApiKeys(open_case(folder).folder).listed(datetime.now(UTC))


def _revoke_of(case: Case, maker: str, by: str, which: Callable[[ApiKey], bool]) -> None:
    keys, now = ApiKeys(case.folder), datetime.now(UTC)
    for one in keys.listed(now):
        if one.made_by == maker and not one.ended_at and which(one):
            keys.revoke(one.name, now)
            _write(case, one.who, f"revoked, for {maker} made it", by, KEY_KIND)


def _opened(folder: Path) -> tuple[Case, People]:
    return open_case(folder), People(folder)


def _leave_a_lead(people: People, name: str, role: Role | None) -> None:
    leads = [one.name for one in people.listed() if one.role is Role.LEAD]
    if leads == [name] and role is not Role.LEAD:
        raise InputError("the last lead stays", where=name, remedy="make someone else a lead first")


def _enrolled(case: Case, name: str, role: Role, secret: str) -> Enrolled:
    return Enrolled(name, role, enrolment(case.folder.resolve().name, name, secret) if secret else "")


def _write(case: Case, about: str, text: str, by: str, kind: str = KIND) -> None:
    case.logbook().write(at=written(), who=by, kind=kind, text=text, about=about)
