"""Who lets whom into a case? Each change of its people is an entry of the logbook, without any secret."""

from dataclasses import dataclass
from pathlib import Path

from cloison.errors import InputError
from cloison.model.roles import Role
from cloison.service.case import Case, open_case
from cloison.service.people import Listed, People, enrolment
from cloison.service.writing import written

KIND = "person"


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
    """Give someone another role; the last lead stays one.

    Raises:
        InputError: nobody is called so, or they are the last lead.
    """
    case, people = _opened(folder)
    _leave_a_lead(people, name, role)
    people.become(name, role)
    _write(case, name, f"is now {role}", by)


def remove_person(folder: Path, name: str, *, by: str) -> None:
    """Let someone in no more, save the last lead.

    Raises:
        InputError: nobody is called so, or they are the last lead.
    """
    case, people = _opened(folder)
    _leave_a_lead(people, name, None)
    people.remove(name)
    _write(case, name, "removed", by)


def people_of(folder: Path) -> list[Listed]:
    """Everybody who may use the console of a case."""
    return _opened(folder)[1].listed()


def _opened(folder: Path) -> tuple[Case, People]:
    return open_case(folder), People(folder)


def _leave_a_lead(people: People, name: str, role: Role | None) -> None:
    leads = [one.name for one in people.listed() if one.role is Role.LEAD]
    if leads == [name] and role is not Role.LEAD:
        raise InputError("the last lead stays", where=name, remedy="make someone else a lead first")


def _enrolled(case: Case, name: str, role: Role, secret: str) -> Enrolled:
    return Enrolled(name, role, enrolment(case.folder.resolve().name, name, secret) if secret else "")


def _write(case: Case, about: str, text: str, by: str) -> None:
    case.logbook().write(at=written(), who=by, kind=KIND, text=text, about=about)
