"""How far did they get: what standing has each session, what was touched, out of how many, and what was closed?"""

import pytest
from tests.kit import Answers, Event, World, answers, at, event, exposed, flow, networks, totals, view

INTRUDER, C2, HOST = "203.0.113.5", "198.51.100.66", "192.0.2.130"
OFFICE = networks("192.0.2.0/24,office\n192.0.2.130,jira server\n")
SVC = "jira:service_account:svc@svc"
LEDGER = exposed("jira,service_account,,svc,2023-10-18\n")


def act(uid: str, when: str, who: object = "svc", ip: object = INTRUDER, **columns: object) -> Event:
    return view(uid, when, **{"principal": who, "src_ip": ip, "user_agent": "Firefox/1", **columns})


def seen(*events: Event, indicators: str = INTRUDER, counts: str = "") -> Answers:
    return answers(World(events, LEDGER, indicators, OFFICE, totals(counts) if counts else ()))


def admin(uid: str, when: str, who: str, target: str, activity_id: int, **columns: object) -> Event:
    """An account managed from the office, or by the intruder."""
    given: Event = {"principal": who, "src_ip": "192.0.2.8", "class_uid": 3001, "activity_id": activity_id}
    return event(uid, when, **(given | {"target_principal": target} | columns))


def test_each_standing_and_why() -> None:
    found = seen(
        act("e1", "10-01 10:00", "old", "198.51.100.1"),
        act("e2", "10-02 10:00", "ada", "198.51.100.7", user_agent="Safari/1"),
        act("e3", "11-15 10:00", "ada", "198.51.100.7", user_agent="Safari/2"),
        act("e4", "11-15 10:01", "ada", "198.51.100.8", user_agent="Safari/2"),
        act("e5", "11-15 10:02", "new", "192.0.2.55"),
        act("e6", "11-15 10:03"),
        act("e7", "11-15 10:04", "svc", "198.51.100.200", user_agent="Opera/3", status_id=2),
        act("e8", "11-15 10:05", "new", "198.51.100.201"),
    )
    assert found.rows("sessions", "session_uid", "standing", "why") == [
        ("<e1>", "expected", "it began before the exposure"),
        ("<e2>", "expected", "it began before the exposure"),
        ("<e3>", "expected", "this principal came from this address with this client before the exposure"),
        ("<e4>", "expected", "this principal came from this neighbourhood with this client before the exposure"),
        ("<e5>", "expected", "it came from a known own network and nothing ties it to the intrusion"),
        ("<e6>", "proven", f"it shows the published indicator {INTRUDER}"),
        (
            "<e7>",
            "suspected",
            f"the exposed credential {SVC} was used from where and with what its owner never came before",
        ),
        ("<e8>", "unknown", "new address or client for this principal; nothing ties it to the intrusion"),
    ]


def test_one_object_is_one_row_however_many_lines_it_took() -> None:
    lines = [act(f"e{n}", f"11-15 10:0{n}", ticket="OPS-7") for n in range(5)]
    found = seen(*lines, act("e9", "11-15 10:09", who="eve", ticket="OPS-7"))
    columns = (
        "resource_uid",
        "action",
        "outcome",
        "first_at",
        "last_at",
        "events",
        "standing",
        "principals",
        "event_uid",
    )
    assert found.rows("touched", *columns) == [
        ("OPS-7", "viewed", "success", at("11-15 10:00"), at("11-15 10:09"), 6, "proven", "eve, svc", "e0")
    ]
    assert found.rows("touched", "session_uid", "why") == [("<e0>", "the compromised session <e0> reached it first")]


@pytest.mark.parametrize(("status", "outcome", "read"), [(1, "success", 1), (2, "denied", 0), (0, "unknown", 0)])
def test_only_what_was_answered_is_read(status: int, outcome: str, read: int) -> None:
    found = seen(act("e1", "11-15 10:00", status_id=status), counts="jira,ticket,2059357\n")
    assert found.rows("touched", "outcome", "standing") == [(outcome, "proven")]
    assert found.rows("scope", "attempted", "read", "taken", "at_most", "total") == [
        (1, read, 0, 0 if outcome == "denied" else 1, 2_059_357)
    ]


