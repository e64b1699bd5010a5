"""Does the timeline tell each thing once, when it began, and lead to its record?"""

import pytest
from tests.kit import Answers, Event, World, answers, at, event, exposed, flow, networks, view

INTRUDER, C2, HOST = "203.0.113.5", "198.51.100.66", "192.0.2.130"
SIGHTED = f"indicator {INTRUDER} first seen here, as src_endpoint.ip (2 sightings)"
OPENED = f"session opened from {INTRUDER} (2 events until 11-15 10:05:00)"
OFFICE = networks("192.0.2.0/24,office\n")


def act(uid: str, when: str, **columns: object) -> Event:
    return view(uid, when, **{"principal": "svc", "src_ip": INTRUDER, "user_agent": "Firefox/1", **columns})


def seen(*events: Event, indicators: str = INTRUDER) -> Answers:
    return answers(World(events, exposed("jira,account,,zoe,2023-10-18\n"), indicators, OFFICE), "timeline")


def told(found: Answers, *but: str) -> list[tuple[object, ...]]:
    """Time, text and record of every line, save those that begin with one of `but`."""
    rows = found.rows("timeline", "time", "what", "event_uid")
    return [row for row in rows if not str(row[1]).startswith(but or ("\0",))]


def test_a_session_its_reading_and_its_sighting() -> None:
    found = seen(act("e1", "11-15 10:00", ticket="OPS-1"), act("e2", "11-15 10:05", ticket="OPS-2"))
    assert found.rows("timeline", "time", "system", "principal", "what", "standing", "event_uid") == [
        (at("11-15 10:00"), "jira", None, SIGHTED, "proven", "e1"),
        (at("11-15 10:00"), "jira", "svc", OPENED, "proven", "e1"),
        (at("11-15 10:00"), "jira", "svc", "viewed 2 tickets, first OPS-1", "proven", "e1"),
    ]


def test_access_that_was_refused_is_told_as_such() -> None:
    found = seen(act("e1", "11-15 10:00", status_id=2))
    assert told(found, "indicator") == [
        (at("11-15 10:00"), f"access tried and refused from {INTRUDER} (1 event until 11-15 10:00:00)", "e1")
    ]


def test_a_search_is_told_once_with_its_words() -> None:
    search = {"resource_kind": "search", "resource_uid": "cloudflared", "action": "searched"}
    found = seen(act("e1", "11-15 10:00", **search), act("e2", "11-15 10:05", **search))
    assert told(found, "indicator", "session") == [(at("11-15 10:00"), 'searched for "cloudflared"', "e1")]


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ({"class_uid": 3001, "activity_id": 1, "target_principal": "m.alder"}, "account m.alder created"),
        ({"class_uid": 3001, "activity_id": 1}, "account creation requested"),
        (
            {"class_uid": 3001, "activity_id": 3, "target_principal": "bob", "event_code": "pw"},
            "account bob changed (pw)",
        ),
        (
            {"class_uid": 3006, "activity_id": 3, "target_principal": "bob", "target_group": "admins"},
            "bob added to group admins",
        ),
        ({"class_uid": 3005, "activity_id": 1, "event_code": "grant"}, "privileges or groups changed (grant)"),
        ({"class_uid": 3004, "activity_id": 1, "event_code": "key"}, "token, key or policy changed (key)"),
        ({"class_uid": 6002, "activity_id": 1, "target_app": "runner"}, "app runner installed"),
        ({"class_uid": 6002, "activity_id": 7, "target_app": "runner"}, "app runner disabled"),
        (
            {"class_uid": 6002, "activity_id": 8, "target_app": "runner", "status_id": 2},
            "app runner changed (refused)",
        ),
    ],
)
def test_what_was_changed(columns: Event, text: str) -> None:
    found = seen(
        act("e1", "11-15 10:00"),
        event("e2", "11-15 10:01", principal="svc", src_ip=INTRUDER, user_agent="Firefox/1", **columns),
    )
    assert told(found, "indicator", "session", "viewed") == [(at("11-15 10:01"), text, "e2")]


def test_what_others_closed_is_told_as_their_act() -> None:
    off = {"class_uid": 3001, "activity_id": 5, "target_principal": "svc", "principal": "ada", "src_ip": "192.0.2.8"}
    found = seen(act("e1", "11-15 10:00"), event("e2", "11-23 16:35", **off))
    assert found.rows("timeline", "time", "principal", "standing", "event_uid", what="principal svc closed") == [
        (at("11-23 16:35"), "ada", "expected", "e2")
    ]


def test_a_host_that_spoke_and_was_refused() -> None:
    found = seen(
        flow("f1", "11-22 15:00", HOST, C2),
        flow("f2", "11-22 20:02", HOST, "192.0.2.180", status_id=2),
        flow("f3", "11-22 20:04", HOST, "192.0.2.180", status_id=2),
        indicators=C2,
    )
    assert told(found, "indicator") == [
        (at("11-22 15:00"), f"host {HOST} spoke to {C2}:443 (1 connections until 11-22 15:00:00)", "f1"),
        (at("11-22 20:02"), f"host {HOST} was refused by 192.0.2.180:443 (2 connections until 11-22 20:04:00)", "f2"),
    ]


def test_a_pause_of_a_day_between_visits_save_single_acts() -> None:
    found = seen(
        act("e1", "11-17 14:00"),
        act("e2", "11-17 14:33:52"),
        act("e3", "11-18 11:00"),
        act("e4", "11-19 20:00"),
        act("e5", "11-20 09:26:53"),
        act("e6", "11-20 09:30"),
    )
    pauses = [row for row in told(found) if str(row[1]).startswith("pause")]
    assert pauses == [
        (
            at("11-17 14:33:52"),
            "pause until 2023-11-20 09:26:53 (66 hours), save 2 single acts that test access",
            "e5",
        )
    ]


@pytest.mark.parametrize(("resumed", "pauses"), [("11-18 14:00:59", 0), ("11-18 14:01:00", 1)])
def test_less_than_a_day_is_no_pause(resumed: str, pauses: int) -> None:
    found = seen(act("e1", "11-17 14:00"), act("e2", "11-17 14:01"), act("e3", resumed), act("e4", "11-18 14:05"))
    assert sum(str(row[1]).startswith("pause") for row in told(found)) == pauses


def test_nothing_proven_or_suspected_tells_no_story() -> None:
    assert seen(act("e1", "11-15 10:00", src_ip="192.0.2.8")).tables["timeline"] == []
