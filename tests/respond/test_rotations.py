"""Is each verdict on an exposed credential what the records allow: rows in, exact verdict and reason out?"""

from datetime import datetime, timedelta

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


def spoken(source: str, first: str = "10-17 00:00", last: str = "11-30 00:00", file: str = "m1") -> tuple[Event, ...]:
    """A log that speaks from the first to the last, of somebody else."""
    return tuple(
        view(f"{source}{when}", when, source=source, principal="watch", evidence_uid=file, src_ip="192.0.2.7")
        for when in (first, last)
    )


WHOLE = (*spoken("jira_access"), *spoken("audit"))
"""Both logs, without a hole."""


def verdict(*events: Event, ledger: str = ROBOT, indicators: str = "", logs: tuple[Event, ...] = WHOLE) -> Verdict:
    """verdict, revoked_at, revoked_by, last_use, uses_after_exposure, misused"""
    columns = ("verdict", "revoked_at", "revoked_by", "last_use", "uses_after_exposure", "misused")
    (row,) = answers(World((*events, *logs), exposed(ledger), indicators), "rotations").rows("rotations", *columns)
    return row


def why(*events: Event, ledger: str = ROBOT, logs: tuple[Event, ...] = WHOLE) -> str:
    ((text,),) = answers(World((*events, *logs), exposed(ledger)), "rotations").rows("rotations", "why")
    return str(text)


def judged(*events: Event, ledger: str = ROBOT, until: str | None = None) -> Verdict:
    """verdict, state, as_of, covered_by, gap"""
    world = World(events, exposed(ledger), until=at(until) if until else None)
    (row,) = answers(world, "rotations").rows("rotations", "verdict", "state", "as_of", "covered_by", "gap")
    return row