def test_refused_first_and_answered_later_is_read_and_led_to_the_answer() -> None:
    found = seen(act("e1", "11-15 10:00", status_id=2), act("e2", "11-15 10:01"))
    assert found.rows("touched", "outcome", "events", "first_at", "event_uid") == [
        ("success", 2, at("11-15 10:00"), "e2")
    ]


def test_what_the_session_did_before_it_was_compromised_is_not_touched() -> None:
    cookie = {"vendor_session_uid": "k", "ip": "198.51.100.9"}
    found = seen(
        act("e1", "10-10 10:00", ticket="OPS-1", **cookie),
        act("e2", "11-15 10:00", ticket="OPS-2", **cookie, user_agent="Firefox/1"),
        indicators="198.51.100.9",
    )
    assert found.rows("touched", "resource_uid") == [("OPS-2",)]


def test_a_suspected_row_stands_beside_a_proven_one_only_if_it_says_more() -> None:
    strange = {"ip": "198.51.100.200", "user_agent": "Opera/3"}
    found = seen(
        act("e1", "11-15 10:00", ticket="OPS-1"),
        act("e2", "11-15 11:00", ticket="OPS-1", **strange),
        act("e3", "11-15 11:01", ticket="OPS-2", **strange),
        act("e4", "11-15 10:01", ticket="OPS-3", status_id=2),
        act("e5", "11-15 11:02", ticket="OPS-3", **strange),
    )
    assert found.rows("touched", "resource_uid", "standing", "outcome") == [
        ("OPS-1", "proven", "success"),
        ("OPS-2", "suspected", "success"),
        ("OPS-3", "proven", "denied"),
        ("OPS-3", "suspected", "success"),
    ]
    assert found.rows("scope", "attempted", "read", "at_most") == [(2, 1, 3)]


def test_counts_have_denominators_and_a_total_without_reads_is_still_told() -> None:
    found = seen(
        act("e1", "11-15 10:00", ticket="OPS-1"),
        act("e2", "11-15 10:01", ticket="R/1", resource_kind="repository", action="archived"),
        act("e3", "11-15 10:02", ticket="R/1", resource_kind="repository"),
        act("e4", "11-15 10:03", ticket="R/2", resource_kind="repository", action="modified"),
        counts="jira,ticket,500\nconfluence,page,14099\n",
    )
    assert sorted(
        found.rows("scope", "system", "resource_kind", "attempted", "read", "taken", "at_most", "total"), key=str
    ) == [
        ("confluence", "page", 0, 0, 0, 0, 14_099),
        ("jira", "repository", 2, 1, 1, 1, None),
        ("jira", "ticket", 1, 1, 0, 1, 500),
    ]


def test_destinations_of_a_compromised_host() -> None:
    """Its indicator; a new internal one that refused; a new outside one; and its habits, which are not touched."""
    found = seen(
        flow("h1", "11-01 10:00", HOST, "192.0.2.41"),
        flow("f1", "11-22 15:00", HOST, C2),
        flow("f2", "11-22 15:30", HOST, C2),
        flow("f3", "11-22 20:02", HOST, "192.0.2.180", status_id=2, resource_uid="192.0.2.180:22"),
        flow("f4", "11-22 20:03", HOST, "192.0.2.41"),
        flow("f5", "11-22 20:04", HOST, "203.0.113.200"),
        flow("f6", "11-22 20:05", "192.0.2.131", "192.0.2.180"),
        indicators=C2,
    )
    assert found.rows("touched", "resource_uid", "outcome", "events", "standing", "principals", "event_uid") == [
        ("192.0.2.180:22", "denied", 1, "proven", HOST, "f3"),
        (f"{C2}:443", "success", 2, "proven", HOST, "f1"),
        ("203.0.113.200:443", "success", 1, "suspected", HOST, "f5"),
    ]
    assert found.rows("compromised", "uid", "standing", kind="host") == [(HOST, "proven")]


