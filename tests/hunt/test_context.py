"""What is told of an event that no record holds: who acts, from where for the first time, with what had ended?"""

import ipaddress
import random
from datetime import datetime, timedelta

import pytest
from tests.kit import Event, World, answers, at, event, exposed, networks, rotation, view
from tests.naive_answers import client, instant

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/118.0"
HOME, NEAR, AWAY = "198.51.100.30", "198.51.100.77", "203.0.113.9"
LEAKED = "jira,service_token,T1,,2023-10-18\n"
ACCOUNT = "jira,service_account,,svc-sheets,2023-10-18\n"


def act(uid: str, when: str, **columns: object) -> Event:
    return view(uid, when, **{"principal": "ada", "src_ip": HOME, "user_agent": BROWSER, **columns})


def fact(name: str, *events: Event, **given: object) -> dict[object, object]:
    """One fact of every event, by the event."""
    return answers(World(events, **given)).by("context", "event_uid", name)  # type: ignore[arg-type]


def so(name: str, *events: Event, **given: object) -> list[str]:
    """The events of which a fact is true."""
    return sorted(str(uid) for uid, value in fact(name, *events, **given).items() if value is True)


def test_the_first_success_from_another_network_is_new_and_the_very_first_is_not() -> None:
    events = (
        act("e1", "11-01 10:00"),
        act("e2", "11-02 10:00", src_ip=NEAR),
        act("e3", "11-03 10:00", src_ip=AWAY, status_id=2),
        act("e4", "11-03 10:01", src_ip=AWAY),
        act("e5", "11-03 10:02", src_ip=AWAY),
    )
    assert so("network_new", *events) == ["e4"]


def test_ipv6_is_one_network_up_to_its_64() -> None:
    events = (
        act("e1", "11-01 10:00", src_ip="2001:db8::1"),
        act("e2", "11-02 10:00", src_ip="2001:db8::2:0:0:9"),
        act("e3", "11-03 10:00", src_ip="2001:db8:0:1::9"),
    )
    assert so("network_new", *events) == ["e3"]


def test_a_log_that_begins_later_must_first_have_seen_the_principal_itself() -> None:
    events = (
        act("e1", "10-01 10:00", source="jira_audit"),
        act("e2", "11-02 10:00", src_ip=AWAY),
        act("e3", "11-03 10:00", src_ip="192.0.2.9"),
    )
    assert so("network_new", *events) == ["e3"]


def test_a_client_that_is_updated_is_not_new() -> None:
    events = (
        act("e1", "11-01 10:00", user_agent="Sync/4.1"),
        act("e2", "11-02 10:00", user_agent="Sync/4.2"),
        act("e3", "11-03 10:00", user_agent="curl/8"),
    )
    assert so("client_new", *events) == ["e3"]


def test_a_new_kind_of_act_is_one_of_class_activity_and_object() -> None:
    made = {"class_uid": 3001, "activity_id": 1, "resource_kind": "account"}
    events = (act("e1", "11-01 10:00"), act("e2", "11-02 10:00", **made), act("e3", "11-03 10:00", **made))
    assert so("first_act", *events) == ["e2"]


@pytest.mark.parametrize(
    ("when", "days"), [("11-02 09:59:59", 0), ("11-02 10:00", 1), ("11-04 09:59:59", 2), ("12-01 10:00", 30)]
)
def test_silence_is_counted_in_whole_days(when: str, days: int) -> None:
    assert fact("dormant_days", act("e1", "11-01 10:00"), act("e2", when)) == {"e1": None, "e2": days}


def test_a_refusal_ends_no_silence() -> None:
    events = (act("e1", "11-01 10:00"), act("e2", "11-09 10:00", status_id=2), act("e3", "11-11 10:00"))
    assert fact("dormant_days", *events) == {"e1": None, "e2": 0, "e3": 10}


def test_days_since_the_first_success_are_counted() -> None:
    assert fact("known_days", act("e1", "11-01 10:00"), act("e2", "11-15 09:59")) == {"e1": 0, "e2": 13}


