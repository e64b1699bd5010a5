"""Is each verdict on an exposed credential what the records allow: rows in, exact verdict and reason out?"""

from datetime import datetime

import pytest
from tests.kit import Event, World, answers, at, exposed, rotation, view

ROBOT = "jira,service_token,T1,robot,2023-10-18\n"
ACCOUNT = "jira,service_account,,svc,2023-10-18\n"
Verdict = tuple[object, ...]


def use(uid: str, when: str, **columns: object) -> Event:
    return view(uid, when, **{"principal": "robot", "credential_uid": "T1", "src_ip": "192.0.2.9", **columns})


def work(uid: str, when: str, **columns: object) -> Event:
    return view(uid, when, **{"principal": "svc", "src_ip": "192.0.2.9", **columns})


def revoked(uid: str, when: str, rule: str = "audit/0", **columns: object) -> Event:
    return rotation(uid, when, rule, **{"rotation_credential_uid": "T1", **columns})


def account(uid: str, when: str, rule: str, **columns: object) -> Event:
    return rotation(uid, when, rule, **{"rotation_principal": "svc", **columns})


def verdict(*events: Event, ledger: str = ROBOT, indicators: str = "") -> Verdict:
    """verdict, revoked_at, revoked_by, last_use, uses_after_exposure, misused"""
    columns = ("verdict", "revoked_at", "revoked_by", "last_use", "uses_after_exposure", "misused")
    (row,) = answers(World(events, exposed(ledger), indicators)).rows("rotations", *columns)
    return row


def why(*events: Event, ledger: str = ROBOT) -> str:
    ((text,),) = answers(World(events, exposed(ledger))).rows("rotations", "why")
    return str(text)


def test_revoked_and_never_used_again_is_proven() -> None:
    events = (
        use("e1", "10-17 10:00"),
        use("e2", "10-19 10:00"),
        revoked("r1", "10-20 12:00"),
        work("e3", "11-24 10:00"),
    )
    assert verdict(*events) == ("proven", at("10-20 12:00"), "r1", "e2", 1, False)
    assert why(*events) == (
        "the token was revoked at 2023-10-20T12:00:00Z; "
        "no success after it in audit, jira_access up to 2023-11-24T10:00:00Z"
    )


def test_used_after_it_was_revoked_is_refuted() -> None:
    events = (revoked("r1", "10-20 12:00"), use("e1", "10-21 10:00"), use("e2", "10-21 11:00"))
    assert verdict(*events) == ("refuted", at("10-20 12:00"), "r1", "e2", 2, False)
    assert why(*events) == "2 successes after the token was revoked at 2023-10-20T12:00:00Z"


@pytest.mark.parametrize("when", ["10-20 12:00", "10-20 11:59:59"])
def test_a_use_up_to_the_moment_of_its_end_refutes_nothing(when: str) -> None:
    assert verdict(revoked("r1", "10-20 12:00"), use("e1", when))[0] == "proven"


def test_a_failed_use_after_its_end_refutes_nothing() -> None:
    assert verdict(revoked("r1", "10-20 12:00"), use("e1", "10-21 10:00", status_id=2)) == (
        "proven",
        at("10-20 12:00"),
        "r1",
        None,
        0,
        False,
    )


def test_used_and_no_end_recorded_is_refuted() -> None:
    assert verdict(use("e1", "10-19 10:00")) == ("refuted", None, None, "e1", 1, False)
    assert why(use("e1", "10-19 10:00")) == (
        "no record of its end; 1 successes after its exposure, the last at 2023-10-19T10:00:00Z"
    )


def test_used_only_before_the_exposure_is_unknown_and_the_gap_is_named() -> None:
    assert verdict(use("e1", "10-17 10:00")) == ("unknown", None, None, "e1", 0, False)
    assert why(use("e1", "10-17 10:00"), work("e2", "11-01 10:00")) == (
        "no record of its end and none of its use in jira_access from 2023-10-17T10:00:00Z to 2023-11-01T10:00:00Z; "
        "the issuer's record of its end would settle it"
    )


def test_a_system_of_which_no_log_is_there_is_unknown() -> None:
    ledger = "vault,service_token,T7,robot,2023-10-18\n"
    assert verdict(use("e1", "11-01 10:00"), ledger=ledger)[0] == "unknown"
    assert why(use("e1", "11-01 10:00"), ledger=ledger) == (
        "no log of system vault is in the case: its audit log from the exposure on would settle it"
    )


def test_an_end_before_the_exposure_is_none() -> None:
    assert verdict(revoked("r1", "10-17 12:00"))[:3] == ("unknown", None, None)


def test_refreshed_proves_nothing_and_is_said() -> None:
    assert verdict(revoked("r1", "10-20 12:00", "audit/4"))[0] == "unknown"
    assert why(revoked("r1", "10-20 12:00", "audit/4")) == (
        'only "refreshed" at 2023-10-20T12:00:00Z is recorded, which does not end it'
    )


