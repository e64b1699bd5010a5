"""Are people let in by what is theirs alone, and is the file that holds them nobody else's?"""

import json
import stat
import time
from itertools import pairwise
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from tests.service.harness import asked, cloison

from cloison.errors import InputError
from cloison.evidence.logbook import broken
from cloison.model.roles import MAY, Role, Verb, may
from cloison.service.case import Case, make_case
from cloison.service.managing import add_person, become, people_of, remove_person, renew_person
from cloison.service.people import People, Person, enrolment

PASSWORD, NOW = "a whole sentence", 1_700_000_000.0


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return make_case(tmp_path / "case", written_by="test")


@pytest.fixture
def people(case: Case) -> People:
    return People(case.folder, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def code(secret: str, seconds: float = 0) -> str:
    return pyotp.TOTP(secret).at(int(NOW + seconds))


def test_password_and_code_prove_who_one_is(people: People) -> None:
    secret = people.add("ada", Role.LEAD, password=PASSWORD)
    assert people.proven("ada", PASSWORD, code(secret), NOW) == Person("ada", Role.LEAD)
    assert people.proven("ada", "another sentence", code(secret, 30), NOW) is None
    assert people.proven("bea", PASSWORD, code(secret, 30), NOW) is None


@pytest.mark.parametrize(("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_off_by_one_code(people: People, seconds: float, taken: bool) -> None:
    secret = people.add("ada", Role.LEAD, password=PASSWORD)
    assert (people.proven("ada", PASSWORD, code(secret, seconds), NOW) is not None) is taken


def test_a_code_and_those_before_it_are_taken_once(people: People) -> None:
    secret = people.add("ada", Role.LEAD, password=PASSWORD)
    assert people.proven("ada", PASSWORD, code(secret), NOW)
    assert people.proven("ada", PASSWORD, code(secret), NOW) is None
    assert people.proven("ada", PASSWORD, code(secret, -30), NOW) is None
    assert people.proven("ada", PASSWORD, code(secret, 30), NOW)


def test_a_wrong_password_spends_no_code(people: People) -> None:
    secret = people.add("ada", Role.LEAD, password=PASSWORD)
    assert people.proven("ada", "another sentence", code(secret), NOW) is None
    assert people.proven("ada", PASSWORD, code(secret), NOW)


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "\0"])
def test_what_is_no_code_proves_nothing(people: People, given: str) -> None:
    people.add("ada", Role.LEAD, password=PASSWORD)
    assert people.proven("ada", PASSWORD, given, NOW) is None


def test_whom_a_provider_knows_has_no_password(people: People) -> None:
    assert people.add("ada", Role.VIEWER, outside="email=ada@corp.example") == ""
    assert people.outside("email", "ada@corp.example") == Person("ada", Role.VIEWER)
    assert people.outside("sub", "ada@corp.example") is None
    assert people.outside("email", "") is None
    for password in ("", "nobody"):
        assert people.proven("ada", password, "000000", NOW) is None


@pytest.mark.parametrize(
    ("name", "role", "given", "said"),
    [
        ("", Role.LEAD, {"password": PASSWORD}, "'' is no name"),
        (" ada", Role.LEAD, {"password": PASSWORD}, "' ada' is no name"),
        ("a\u202eb", Role.LEAD, {"password": PASSWORD}, "is no name"),
        ("x" * 61, Role.LEAD, {"password": PASSWORD}, "is no name"),
        ("ada", Role.GUEST, {"password": PASSWORD}, "a guest has a link and no name"),
        ("ada", Role.LEAD, {}, "one way in"),
        ("ada", Role.LEAD, {"password": PASSWORD, "outside": "sub=1"}, "one way in"),
        ("ada", Role.LEAD, {"outside": "name=ada"}, "names nobody"),
        ("ada", Role.LEAD, {"outside": "email="}, "names nobody"),
        ("ada", Role.LEAD, {"password": "too short"}, "password: 9 characters"),
        ("ada", Role.LEAD, {"password": "x" * 201}, "password: 201 characters"),
        ("there", Role.LEAD, {"password": PASSWORD}, "there: is there already"),
        ("ada", Role.LEAD, {"outside": "sub=7"}, "sub=7: is there already"),
    ],
)
def test_who_cannot_be_let_in_is_told_why(
    people: People, name: str, role: Role, given: dict[str, str], said: str
) -> None:
    people.add("there", Role.LEAD, outside="sub=7")
    with pytest.raises(InputError, match=said):
        people.add(name, role, **given)
    assert [one.name for one in people.listed()] == ["there"]


def test_the_file_is_its_owners_alone_and_holds_no_password(case: Case, people: People) -> None:
    people.add("ada", Role.LEAD, password=PASSWORD)
    file = case.folder / "people.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PASSWORD.encode() not in file.read_bytes()
    assert b"$argon2id$" in file.read_bytes()


def test_a_link_in_the_place_of_the_file_is_not_followed(case: Case, people: People, tmp_path: Path) -> None:
    (case.folder / "people.sqlite").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Exception, match="the people of the case cannot be read"):
        people.listed()
    assert not (tmp_path / "elsewhere").exists()