def test_a_session_has_moved_when_both_network_and_client_are_others() -> None:
    stay = {"vendor_session_uid": "k"}
    events = (
        act("e1", "11-01 10:00", **stay),
        act("e2", "11-01 10:01", **stay, src_ip=AWAY),
        act("e3", "11-01 10:02", **stay, user_agent="curl/8"),
        act("e4", "11-01 10:03", vendor_session_uid="other", src_ip=AWAY, user_agent="curl/8"),
    )
    assert so("session_moved", *events) == ["e3"]
    assert so("session_moved", *events[:2]) == []


def test_the_first_use_since_the_exposure_is_one_success_of_each_credential() -> None:
    events = (
        act("e1", "10-01 10:00", credential_uid="T1"),
        act("e2", "10-19 10:00", credential_uid="T1", status_id=2),
        act("e3", "10-20 10:00", credential_uid="T1"),
        act("e4", "10-21 10:00", credential_uid="T1"),
        act("e5", "10-22 10:00", principal="svc-sheets"),
    )
    assert so("credential_first_use", *events, exposed=exposed(LEAKED + ACCOUNT)) == ["e3", "e5"]
    assert so("credential_exposed", *events, exposed=exposed(LEAKED + ACCOUNT)) == ["e2", "e3", "e4", "e5"]
    days = fact("exposed_days", *events, exposed=exposed(LEAKED + ACCOUNT))
    assert days == {"e1": None, "e2": 1, "e3": 2, "e4": 3, "e5": 4}


def test_a_success_after_the_end_is_told_until_it_is_enabled_again() -> None:
    ended = {"rotation_principal": "svc-sheets", "target_principal": "svc-sheets", "system": "jira"}
    events = (
        act("e1", "11-01 10:00", principal="svc-sheets"),
        rotation("r1", "11-02 10:00", "audit/1", **ended),
        act("e2", "11-02 10:01", principal="svc-sheets"),
        act("e3", "11-02 10:03", principal="svc-sheets"),
        act("e4", "11-02 10:04", principal="svc-sheets", status_id=2),
        rotation("r2", "11-03 10:00", "audit/3", **ended),
        act("e5", "11-03 11:00", principal="svc-sheets"),
    )
    assert so("after_revocation", *events) == ["e3"], "the clocks of two logs may be two minutes apart"


def test_a_new_secret_under_the_old_id_is_no_end() -> None:
    events = (
        rotation("r1", "11-02 10:00", "audit/2", rotation_principal="svc-sheets"),
        act("e1", "11-02 11:00", principal="svc-sheets"),
    )
    assert so("after_revocation", *events) == []


def test_a_known_own_network_is_told_only_where_one_is_known() -> None:
    events = (act("e1", "11-01 10:00"), act("e2", "11-01 10:01", src_ip=AWAY), act("e3", "11-01 10:02", src_ip=None))
    known = fact("own_network", *events, networks=networks("198.51.100.0/24,office\n"))
    assert known == {"e1": True, "e2": False, "e3": None}
    assert set(fact("own_network", *events).values()) == {None}


def test_an_indicator_is_told_on_the_event_that_shows_it() -> None:
    events = (act("e1", "11-01 10:00"), act("e2", "11-01 10:01", src_ip=AWAY))
    assert so("indicator", *events, indicators=AWAY) == ["e2"]


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"principal": "svc-sheets"}, "service"),
        ({"principal": "helpdesk-bot@corp.example"}, "service"),
        ({"principal": "sync@corp.example", "user_agent": "Sync/4"}, "service"),
        ({"principal": "asynchron", "user_agent": "Sync/4"}, "unknown"),
        ({"principal": "ada", "actor_type": "ServicePrincipal"}, "service"),
        ({"principal": "ada"}, "person"),
        ({"principal": "t.albot"}, "person"),
        ({"principal": "ada", "user_agent": "curl/8"}, "unknown"),
        ({"principal": "ada", "status_id": 2}, "unknown"),
    ],
)
def test_who_is_a_service_is_told_by_name_or_log_and_a_person_by_a_browser(
    columns: dict[str, object], kind: str
) -> None:
    assert fact("principal_kind", act("e1", "11-01 10:00", **columns)) == {"e1": kind}


