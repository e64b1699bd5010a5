"""Which use of an exposed credential is misuse, proven or suspected, and which is its owner's habit?"""

import pytest
from tests.kit import Answers, Event, World, answers, at, exposed, networks, view

LEDGER = "jira,service_account,,svc,2023-10-18\n"
ROBOT = "jira,service_token,T1,robot,2023-10-18\n"
HOME, AWAY = "198.51.100.30", "203.0.113.9"


def act(uid: str, when: str, ip: object = HOME, agent: object = "Sync/4.1", **columns: object) -> Event:
    return view(uid, when, **{"principal": "svc", "src_ip": ip, "user_agent": agent, **columns})


def habit(days: int, **columns: object) -> list[Event]:
    """A daily session before the exposure."""
    return [act(f"d{day:02}", f"10-{day:02} 09:00", **columns) for day in range(1, days + 1)]


def judged(*events: Event, ledger: str = LEDGER, labels: str = "") -> list[tuple[object, ...]]:
    found = answers(World(events, exposed(ledger), networks=networks(labels) if labels else ()), "misuse")
    return [row[1:] for row in sorted(misuse(found))]


def misuse(found: Answers) -> list[tuple[str, object, object]]:
    rows = found.rows("misuse", "session_uid", "since", "standing")
    return [(str(uid), since, standing) for uid, since, standing in rows]


def test_outside_of_a_steady_habit_is_proven() -> None:
    assert judged(*habit(10), act("e1", "11-15 10:00", AWAY, "Firefox/1")) == [(at("11-15 10:00"), 2)]


def test_nine_times_is_no_steady_habit() -> None:
    assert judged(*habit(9), act("e1", "11-15 10:00", AWAY, "Firefox/1")) == [(at("11-15 10:00"), 1)]


def test_one_who_roams_is_suspected_at_most() -> None:
    roaming = [act(f"d{day:02}", f"10-{day:02} 09:00", f"203.0.{day}.7") for day in range(1, 15)]
    assert judged(*roaming, act("e1", "11-15 10:00", "198.51.100.4", "Firefox/1")) == [(at("11-15 10:00"), 1)]


@pytest.mark.parametrize(
    ("ip", "agent", "standing"),
    [
        (HOME, "Sync/4.2", []),
        ("198.51.100.31", "Sync/5", []),
        (HOME, "Firefox/1", [1]),
        (AWAY, "Sync/4.1", [1]),
        (AWAY, "Firefox/1", [2]),
    ],
)
def test_place_and_client_weigh_each(ip: str, agent: str, standing: list[int]) -> None:
    found = judged(*habit(12), act("e1", "11-15 10:00", ip, agent))
    assert [one for _, one in found] == standing


def test_the_integration_in_the_same_hour_as_the_intruder_stays_expected() -> None:
    events = (
        *habit(12),
        act("e1", "11-15 10:00"),
        act("e2", "11-15 10:00:01", AWAY, "curl/8"),
        act("e3", "11-15 10:01"),
    )
    found = answers(World(events, exposed(LEDGER)))
    assert found.standing("e1") == "expected"
    assert found.standing("e2") == "proven"
    assert found.rows("touched", "principals", "events", "standing") == [("svc", 1, "proven")]


def test_uses_before_the_exposure_are_no_misuse() -> None:
    assert judged(*habit(12), act("e1", "10-17 10:00", AWAY, "Firefox/1")) == []


def test_what_only_failed_is_suspected() -> None:
    assert judged(*habit(12), act("e1", "11-15 10:00", AWAY, "Firefox/1", status_id=2)) == [(at("11-15 10:00"), 1)]


def test_a_machines_credential_without_history_in_a_log_that_reaches_back_a_week_is_proven() -> None:
    other = view("o1", "10-01 09:00", principal="ada", src_ip="192.0.2.9")
    used = act("e1", "11-15 10:00", AWAY, principal="robot", credential_uid="T1")
    assert judged(other, used, ledger=ROBOT) == [(at("11-15 10:00"), 2)]
    assert judged(used, ledger=ROBOT) == [(at("11-15 10:00"), 1)]


def test_a_persons_credential_without_history_is_suspected() -> None:
    other = view("o1", "10-01 09:00", principal="ada", src_ip="192.0.2.9")
    used = act("e1", "11-15 10:00", AWAY, principal="zoe")
    assert judged(other, used, ledger="jira,password,,zoe,2023-10-18\n") == [(at("11-15 10:00"), 1)]


def test_a_known_own_network_counts_against_it_only_where_the_habit_is_steady() -> None:
    labels = "192.0.2.0/24,office\n"
    used = act("e1", "11-15 10:00", "192.0.2.130", "curl/8")
    assert judged(used, labels=labels) == []
    assert judged(*habit(12), used, labels=labels) == [(at("11-15 10:00"), 1)]


def test_a_namesake_in_another_system_is_suspected_at_most() -> None:
    wiki = {"system": "confluence", "source": "wiki"}
    assert judged(*habit(12, **wiki), act("e1", "11-15 10:00", AWAY, "Firefox/1", **wiki)) == [(at("11-15 10:00"), 1)]


def test_the_credentials_id_is_sure_in_every_system() -> None:
    wiki = {"system": "confluence", "source": "wiki", "principal": "robot", "credential_uid": "T1"}
    found = judged(*habit(12, **wiki), act("e1", "11-15 10:00", AWAY, "Firefox/1", **wiki), ledger=ROBOT)
    assert found == [(at("11-15 10:00"), 2)]


def test_the_principals_that_exposed_credentials_act_as() -> None:
    events = (act("e1", "11-15 10:00", principal="robot", credential_uid="T1"), act("e2", "11-15 11:00"))
    found = answers(World(events, exposed(ROBOT + LEDGER)))
    assert found.rows("exposed_principals", "system", "principal") == [("jira", "robot"), ("jira", "svc")]
    assert found.rows("exposed_sessions", "session_uid", "exposed_uid", "sure", exposed_uid=ROBOT_UID) == [
        ("<e1>", ROBOT_UID, True)
    ]


ROBOT_UID = "jira:service_token:T1@robot"