def test_what_others_closed_is_closed_unless_it_worked_on() -> None:
    found = seen(
        act("e1", "11-16 14:00"),
        admin("e2", "11-16 14:36", "svc", "m.alder", 1, src_ip=INTRUDER, user_agent="Firefox/1"),
        act("e3", "11-17 10:00", "m.alder"),
        admin("e4", "11-23 16:35", "ada", "svc", 5),
        admin("e5", "11-23 17:23", "ada", "m.alder", 5),
        act("e6", "11-23 18:00", "m.alder", vendor_session_uid="old"),
    )
    assert found.rows("compromised", "uid", "since", "until", "closed_by", "last_seen_at", kind="principal") == [
        ("svc", at("11-16 14:00"), at("11-23 16:35"), "e4", at("11-16 14:36")),
        ("m.alder", at("11-16 14:36"), None, None, at("11-23 18:00")),
    ]


@pytest.mark.parametrize(
    ("activity_id", "status_id", "closed"), [(5, 1, True), (6, 1, True), (5, 2, False), (3, 1, False)]
)
def test_only_disabling_or_deleting_that_took_effect_closes(activity_id: int, status_id: int, closed: bool) -> None:
    found = seen(act("e1", "11-16 14:00"), admin("e2", "11-23 16:35", "ada", "svc", activity_id, status_id=status_id))
    assert found.rows("compromised", "closed_by", kind="principal") == [("e2" if closed else None,)]


def test_what_the_intruder_closes_himself_is_not_closed() -> None:
    mine = admin("e2", "11-23 16:35", "eve", "svc", 5, src_ip=INTRUDER, user_agent="Firefox/1")
    assert seen(act("e1", "11-16 14:00"), mine).rows("compromised", "closed_by", kind="principal", uid="svc") == [
        (None,)
    ]


def test_a_disabling_before_the_compromise_closes_nothing() -> None:
    found = seen(admin("e1", "11-10 16:35", "ada", "svc", 5), act("e2", "11-16 14:00"))
    assert found.rows("compromised", "closed_by", kind="principal") == [(None,)]


def test_an_app_that_others_removed_is_closed() -> None:
    app = {"class_uid": 6002, "target_app": "runner", "action": None, "resource_uid": None}
    found = seen(
        act("e1", "11-22 14:18", activity_id=1, **app),
        act("e2", "11-24 11:59", "ada", "192.0.2.8", activity_id=2, **app),
    )
    assert found.rows("compromised", "uid", "since", "until", "closed_by", kind="app") == [
        ("runner", at("11-22 14:18"), at("11-24 11:59"), "e2")
    ]


def test_of_two_records_in_one_moment_the_same_one_always_closes() -> None:
    events = (
        act("e1", "11-16 14:00"),
        admin("e2", "11-23 16:35", "ada", "svc", 5),
        admin("e3", "11-23 16:35", "bob", "svc", 5),
    )
    assert seen(*events).rows("compromised", "closed_by", kind="principal") == [("e3",)]
    assert seen(*reversed(events)).rows("compromised", "closed_by", kind="principal") == [("e3",)]


def test_every_cause_of_a_compromised_row_is_a_row_or_was_given() -> None:
    found = seen(
        act("e1", "11-16 14:00", credential_uid="T1"),
        admin("e2", "11-16 14:36", "svc", "m.alder", 1, src_ip=INTRUDER, user_agent="Firefox/1"),
        act("e3", "11-17 10:00", "m.alder", "198.51.100.9"),
        act("e4", "11-17 10:01", "m.alder", "198.51.100.9", activity_id=1, class_uid=6002, target_app="runner"),
    )
    rows = {(row["kind"], row["uid"]) for row in found.tables["compromised"]}
    causes = {(row["cause_kind"], row["cause_uid"]) for row in found.tables["compromised"]}
    assert {kind for kind, _ in causes - rows} == {"indicator"}
    assert {str(row["why"]) for row in found.tables["compromised"] if "{" in str(row["why"])} == set()