def test_the_ledger_says_what_is_a_machines() -> None:
    assert fact(
        "principal_kind", act("e1", "10-01 10:00", principal="sheets"), exposed=exposed(ACCOUNT.replace("svc-", ""))
    ) == {"e1": "service"}


def test_a_program_that_never_sleeps_is_a_service_and_one_visit_with_a_browser_changes_nothing() -> None:
    rhythm = [
        act(f"e{day:02}{hour:02}", f"11-{day:02} {hour:02}:00", user_agent="Report/2", principal="reports")
        for day in range(1, 7)
        for hour in range(24)
    ]
    browsed = act("f1", "11-09 10:00", principal="reports")
    assert set(fact("principal_kind", *rhythm, browsed).values()) == {"service"}
    assert set(fact("principal_kind", *rhythm[:72], browsed).values()) == {"person"}


def test_the_target_has_its_kind_too() -> None:
    joined = event("e1", "11-01 10:00", class_uid=3006, activity_id=3, principal="ada", target_principal="svc-sheets")
    assert fact("target_kind", joined, act("e2", "11-01 10:01")) == {"e1": "service", "e2": "unknown"}


# -- The twin: event by event, in the order of time -------------------------------------------------------------------


def near(one: Event) -> str:
    """The /24 or the /64."""
    parsed = ipaddress.ip_address(str(one["src_ip"]))
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False))


def plainly(events: tuple[Event, ...]) -> dict[str, tuple[bool, bool, bool, int | None, bool]]:
    """network_new, client_new, first_act, dormant_days, session_moved of each event."""
    told: dict[str, tuple[bool, bool, bool, int | None, bool]] = {}
    seen: list[Event] = []
    for one in sorted(events, key=lambda one: (instant(one), str(one["event_uid"]))):
        before = [old for old in seen if old["principal"] == one["principal"]]
        marked: tuple[bool, bool, bool, int | None, bool] = (False, False, False, 0, False)
        if one["status_id"] == 1:
            marked = _marked(one, before)
            seen.append(one)
        told[str(one["event_uid"])] = marked
    return told


def _marked(one: Event, before: list[Event]) -> tuple[bool, bool, bool, int | None, bool]:
    session = [old for old in before if old["vendor_session_uid"] == one["vendor_session_uid"]]
    same = [old for old in session if near(old) == near(one) and client(old) == client(one)]
    moved = any(near(old) != near(one) and client(old) != client(one) for old in session)
    silent = min((instant(one) - instant(old) for old in before), default=None)
    return (
        bool(before) and near(one) not in {near(old) for old in before},
        bool(before) and client(one) not in {client(old) for old in before},
        bool(before) and one["resource_kind"] not in {old["resource_kind"] for old in before},
        None if silent is None else silent // timedelta(days=1),
        moved and not same,
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_context_agrees_with_a_plain_twin_whatever_the_order_and_repetition_of_evidence(seed: int) -> None:
    rng = random.Random(seed)
    start = at("10-01 00:00")
    moments: list[datetime] = [start + timedelta(minutes=rng.randrange(60 * 24 * 60)) for _ in range(60)]
    events = tuple(
        view(
            f"e{number:02}",
            moment,
            principal=rng.choice(("ada", "bob")),
            src_ip=rng.choice((HOME, NEAR, AWAY, "2001:db8::1", "2001:db8::2")),
            user_agent=rng.choice(("Sync/4.1", "Sync/5", "curl/8", BROWSER)),
            vendor_session_uid=rng.choice(("k1", "k2", "k3")),
            resource_kind=rng.choice(("ticket", "page")),
            status_id=rng.choice((1, 1, 1, 2)),
        )
        for number, moment in enumerate(sorted(moments))
    )
    shuffled = [*rng.sample(events, 60), *rng.sample(events, 20)]
    found = answers(World(events), parts=[shuffled[:30], shuffled[30:]])
    columns = ("network_new", "client_new", "first_act", "dormant_days", "session_moved")
    rows = {str(row[0]): row[1:] for row in found.rows("context", "event_uid", *columns)}
    assert rows == plainly(events)