@pytest.mark.parametrize(("rule", "use_after"), [("audit/1", "refuted"), ("audit/2", "proven")])
def test_a_disabled_account_that_works_on_is_refuted_and_a_changed_one_is_not(rule: str, use_after: str) -> None:
    end = account("r1", "10-20 12:00", rule)
    assert verdict(end, ledger=ACCOUNT)[0] == "proven"
    assert verdict(end, work("e1", "11-01 10:00"), ledger=ACCOUNT)[0] == use_after


def test_a_changed_secret_says_that_the_account_works_on() -> None:
    assert why(account("r1", "10-20 12:00", "audit/2"), work("e1", "11-01 10:00"), ledger=ACCOUNT) == (
        "the password was changed at 2023-10-20T12:00:00Z; the account worked on afterwards with its new secret"
    )


def test_a_changed_secret_in_the_intruders_hands_is_refuted() -> None:
    events = (account("r1", "10-20 12:00", "audit/2"), work("e1", "11-01 10:00", src_ip="203.0.113.5"))
    assert verdict(*events, ledger=ACCOUNT, indicators="203.0.113.5") == (
        "refuted",
        at("10-20 12:00"),
        "r1",
        "e1",
        1,
        True,
    )


def test_enabled_again_is_unknown_until_its_next_end() -> None:
    off, on = account("r1", "10-20 12:00", "audit/1"), account("r2", "10-21 12:00", "audit/3")
    assert verdict(off, on, ledger=ACCOUNT)[:3] == ("unknown", None, None)
    assert why(off, on, ledger=ACCOUNT) == ("it was enabled again at 2023-10-21T12:00:00Z and no end is recorded since")
    again = account("r3", "10-22 12:00", "audit/1")
    assert verdict(off, on, again, ledger=ACCOUNT)[:3] == ("proven", at("10-22 12:00"), "r3")
    assert verdict(off, on, work("e1", "10-21 13:00"), ledger=ACCOUNT)[0] == "refuted"
    assert verdict(off, on, work("e1", "10-21 13:00"), again, ledger=ACCOUNT)[0] == "proven"


def test_the_first_end_counts() -> None:
    events = (revoked("r1", "10-20 12:00"), revoked("r2", "10-25 12:00"), use("e1", "10-22 10:00"))
    assert verdict(*events)[:3] == ("refuted", at("10-20 12:00"), "r1")


def test_misused_before_its_end_is_proven_dead_and_misused() -> None:
    events = (use("e1", "10-19 10:00", src_ip="203.0.113.5"), revoked("r1", "10-20 12:00"))
    assert verdict(*events, indicators="203.0.113.5") == ("proven", at("10-20 12:00"), "r1", "e1", 1, True)


def test_another_credentials_end_and_anothers_use_prove_nothing() -> None:
    events = (revoked("r1", "10-20 12:00", rotation_credential_uid="T2"), use("e1", "10-21 10:00", credential_uid="T2"))
    assert verdict(*events)[:5] == ("unknown", None, None, None, 0)


def test_an_id_that_is_only_a_name_needs_its_owner() -> None:
    ledger = "jira,pat,build,ada,2023-10-18\n"
    named = {"rotation_credential_uid": "build"}
    assert verdict(revoked("r1", "10-20 12:00", rotation_principal="bob", **named), ledger=ledger)[0] == "unknown"
    assert verdict(revoked("r1", "10-20 12:00", rotation_principal="ada", **named), ledger=ledger)[0] == "proven"


def test_an_account_is_ended_in_its_own_system_only() -> None:
    elsewhere = account("r1", "10-20 12:00", "audit/1", system="confluence")
    assert verdict(elsewhere, work("e1", "10-19 10:00"), ledger=ACCOUNT)[0] == "refuted"


def test_without_a_date_of_exposure_every_use_counts() -> None:
    assert verdict(use("e1", "01-02 10:00"), ledger="jira,service_token,T1,robot,\n")[:5] == (
        "refuted",
        None,
        None,
        "e1",
        1,
    )


def test_every_row_of_the_ledger_has_one_verdict() -> None:
    ledger = ROBOT + ACCOUNT + "aws,access_key,AKIA7EXAMPLE,bot,2023-10-18\njira,service_token,T1,robot,2023-10-18\n"
    world = World((use("e1", "11-01 10:00"),), exposed(ledger)[:3])
    assert answers(world).rows("rotations", "system", "kind", "credential_uid", "principal", "exposed_at") == [
        ("aws", "access_key", "AKIA7EXAMPLE", "bot", EXPOSED_AT),
        ("jira", "service_account", None, "svc", EXPOSED_AT),
        ("jira", "service_token", "T1", "robot", EXPOSED_AT),
    ]


EXPOSED_AT = datetime(2023, 10, 18)
