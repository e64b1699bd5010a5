"""Does a key let its holder in until it ends, and is nothing kept by which another could come in?"""

import hashlib
import json
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.service.harness import asked, cloison

from cloison.errors import InputError
from cloison.evidence.logbook import broken
from cloison.model.roles import Role
from cloison.service.api_keys import ApiKeys
from cloison.service.case import Case, make_case
from cloison.service.managing import add_person, become, keys_of, make_key, remove_person, revoke_key

NOW = datetime(2026, 2, 3, 9, 30, 15, tzinfo=UTC)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return make_case(tmp_path / "case", written_by="test")


@pytest.fixture
def keys(case: Case) -> ApiKeys:
    return ApiKeys(case.folder)


def test_a_key_is_found_by_its_secret_until_its_time_is_over(keys: ApiKeys) -> None:
    secret, made = keys.make("siem", Role.VIEWER, days=2, by="lea", now=NOW)
    assert re.fullmatch(r"cloison_[A-Za-z0-9_-]{43}", secret)
    assert (made.who, made.until, made.ended_at) == ("key:siem", "2026-02-05T09:30:15Z", "")
    found = keys.by_token(secret, NOW + timedelta(days=2, seconds=-1))
    assert found is not None
    assert (found.name, found.role, found.ended_at) == ("siem", Role.VIEWER, "")
    over = keys.by_token(secret, NOW + timedelta(days=2))
    assert over is not None
    assert over.ended_at == "2026-02-05T09:30:15Z"


@pytest.mark.parametrize(
    "change",
    [lambda s: s[:-1] + ("A" if s[-1] != "A" else "B"), str.upper, lambda s: s[8:], lambda _: "", lambda s: s + "\0"],
)
def test_what_is_not_the_secret_finds_nothing(keys: ApiKeys, change: object) -> None:
    secret, _ = keys.make("siem", Role.VIEWER, days=2, by="lea", now=NOW)
    assert callable(change)
    assert keys.by_token(change(secret), NOW) is None


def test_the_hash_alone_is_kept_in_a_file_of_its_owner(case: Case, keys: ApiKeys) -> None:
    secret, made = keys.make("siem", Role.LEAD, days=2, by="lea", now=NOW)
    held = (case.folder / "people.sqlite").read_bytes()
    assert stat.S_IMODE((case.folder / "people.sqlite").stat().st_mode) == 0o600
    assert secret.encode() not in held
    assert secret[8:].encode() not in held
    assert hashlib.sha256(secret.encode()).hexdigest().encode() in held
    assert made.hint == f"{secret[:12]}…{secret[-4:]}"


def test_its_last_use_is_noted_to_the_minute(keys: ApiKeys) -> None:
    secret, _ = keys.make("siem", Role.VIEWER, days=2, by="lea", now=NOW)
    assert [one.used_at for one in keys.listed(NOW)] == [""]
    keys.by_token(secret, NOW)
    assert [one.used_at for one in keys.listed(NOW)] == ["2026-02-03T09:30:00Z"]
    keys.by_token(secret, NOW + timedelta(days=3))
    assert [one.used_at for one in keys.listed(NOW)] == ["2026-02-03T09:30:00Z"]


def test_one_that_was_revoked_opens_nothing_and_its_name_is_given_to_no_other(keys: ApiKeys) -> None:
    secret, _ = keys.make("siem", Role.VIEWER, days=2, by="lea", now=NOW)
    keys.revoke("siem", NOW)
    found = keys.by_token(secret, NOW)
    assert found is not None
    assert found.ended_at == "2026-02-03T09:30:15Z"
    with pytest.raises(InputError, match="no key 'siem' holds"):
        keys.revoke("siem", NOW)
    with pytest.raises(InputError, match="siem: a key was called so before"):
        keys.make("siem", Role.VIEWER, days=2, by="lea", now=NOW)