def test_revoked_and_never_used_again_is_proven() -> None:
    events = (
        use("e1", "10-17 10:00"),
        use("e2", "10-19 10:00"),
        revoked("r1", "10-20 12:00"),
        work("e3", "11-24 10:00"),
    )
    assert verdict(*events) == ("proven", at("10-20 12:00"), "r1", "e2", 1, False)
    assert why(*events) == (
        "the token was revoked at 2023-10-20T12:00:00Z; no success after it in jira_access up to 2023-11-30T00:00:00Z"
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
        "no record of its end and none of its use in audit, jira_access from 2023-10-17T00:00:00Z "
        "to 2023-11-30T00:00:00Z; the issuer's record of its end would settle it"
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


def test_disabled_is_not_deleted() -> None:
    end = account("r1", "10-20 12:00", "audit/1")
    assert judged(end, *WHOLE, ledger=ACCOUNT)[:2] == ("proven", "disabled")
    assert why(end, ledger=ACCOUNT) == (
        "the account was disabled at 2023-10-20T12:00:00Z; no success after it in jira_access "
        "up to 2023-11-30T00:00:00Z; disabled is not deleted: it can be enabled again"
    )


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


def test_an_end_after_which_it_worked_was_none_and_the_next_one_counts() -> None:
    events = (revoked("r1", "10-20 12:00"), use("e1", "10-22 10:00"))
    assert verdict(*events)[:3] == ("refuted", at("10-20 12:00"), "r1")
    again = (*events, revoked("r2", "10-25 12:00"))
    assert verdict(*again)[:3] == ("proven", at("10-25 12:00"), "r2")
    assert verdict(*again, use("e2", "10-26 12:00"))[:3] == ("refuted", at("10-20 12:00"), "r1")


def test_of_ends_that_hold_the_first_is_told() -> None:
    assert verdict(revoked("r1", "10-20 12:00"), revoked("r2", "10-25 12:00"))[:3] == (
        "proven",
        at("10-20 12:00"),
        "r1",
    )


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
    assert answers(world, "rotations").rows(
        "rotations", "system", "kind", "credential_uid", "principal", "exposed_at"
    ) == [
        ("aws", "access_key", "AKIA7EXAMPLE", "bot", EXPOSED_AT),
        ("jira", "service_account", None, "svc", EXPOSED_AT),
        ("jira", "service_token", "T1", "robot", EXPOSED_AT),
    ]


def test_an_end_without_a_log_that_would_show_its_use_is_unknown() -> None:
    end = revoked("r1", "10-20 12:00")
    assert judged(end, *spoken("audit"))[:1] == ("unknown",)
    assert why(end, logs=spoken("audit")) == (
        "the token was revoked at 2023-10-20T12:00:00Z, but no log that would show its use covers the hours since: "
        "jira_access from then to 2023-11-30T00:00:00Z would settle it"
    )


def test_a_kind_whose_use_no_log_shows_is_unknown() -> None:
    ledger = "jira,ssh_key,T1,robot,2023-10-18\n"
    assert verdict(revoked("r1", "10-20 12:00"), ledger=ledger)[0] == "unknown"
    assert why(revoked("r1", "10-20 12:00"), ledger=ledger) == (
        "the token was revoked at 2023-10-20T12:00:00Z, "
        "but no known log of system jira shows the use of such a credential"
    )


@pytest.mark.parametrize(
    ("first", "last", "gap"),
    [
        ("10-18 00:01", "11-30 00:00", "jira_access 2023-10-18T00:00Z/2023-10-18T00:01Z"),
        ("10-18 00:00", "11-29 23:40", None),
        ("10-18 00:00", "11-29 23:39", "jira_access 2023-11-29T23:39Z/2023-11-30T00:00Z"),
    ],
)
def test_the_log_covers_from_what_may_outlive_the_end_to_the_horizon_save_its_lag(
    first: str, last: str, gap: str | None
) -> None:
    logs = (*spoken("audit"), *tick(first, last))
    found = judged(revoked("r1", "10-20 12:00"), *logs)
    assert found == (
        "unknown" if gap else "proven",
        "revoked",
        at("11-30 00:00"),
        None if gap else "jira_access",
        gap,
    )


def tick(first: str, last: str) -> list[Event]:
    """The web log, an event every ten minutes, in one file."""
    steps = range((at(last) - at(first)) // timedelta(minutes=10))
    times = [*(at(first) + timedelta(minutes=10 * step) for step in steps), at(last)]
    return [view(f"t{number:05}", when, principal="watch") for number, when in enumerate(times)]


@pytest.mark.parametrize("revoked_on", ["10-20 12:00", "11-08 12:00"])
def test_a_day_of_the_log_that_is_missing_since_its_end_leaves_it_unknown(revoked_on: str) -> None:
    days = [day for day in range(1, 30) if day != 7]
    logs = [
        view(f"d{day:02}{hour:02}", f"11-{day:02} {hour:02}:00", principal="watch", evidence_uid=f"day{day}")
        for day in days
        for hour in range(24)
    ]
    early = [
        {**one, "event_uid": f"o{one['event_uid']}", "time": at("10-18 00:00"), "evidence_uid": "early"}
        for one in logs[:1]
    ]
    until = "11-29 23:10"
    ledger = ROBOT if revoked_on == "10-20 12:00" else "jira,service_token,T1,robot,2023-11-08T01:00:00Z\n"
    found = judged(revoked("r1", revoked_on), *early, *logs, until=until, ledger=ledger)
    gap = "jira_access 2023-10-18T00:00Z/2023-11-01T00:00Z, 2023-11-06T23:00Z/2023-11-08T00:00Z"
    assert (found[0], found[4]) == (("proven", None) if revoked_on == "11-08 12:00" else ("unknown", gap))


def test_a_disabled_account_needs_the_log_that_would_say_it_was_enabled_again() -> None:
    end = account("r1", "10-20 12:00", "audit/1")
    found = judged(end, *spoken("jira_access"), ledger=ACCOUNT)
    assert found == ("unknown", "disabled", at("11-30 00:00"), None, "audit 2023-10-20T12:00Z/2023-11-30T00:00Z")
    gone = account("r1", "10-20 12:00", "audit/2")
    assert judged(gone, *spoken("jira_access"), ledger=ACCOUNT)[0] == "proven"


def test_a_new_secret_is_not_undone_by_enabling_the_account() -> None:
    events = (account("r1", "10-20 12:00", "audit/2"), account("r2", "10-21 12:00", "audit/3"))
    assert verdict(*events, ledger=ACCOUNT)[:3] == ("proven", at("10-20 12:00"), "r1")


def test_the_old_secret_stays_dead_though_the_account_works_on_after_it_was_disabled() -> None:
    events = (account("r1", "10-19 12:00", "audit/2"), account("r2", "10-20 12:00", "audit/1"))
    assert verdict(*events, work("e1", "10-20 13:00"), ledger=ACCOUNT)[:3] == ("proven", at("10-19 12:00"), "r1")
    assert verdict(events[1], work("e1", "10-20 13:00"), ledger=ACCOUNT)[0] == "refuted"


def assumed(uid: str, when: str, by: str, made: str) -> Event:
    """A session minted: the credential of which is another."""
    columns = {"class_uid": 3002, "activity_id": 1, "credential_uid": by, "minted_credential_uid": made}
    return use(uid, when, **columns)


OUTLIVED = "{} successes by {}, which it had opened, after the token was revoked at 2023-10-20T12:00:00Z"


@pytest.mark.parametrize("last", ["S1", "S2", "S3"])
def test_what_it_minted_and_that_works_on_refutes_its_end(last: str) -> None:
    chain = [assumed("e1", "10-19 10:00", "T1", "S1"), assumed("e2", "10-19 11:00", "S1", "S2")]
    chain += [assumed("e3", "10-19 12:00", "S2", "S3"), revoked("r1", "10-20 12:00")]
    assert verdict(*chain, use("e4", "10-20 11:00", credential_uid=last))[0] == "proven"
    assert verdict(*chain, use("e4", "10-20 13:00", credential_uid=last))[0] == "refuted"
    assert why(*chain, use("e4", "10-20 13:00", credential_uid=last)) == OUTLIVED.format(1, last)


def test_a_session_minted_before_the_exposure_is_its_owners() -> None:
    events = (assumed("e1", "10-17 10:00", "T1", "S1"), revoked("r1", "10-20 12:00"))
    assert verdict(*events, use("e4", "10-20 13:00", credential_uid="S1"))[0] == "proven"


def test_a_lasting_key_that_it_made_counts_only_in_the_intruders_hands() -> None:
    made = use("e1", "10-19 10:00", class_uid=3004, activity_id=1, minted_credential_uid="T9", src_ip="203.0.113.5")
    events = (made, revoked("r1", "10-20 12:00"), use("e2", "10-21 10:00", credential_uid="T9"))
    assert verdict(*events)[0] == "proven"
    assert verdict(*events, indicators="203.0.113.5")[0] == "refuted"


def test_the_cookie_that_it_opened_and_that_works_on_refutes_its_end() -> None:
    opened = use("e1", "10-19 10:00", vendor_session_uid="k1")
    cookie = use("e2", "10-21 10:00", vendor_session_uid="k1", credential_uid=None)
    assert verdict(opened, revoked("r1", "10-20 12:00"), cookie)[0] == "refuted"
    assert why(opened, revoked("r1", "10-20 12:00"), cookie) == OUTLIVED.format(1, "k1")
    another = {**cookie, "vendor_session_uid": "k2"}
    assert verdict(opened, revoked("r1", "10-20 12:00"), another)[0] == "proven"


@pytest.mark.parametrize(("opened_at", "found"), [("10-17 10:00", "proven"), ("10-19 10:00", "refuted")])
def test_a_session_opened_with_the_exposed_password_outlives_its_change(opened_at: str, found: str) -> None:
    opened = work("e1", opened_at, vendor_session_uid="k1")
    later = work("e2", "10-21 10:00", vendor_session_uid="k1")
    assert verdict(opened, account("r1", "10-20 12:00", "audit/2"), later, ledger=ACCOUNT)[0] == found


def test_the_verdict_speaks_of_the_time_until_which_was_asked() -> None:
    events = (revoked("r1", "10-20 12:00"), use("e1", "11-01 10:00"), *WHOLE)
    assert judged(*events)[0] == "refuted"
    web = (*tick("10-18 00:00", "10-31 23:50"), use("e1", "11-01 10:00"), revoked("r1", "10-20 12:00"))
    assert judged(*web, until="11-01 00:00") == ("proven", "revoked", at("11-01 00:00"), "jira_access", None)
    assert judged(*web, until="12-01 00:00")[0] == "refuted"


EXPOSED_AT = datetime(2023, 10, 18)