def test_another_secret_takes_the_place_of_the_one_before(people: People) -> None:
    first = people.add("ada", Role.LEAD, password=PASSWORD)
    second = people.renew("ada", "another sentence")
    assert first != second
    assert people.proven("ada", PASSWORD, code(second), NOW) is None
    assert people.proven("ada", "another sentence", code(first, 30), NOW) is None
    assert people.proven("ada", "another sentence", code(second), NOW)


def test_an_app_for_codes_reads_the_case_and_the_name() -> None:
    told = enrolment("a case", "ada", "ABCDEFGH" * 3)
    assert told == "otpauth://totp/cloison%20a%20case:ada?secret=ABCDEFGHABCDEFGHABCDEFGH&issuer=cloison%20a%20case"


def test_each_change_of_the_people_stands_in_the_logbook_without_a_secret(case: Case) -> None:
    enrolled = add_person(case.folder, "ada", Role.LEAD, password=PASSWORD, by="root")
    add_person(case.folder, "bea", Role.VIEWER, outside="sub=7", by="ada")
    become(case.folder, "bea", Role.RESPONDER, by="ada")
    renew_person(case.folder, "ada", "another sentence", by="ada")
    remove_person(case.folder, "bea", by="ada")
    entries = case.logbook().entries()
    assert broken(entries) is None
    assert [(one.who, one.kind, one.about, one.text) for one in entries] == [
        ("root", "person", "ada", "added as lead"),
        ("ada", "person", "bea", "added as viewer, known as sub=7"),
        ("ada", "person", "bea", "is now responder"),
        ("ada", "person", "ada", "given another password and other codes"),
        ("ada", "person", "bea", "removed"),
    ]
    secret = enrolled.codes.split("secret=")[1].split("&")[0]
    assert secret not in (case.folder / "logbook.sqlite").read_bytes().decode("latin-1")


def test_the_last_lead_stays(case: Case) -> None:
    add_person(case.folder, "ada", Role.LEAD, outside="sub=1", by="root")
    add_person(case.folder, "bea", Role.VIEWER, outside="sub=2", by="root")
    with pytest.raises(InputError, match="the last lead stays"):
        remove_person(case.folder, "ada", by="ada")
    with pytest.raises(InputError, match="the last lead stays"):
        become(case.folder, "ada", Role.VIEWER, by="ada")
    become(case.folder, "bea", Role.LEAD, by="ada")
    remove_person(case.folder, "ada", by="bea")
    assert [(one.name, one.role) for one in people_of(case.folder)] == [("bea", Role.LEAD)]


def test_a_name_that_is_not_there_is_told(people: People) -> None:
    with pytest.raises(InputError, match="nobody is called 'eve'"):
        people.remove("eve")
    with pytest.raises(InputError, match="nobody is called 'eve'"):
        people.become("eve", Role.LEAD)
    with pytest.raises(InputError, match="nobody is called 'eve'"):
        people.renew("eve", PASSWORD)


def test_the_command_line_lets_in_lists_and_takes_out(case: Case, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD + "\n")
    given = ("add", "ada", "--role", "lead", "--password-file", tmp_path / "password")
    added = cloison("users", case.folder, *given)
    assert added.code == 0
    assert added.out.startswith("ada is a lead\notpauth://totp/cloison%20case:ada?secret=")
    secret = added.out.split("secret=")[1].split("&")[0]
    now = time.time()  # noqa: TID251  # what the command line made is of now
    assert People(case.folder).proven("ada", PASSWORD, pyotp.TOTP(secret).at(int(now)), now)
    asked("users", case.folder, "add", "bea", "--role", "viewer", "--oidc", "email=bea@corp.example")
    asked("users", case.folder, "become", "bea", "--role", "responder")
    listed = json.loads(asked("users", "--json", case.folder))
    assert listed == [
        {"name": "ada", "role": "lead", "password": True, "outside": ""},
        {"name": "bea", "role": "responder", "password": False, "outside": "email=bea@corp.example"},
    ]
    asked("users", case.folder, "remove", "bea")
    assert "ada" in asked("users", case.folder)
    assert "bea" not in asked("users", case.folder)


def test_each_role_may_all_that_the_one_below_may() -> None:
    below = [MAY[role] for role in (Role.GUEST, Role.VIEWER, Role.RESPONDER, Role.LEAD)]
    assert all(less < more for less, more in pairwise(below))
    assert [verb for verb in Verb if may(None, verb)] == [Verb.OPEN]