@pytest.mark.parametrize(
    ("name", "role", "days", "said"),
    [
        ("", Role.VIEWER, 1, "'' is no name"),
        ("a\u202eb", Role.VIEWER, 1, "is no name"),
        ("x" * 61, Role.VIEWER, 1, "is no name"),
        ("siem", Role.GUEST, 1, "a guest has a link and no name"),
        ("siem", Role.VIEWER, 0, "days: 0 days"),
        ("siem", Role.VIEWER, 367, "days: 367 days"),
    ],
)
def test_what_cannot_be_a_key_is_told_why(keys: ApiKeys, name: str, role: Role, days: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        keys.make(name, role, days=days, by="lea", now=NOW)
    assert keys.listed(NOW) == []


def test_no_more_than_a_hundred_hold(keys: ApiKeys) -> None:
    for number in range(100):
        keys.make(f"k{number}", Role.VIEWER, days=1, by="lea", now=NOW)
    with pytest.raises(InputError, match="100 keys hold already"):
        keys.make("one more", Role.VIEWER, days=1, by="lea", now=NOW)
    assert keys.make("later", Role.VIEWER, days=1, by="lea", now=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("maker", "role", "made"),
    [
        (Role.LEAD, Role.LEAD, True),
        (Role.LEAD, Role.VIEWER, True),
        (Role.RESPONDER, Role.LEAD, False),
        (Role.VIEWER, Role.RESPONDER, False),
    ],
)
def test_no_key_may_more_than_who_made_it(case: Case, maker: Role, role: Role, made: bool) -> None:
    if made:
        assert make_key(case.folder, "siem", role, days=1, by="x", at_most=maker).key.role is role
        return
    with pytest.raises(InputError, match=f"a {maker} makes no key of a {role}"):
        make_key(case.folder, "siem", role, days=1, by="x", at_most=maker)
    assert keys_of(case.folder) == []


def test_what_is_done_to_keys_stands_in_the_logbook_without_the_secret(case: Case) -> None:
    made = make_key(case.folder, "siem", Role.VIEWER, days=1, by="lea", at_most=Role.LEAD)
    revoke_key(case.folder, "siem", by="rob")
    entries = case.logbook().entries()
    assert broken(entries) is None
    assert [(one.who, one.kind, one.about, one.text) for one in entries] == [
        ("lea", "key", "key:siem", f"made as viewer, until {made.key.until}"),
        ("rob", "key", "key:siem", "revoked"),
    ]
    assert made.secret[8:].encode() not in (case.folder / "logbook.sqlite").read_bytes()


def test_the_keys_of_who_is_removed_end_and_of_who_may_less_those_that_may_more(case: Case) -> None:
    for number, name in enumerate(("ada", "bea", "cid")):
        add_person(case.folder, name, Role.LEAD, outside=f"sub={number}", by="root")
    for maker, name, role in (
        ("ada", "a", Role.VIEWER),
        ("bea", "b", Role.LEAD),
        ("bea", "c", Role.VIEWER),
        ("cid", "d", Role.LEAD),
    ):
        make_key(case.folder, name, role, days=1, by=maker, at_most=Role.LEAD)
    remove_person(case.folder, "ada", by="cid")
    become(case.folder, "bea", Role.RESPONDER, by="cid")
    assert sorted(one.name for one in keys_of(case.folder) if not one.ended_at) == ["c", "d"]
    told = [(one.about, one.text) for one in case.logbook().entries() if one.text.startswith("revoked")]
    assert told == [("key:a", "revoked, for ada made it"), ("key:b", "revoked, for bea made it")]


def test_no_person_is_called_as_a_program_is(case: Case) -> None:
    with pytest.raises(InputError, match="'key:siem' is no name"):
        add_person(case.folder, "key:siem", Role.VIEWER, outside="sub=1", by="root")


def test_the_command_line_makes_lists_and_revokes(case: Case) -> None:
    made = cloison("users", case.folder, "key", "add", "siem", "--role", "viewer", "--days", "7")
    assert made.code == 0
    assert re.fullmatch(r"cloison_[A-Za-z0-9_-]{43}\n", made.out)
    [listed] = json.loads(asked("users", case.folder, "key", "--json"))
    assert (listed["name"], listed["role"], listed["ended_at"]) == ("siem", "viewer", "")
    assert made.out.strip() not in json.dumps(listed)
    asked("users", case.folder, "key", "revoke", "siem")
    shown = asked("users", case.folder, "key")
    assert "siem" in shown
    [again] = json.loads(asked("users", case.folder, "key", "--json"))
    assert again["ended_at"] == again["revoked_at"] != ""
