"""Does each rule carry compromise exactly as far as it says: rows in, exact rows out?"""

from datetime import timedelta

import pytest
from tests.kit import FLOW, Answers, Event, World, answers, at, event, exposed, flow, networks, view

from cloison.model.limits import LIMITS, Limits
from cloison.scope.spread import RULES

INTRUDER, OTHER, C2 = "203.0.113.5", "203.0.113.9", "198.51.100.66"
OFFICE = networks("192.0.2.0/24,office\n192.0.2.130,jira server\n")
Carried = tuple[object, ...]


def carried(found: Answers, rule: str) -> list[Carried]:
    """What the rule yields: kind, system, uid, since, standing, cause, record; in the order of time."""
    columns = ("kind", "system", "uid", "since", "standing", "cause_uid", "event_uid")
    return sorted(found.rows("compromise", *columns, rule=rule), key=lambda row: (str(row[3]), str(row[6])))


def seen(*events: Event, indicators: str = INTRUDER, ledger: str = "") -> Answers:
    """The answers of a world in which the intruder's address is published."""
    return answers(World(events, exposed(ledger) if ledger else (), indicators, OFFICE))


def act(uid: str, when: str, who: object = "mallory", ip: object = INTRUDER, **columns: object) -> Event:
    return view(uid, when, **{"principal": who, "src_ip": ip, "user_agent": "Firefox/1", **columns})


def made(uid: str, when: str, target: str, activity_id: int = 1, **columns: object) -> Event:
    """An account managed by the intruder."""
    given: Event = {"principal": "mallory", "src_ip": INTRUDER, "user_agent": "Firefox/1", "class_uid": 3001}
    return event(uid, when, **(given | {"activity_id": activity_id, "target_principal": target} | columns))


def test_a_published_address_and_the_session_from_it() -> None:
    found = seen(act("e1", "11-15 10:00"), act("e2", "11-15 10:05"), act("e3", "11-15 10:01", "ada", "192.0.2.9"))
    assert carried(found, "indicator_address") == [
        ("address", "", INTRUDER, at("11-15 10:00"), 2, INTRUDER, "e1"),
    ]
    assert carried(found, "indicator_session") == [
        ("session", "jira", "<e1>", at("11-15 10:00"), 2, INTRUDER, "e1"),
    ]
    assert carried(found, "session_principal") == [
        ("principal", "jira", "mallory", at("11-15 10:00"), 2, "<e1>", "e1"),
    ]
    assert len(found.tables["compromise"]) == 3


def test_a_published_client_marks_its_session_and_no_address() -> None:
    indicators = "kind,value\nuser_agent,evil-client/9.1\n"
    found = seen(act("e1", "11-15 10:00", ip=OTHER, user_agent="evil-client/9.1"), indicators=indicators)
    assert carried(found, "indicator_session") == [
        ("session", "jira", "<e1>", at("11-15 10:00"), 2, "evil-client/9.1", "e1")
    ]
    assert carried(found, "indicator_address") == []


def test_an_honest_visitor_before_the_exposure_is_a_sighting_and_compromises_nobody() -> None:
    found = seen(
        act("e1", "10-02 10:00", "ada"), act("e2", "10-02 11:00", "bob"), ledger="jira,account,,zoe,2023-10-18\n"
    )
    assert found.rows("sightings", "event_uid", "indicator_value", "valid") == [
        ("e1", INTRUDER, True),
        ("e2", INTRUDER, True),
    ]
    assert found.tables["compromise"] == []
    assert found.tables["touched"] == []


def test_only_what_comes_after_the_exposure_is_compromise() -> None:
    early = act("e1", "10-02 10:00", "ada")
    found = seen(early, act("e2", "11-02 10:00"), ledger="jira,account,,zoe,2023-10-18\n")
    assert carried(found, "indicator_session") == [("session", "jira", "<e2>", at("11-02 10:00"), 2, INTRUDER, "e2")]
    assert carried(found, "indicator_address") == [("address", "", INTRUDER, at("11-02 10:00"), 2, INTRUDER, "e2")]


def test_an_address_of_the_intruder_carries_on_to_the_principal_that_it_used() -> None:
    """Published, then learned: the intruder's account from a second address, and again the same client there."""
    found = seen(
        act("e1", "11-15 10:00"),
        act("e2", "11-15 10:10", ip=OTHER),
        act("e3", "11-16 10:00", "eve", OTHER),
        act("e4", "11-16 11:00", "ada", OTHER, user_agent="Safari/3"),
        ledger="jira,account,,mallory,2023-10-18\n",
    )
    assert found.rows("compromise", "uid", "since", "standing", kind="address") == [
        (INTRUDER, at("11-15 10:00"), 2),
    ]
    assert found.standing("e2") == "suspected"


def test_a_second_address_of_one_vendor_session_is_learned() -> None:
    """One session id, two addresses: the second becomes the intruder's, and carries to its client there."""
    cookie = {"vendor_session_uid": "k1"}
    found = seen(
        act("e1", "11-15 10:00", **cookie),
        act("e2", "11-15 10:10", ip=OTHER, **cookie),
        act("e3", "11-16 10:00", "eve", OTHER),
        act("e4", "11-16 11:00", "ada", OTHER, user_agent="Safari/3"),
    )
    assert carried(found, "session_sibling") == [("session", "jira", "<e2>", at("11-15 10:10"), 2, "<e1>", "e2")]
    assert carried(found, "session_address") == [("address", "", OTHER, at("11-15 10:10"), 2, "<e2>", "e2")]
    assert carried(found, "address_session") == [
        ("session", "jira", "<e3>", at("11-16 10:00"), 2, OTHER, "e3"),
        ("session", "jira", "<e4>", at("11-16 11:00"), 1, OTHER, "e4"),
    ]


def test_a_session_id_that_its_owner_uses_at_home_is_no_sibling() -> None:
    cookie = {"vendor_session_uid": "k1"}
    found = seen(
        act("e1", "11-01 10:00", "ada", OTHER),
        act("e2", "11-15 10:00", "ada", **cookie),
        act("e3", "11-15 10:10", "ada", OTHER, **cookie),
    )
    assert carried(found, "session_sibling") == []
    assert found.standing("e3") == "expected"


def test_a_known_own_network_carries_nothing() -> None:
    cookie = {"vendor_session_uid": "k1"}
    found = seen(
        act("e1", "11-15 10:00", **cookie),
        act("e2", "11-15 10:10", ip="192.0.2.77", **cookie),
        act("e3", "11-16 10:00", "ada", "192.0.2.77"),
    )
    assert found.rows("compromise", "uid", kind="address") == [(INTRUDER,)]
    assert found.standing("e2") == "expected"
    assert found.standing("e3") == "expected"


@pytest.mark.parametrize(("others", "learned"), [(3, [(OTHER,)]), (4, [])])
def test_an_address_that_many_share_is_not_the_intruders(others: int, learned: list[Carried]) -> None:
    """Others who come only after it: up to `limits.shared_principals` leave it the intruder's."""
    indicators = "kind,value\nuser_agent,evil-client/9.1\n"
    crowd = [act(f"c{n}", f"11-16 1{n}:00", f"user{n}", OTHER, user_agent="Safari/3") for n in range(others)]
    found = seen(act("e1", "11-15 10:00", ip=OTHER, user_agent="evil-client/9.1"), *crowd, indicators=indicators)
    assert found.rows("compromise", "uid", kind="address") == learned


def test_an_address_from_which_another_worked_before_is_not_the_intruders() -> None:
    indicators = "kind,value\nuser_agent,evil-client/9.1\n"
    found = seen(
        act("e0", "11-14 10:00", "ada", OTHER),
        act("e1", "11-15 10:00", ip=OTHER, user_agent="evil-client/9.1"),
        indicators=indicators,
    )
    assert found.rows("compromise", "uid", kind="address") == []


def test_what_failed_takes_no_principal_and_no_credential() -> None:
    found = seen(act("e1", "11-15 10:00", status_id=2, credential_uid="T1"))
    assert found.rows("compromise", "kind", "uid") == [("address", INTRUDER), ("session", "<e1>")]


def test_the_credential_that_it_came_in_with() -> None:
    found = seen(act("e1", "11-15 10:00", credential_uid="T1"))
    assert carried(found, "session_credential") == [("credential", "jira", "T1", at("11-15 10:00"), 2, "<e1>", "e1")]


def test_a_credential_that_it_made_and_the_session_that_came_in_with_it() -> None:
    found = seen(
        act("e1", "11-15 10:00", minted_credential_uid="K9"),
        act("e2", "11-14 10:00", "robot", "192.0.2.20", credential_uid="K9"),
        act("e3", "11-17 10:00", "robot", "192.0.2.20", credential_uid="K9", user_agent="curl/8"),
    )
    assert carried(found, "session_minted") == [("credential", "jira", "K9", at("11-15 10:00"), 2, "<e1>", "e1")]
    assert carried(found, "minted_session") == [("session", "jira", "<e3>", at("11-17 10:00"), 2, "K9", "e3")]
    assert found.standing("e2") == "expected"


def test_an_account_that_it_created_and_every_session_of_it() -> None:
    found = seen(
        made("e1", "11-16 14:36:37", "m.alder"),
        act("e2", "11-17 10:00", "m.alder", OTHER, user_agent="Opera/5"),
        act("e3", "11-17 12:00", "m.alder", OTHER, user_agent="Opera/5", system="confluence", source="wiki"),
    )
    assert carried(found, "session_account") == [
        ("principal", "jira", "m.alder", at("11-16 14:36:37"), 2, "<e1>", "e1")
    ]
    assert carried(found, "account_session") == [
        ("session", "jira", "<e2>", at("11-17 10:00"), 2, "m.alder", "e2"),
        ("session", "confluence", "<e3>", at("11-17 12:00"), 2, "m.alder", "e3"),
    ]


def test_a_namesake_in_another_system_who_was_there_before_is_left_alone() -> None:
    found = seen(
        act("e0", "11-01 10:00", "m.alder", "192.0.2.8", system="confluence", source="wiki"),
        made("e1", "11-16 14:36:37", "m.alder"),
        act("e2", "11-17 12:00", "m.alder", "192.0.2.8", system="confluence", source="wiki"),
    )
    assert carried(found, "account_session") == []
    assert found.standing("e2") == "expected"


@pytest.mark.parametrize(("status", "taken"), [(1, 1), (0, 1), (2, 0)])
def test_an_account_whose_creation_was_refused_is_none(status: int, taken: int) -> None:
    found = seen(made("e1", "11-16 14:36:37", "m.alder", status_id=status))
    assert len(carried(found, "session_account")) == taken


@pytest.mark.parametrize(
    ("class_uid", "activity_id", "taken"),
    [(3006, 3, 1), (3006, 4, 0), (3005, 1, 1), (3005, 2, 0), (3001, 3, 0), (3001, 5, 0)],
)
def test_what_is_given_to_another_account_makes_it_suspected(class_uid: int, activity_id: int, taken: int) -> None:
    found = seen(made("e1", "11-16 14:00", "bob", activity_id, class_uid=class_uid, target_group="admins"))
    expected = [("principal", "jira", "bob", at("11-16 14:00"), 1, "<e1>", "e1")]
    assert carried(found, "session_grant") == expected * taken


def test_the_group_that_it_gave_is_a_grant_until_somebody_takes_it_back() -> None:
    found = seen(made("e1", "11-16 14:00", "bob", 3, class_uid=3006, target_group="admins"))
    assert carried(found, "session_privilege") == [
        ("grant", "jira", "bob in admins", at("11-16 14:00"), 2, "<e1>", "e1"),
    ]


@pytest.mark.parametrize(("activity_id", "taken"), [(2, 1), (3, 1), (4, 1), (10, 1), (11, 1), (5, 0), (6, 0)])
def test_an_account_whose_secret_it_set_is_its_own(activity_id: int, taken: int) -> None:
    found = seen(made("e1", "11-16 14:00", "bob", activity_id))
    expected = [("principal", "jira", "bob", at("11-16 14:00"), 2, "<e1>", "e1")]
    assert carried(found, "session_reset") == expected * taken


def test_a_session_with_the_secret_that_it_set_from_where_the_owner_never_came() -> None:
    found = seen(
        act("b1", "11-01 10:00", "bob", "192.0.2.8", user_agent="Safari/3"),
        made("e1", "11-16 14:00", "bob", 4),
        act("b2", "11-17 10:00", "bob", "192.0.2.8", user_agent="Safari/3"),
        act("e2", "11-17 11:00", "bob", OTHER, user_agent="curl/8"),
        act("e3", "11-15 11:00", "bob", "198.51.100.9", user_agent="Edge/8"),
    )
    assert carried(found, "reset_session") == [("session", "jira", "<e2>", at("11-17 11:00"), 2, "bob", "e2")]
    assert found.standing("b2") == "expected"


@pytest.mark.parametrize(("activity_id", "taken"), [(1, 1), (3, 1), (4, 0)])
def test_a_hook_that_it_made_or_changed(activity_id: int, taken: int) -> None:
    hook = {"class_uid": 3004, "activity_id": activity_id, "resource_kind": "webhook", "resource_uid": "7"}
    found = seen(act("e1", "11-16 14:00", **hook))
    expected = [("entity", "jira", "webhook 7", at("11-16 14:00"), 2, "<e1>", "e1")]
    assert carried(found, "session_entity") == expected * taken


def test_a_session_into_which_it_switched() -> None:
    switch = {"class_uid": 3002, "activity_id": 7, "target_principal": "bob"}
    found = seen(
        act("e1", "11-16 14:00", ip=OTHER, user_agent="evil-client/9.1", **switch),
        act("e2", "11-16 14:01", "bob", OTHER, user_agent="evil-client/9.2"),
        act("e3", "11-16 13:00", "bob", OTHER, user_agent="evil-client/9.2"),
        act("c1", "11-01 14:01", "carl", OTHER, user_agent="Safari/3"),
        indicators="kind,value\nuser_agent,evil-client/9.1\n",
    )
    assert carried(found, "session_switch") == [("session", "jira", "<e2>", at("11-16 14:01"), 2, "<e1>", "e2")]


def test_the_intruders_client_with_the_same_exposed_machine() -> None:
    """From the published address, then with the same client from an own network, where the machine never was."""
    found = seen(
        act("h1", "10-02 10:00", "svc", "192.0.2.50", user_agent="Java/11"),
        act("e1", "11-02 10:00", "svc", user_agent="requests/2"),
        act("e2", "11-02 15:00", "svc", "192.0.2.70", user_agent="requests/2.1"),
        act("e3", "11-02 15:00", "svc", "192.0.2.50", user_agent="Java/11"),
        ledger="jira,service_account,,svc,2023-10-18\n",
    )
    assert carried(found, "session_client") == [("session", "jira", "<e2>", at("11-02 15:00"), 2, "<e1>", "e2")]
    assert found.standing("e3") == "expected"


def test_a_secret_that_it_read_exposes_a_credential_and_the_loop_closes() -> None:
    """The intruder reads the page that holds the key of another machine, and comes back with that from elsewhere."""
    daily = [act(f"d{day:02}", f"10-{day:02} 09:00", "robot", "192.0.2.20", user_agent="Sync/4", credential_uid="K7")
             for day in range(1, 15)]  # fmt: skip
    page = {"system": "confluence", "source": "wiki", "resource_kind": "page", "ticket": "42"}
    found = seen(
        *daily,
        act("e1", "11-15 10:00", **page),
        act("e2", "11-16 10:00", "robot", OTHER, user_agent="curl/8", credential_uid="K7"),
        act("e3", "11-14 10:00", "robot", "198.51.100.77", user_agent="Wget/1", credential_uid="K7"),
        ledger="jira,api_token,K7,robot,,confluence/page/42\njira,account,,zoe,2023-10-18,\n",
    )
    columns = ("kind", "system", "uid", "since", "standing", "cause_kind", "cause_uid", "event_uid")
    assert found.rows("compromise", *columns, rule="exposed_misuse") == [
        ("session", "jira", "<e2>", at("11-16 10:00"), 2, "exposed", "jira:api_token:K7@robot", "e2")
    ]
    assert found.rows("rotations", "credential_uid", "exposed_at", credential_uid="K7") == [("K7", at("11-15 10:00"))]
    assert found.standing("e3") == "unknown"


def test_a_secret_in_an_object_that_nobody_read_exposes_nothing() -> None:
    found = seen(
        act("e1", "11-15 10:00", ticket="OPS-1"),
        act("e2", "11-16 10:00", "robot", OTHER, user_agent="curl/8", credential_uid="K7"),
        ledger="jira,api_token,K7,robot,,jira/ticket/OPS-2\n",
    )
    assert found.rows("compromise", "uid", rule="object_secret") == []
    assert found.rows("misuse", "session_uid") == []


def test_one_at_home_at_a_published_address_is_only_suspected() -> None:
    """She came from there before the exposure, and comes again: the indicator alone proves nothing against her."""
    found = seen(
        act("e1", "10-02 10:00", "ada"), act("e2", "11-02 10:00", "ada"), ledger="jira,account,,zoe,2023-10-18\n"
    )
    assert found.standing("e1") == "expected"
    assert found.standing("e2") == "suspected"


def test_an_indicator_that_names_an_own_network_proves_nobody() -> None:
    found = seen(act("e1", "11-02 10:00", "ada", "192.0.2.9"), indicators="192.0.2.9")
    assert found.standing("e1") == "suspected"
    assert found.rows("compromise", "uid", kind="address") == []


def test_an_address_of_one_ipv6_network_stands_for_the_network() -> None:
    found = seen(
        act("e1", "11-02 10:00", "svc", "2001:db8:0:7::1", user_agent="evil-client/9.1"),
        act("e2", "11-02 12:00", "svc", "2001:db8:0:7::2", user_agent="curl/8", system="confluence", source="wiki"),
        act("e3", "11-02 12:00", "svc", "2001:db8:0:8::2", user_agent="curl/8", system="confluence", source="wiki"),
        indicators="kind,value\nuser_agent,evil-client/9.1\n",
        ledger="jira,service_account,,svc,2023-10-18\n",
    )
    assert found.standing("e2") == "proven"
    assert found.standing("e3") == "suspected"


def test_clocks_that_are_two_minutes_apart() -> None:
    """The address is learned in one system; what it did in another, whose clock is behind, is not before its cause."""
    found = seen(
        act("e1", "11-02 10:00:00", "svc", OTHER, user_agent="evil-client/9.1"),
        act("e2", "11-02 09:58:30", "svc", OTHER, user_agent="curl/8", system="confluence", source="wiki"),
        indicators="kind,value\nuser_agent,evil-client/9.1\n",
        ledger="jira,service_account,,svc,2023-10-18\n",
    )
    assert carried(found, "address_session") == [
        ("session", "confluence", "<e2>", at("11-02 09:58:30"), 2, OTHER, "e2"),
    ]


def test_what_it_gives_to_itself_makes_nobody_else_suspected() -> None:
    found = seen(made("e1", "11-16 14:00", "mallory", 3, class_uid=3006, target_group="admins"))
    assert carried(found, "session_grant") == []


@pytest.mark.parametrize(("activity_id", "taken"), [(1, 1), (6, 1), (8, 1), (2, 0), (7, 0)])
def test_an_app_that_it_installed_and_the_server_below(activity_id: int, taken: int) -> None:
    installed = {"class_uid": 6002, "activity_id": activity_id, "target_app": "runner"}
    found = seen(act("e1", "11-22 14:18", **installed))
    assert carried(found, "session_app") == [("app", "jira", "runner", at("11-22 14:18"), 2, "<e1>", "e1")] * taken
    assert carried(found, "app_host") == [("host", "", "192.0.2.130", at("11-22 14:18"), 1, "runner", "e1")] * taken


@pytest.mark.parametrize("status", [1, 2])
def test_a_host_that_tried_to_speak_to_an_indicator(status: int) -> None:
    found = seen(flow("f1", "11-22 15:00", "192.0.2.130", C2, status_id=status), indicators=C2)
    assert carried(found, "indicator_host") == [("host", "", "192.0.2.130", at("11-22 15:00"), 2, C2, "f1")]


@pytest.mark.parametrize(
    ("source", "client", "carries"),
    [
        ("gateway", "198.51.100.77", True),
        ("web", "198.51.100.77", False),
        ("web", "192.0.2.130", True),
    ],
)
def test_who_asked_a_web_server_for_an_indicator_is_no_host_of_ours(source: str, client: str, *, carries: bool) -> None:
    asked = {"class_uid": 4002, "src_ip": client, "dst_ip": None, "url": "http://evil.example/x"}
    log: Event = {"source": FLOW, "system": "gateway"} if source == "gateway" else {}
    found = seen(event("f1", "11-22 15:00", **asked, **log), indicators="evil[.]example")
    reached = [("host", "", client, at("11-22 15:00"), 2, "evil.example", "f1")]
    assert carried(found, "indicator_host") == (reached if carries else [])


def test_a_host_that_answered_an_indicator_did_not_speak_to_it() -> None:
    host, scanned = "192.0.2.130", {"dst_port": 51234, "resource_uid": None, "action": "exchanged"}
    found = seen(flow("f1", "11-22 15:00", host, C2, **scanned), indicators=C2)
    assert carried(found, "indicator_host") == []


def test_what_a_compromised_host_answered_it_did_not_reach() -> None:
    host, other = "192.0.2.130", "192.0.2.40"
    answered = flow("f2", "11-22 15:10", host, other, resource_uid=None, action="exchanged")
    called = flow("f3", "11-22 15:20", host, other)
    found = seen(flow("f1", "11-22 15:00", host, C2), answered, called, indicators=C2)
    assert carried(found, "host_reached") == [("host", "", other, at("11-22 15:20"), 1, host, "f3")]


def test_a_host_that_looked_up_a_published_name() -> None:
    named = flow("f1", "11-22 15:00", "192.0.2.130", C2, dst_ip=None, dst_host="cdn.evil.example", class_uid=4003)
    found = seen(named, indicators="evil[.]example")
    assert carried(found, "indicator_host") == [
        ("host", "", "192.0.2.130", at("11-22 15:00"), 2, "evil.example", "f1"),
    ]


def test_a_session_from_a_compromised_host_as_a_principal_that_never_came_from_there() -> None:
    host = "192.0.2.130"
    found = seen(
        act("a1", "11-01 10:00", "link", host, user_agent="Link/1"),
        flow("f1", "11-22 15:00", host, C2),
        act("e1", "11-22 20:00", "gitsync", host, user_agent="curl/8"),
        act("e2", "11-22 20:00:30", "link", host, user_agent="Link/1"),
        act("e3", "11-22 20:01", "link", host, user_agent="curl/8"),
        act("e4", "11-22 14:50", "early", host, user_agent="curl/8"),
        indicators=C2,
    )
    assert carried(found, "host_session") == [
        ("session", "jira", "<e1>", at("11-22 20:00"), 2, host, "e1"),
        ("session", "jira", "<e3>", at("11-22 20:01"), 1, host, "e3"),
    ]
    assert found.standing("e2") == "expected"
    assert found.standing("e4") == "expected"


def test_another_own_host_that_it_reached_for_the_first_time() -> None:
    host = "192.0.2.130"
    found = seen(
        flow("h1", "11-01 10:00", host, "192.0.2.41"),
        flow("f1", "11-22 15:00", host, C2),
        flow("f2", "11-22 16:00", host, "192.0.2.40"),
        flow("f3", "11-22 16:10", host, "192.0.2.41"),
        flow("f4", "11-22 16:20", host, "192.0.2.42", status_id=2),
        flow("f5", "11-22 16:30", host, "198.51.100.3"),
        flow("f6", "11-22 14:00", host, "192.0.2.43"),
        indicators=C2,
    )
    assert carried(found, "host_reached") == [("host", "", "192.0.2.40", at("11-22 16:00"), 1, host, "f2")]


def test_an_exposed_account_used_against_a_steady_habit() -> None:
    daily = [
        act(f"d{day:02}", f"10-{day:02} 09:00", "svc", "198.51.100.30", user_agent="Sync/4") for day in range(1, 15)
    ]
    found = seen(
        *daily,
        act("e1", "11-15 09:00", "svc", "198.51.100.30", user_agent="Sync/4.2"),
        act("e2", "11-15 09:00:10", "svc", OTHER),
        indicators="",
        ledger="jira,service_account,,svc,2023-10-18\n",
    )
    assert carried(found, "exposed_misuse") == [
        ("session", "jira", "<e2>", at("11-15 09:00:10"), 2, "jira:service_account:svc@svc", "e2")
    ]
    assert found.standing("e1") == "expected"


def test_nothing_is_compromised_before_its_cause() -> None:
    host = "192.0.2.130"
    found = seen(
        act("e0", "11-14 10:00", "zed", minted_credential_uid="K1"),
        act("e1", "11-16 10:00", target_app="runner", class_uid=6002, activity_id=1),
        made("e2", "11-16 10:01", "m.alder"),
        act("e3", "11-16 09:00", "m.alder", OTHER),
        act("e4", "11-17 09:00", "m.alder", OTHER),
        flow("f1", "11-22 15:00", host, C2),
        act("e5", "11-23 09:00", "gitsync", host),
        indicators=f"{INTRUDER}\n{C2}\n",
        ledger="jira,account,,zoe,2023-11-15\n",
    )
    since = {(str(row["kind"]), str(row["uid"])): row["since"] for row in found.tables["compromise"]}
    for row in found.tables["compromise"]:
        cause = since.get((str(row["cause_kind"]), str(row["cause_uid"])))
        assert cause is None or cause - timedelta(seconds=LIMITS.clock_seconds) <= row["since"], row  # type: ignore[operator]
    assert ("credential", "K1") not in since
    assert found.standing("e3") == "unknown"
    assert found.standing("e4") == "proven"


@pytest.mark.parametrize(
    ("hops", "standings"),
    [
        (1, {"session": 0, "address": 0}),
        (2, {"session": 2, "address": 2, "principal": 0}),
        (3, {"session": 2, "address": 2, "principal": 2}),
    ],
)
def test_what_still_moves_at_the_limit_is_unknown(hops: int, standings: dict[str, int]) -> None:
    world = World((act("e1", "11-15 10:00"),), indicators=INTRUDER)
    found = answers(world, limits=Limits(hops=hops))
    assert found.by("compromise", "kind", "standing") == standings


def test_the_frontier_touches_nothing_and_is_said_to_be_unknown() -> None:
    found = answers(World((act("e1", "11-15 10:00"),), indicators=INTRUDER), limits=Limits(hops=1))
    assert found.standing("e1") == "unknown"
    assert found.tables["touched"] == []
    assert set(found.rows("compromised", "standing")) == {("unknown",)}


def test_every_rule_has_a_sentence_and_a_technique() -> None:
    assert LIMITS.hops == 12
    assert [rule.name for rule in RULES if not rule.technique.startswith("T1") or not rule.says] == []


def test_proven_is_dated_from_the_proven_act_and_not_from_an_earlier_suspected_one() -> None:
    """An account acted suspiciously on the 2nd and provably on the 15th: it is proven since the 15th."""
    found = seen(
        act("e1", "11-02 10:00", "svc", OTHER, user_agent="Opera/5", credential_uid="T1"),
        act("e2", "11-15 10:00", "svc", credential_uid="T1"),
        ledger="jira,account,,svc,2023-10-18\n",
    )
    assert found.standing("e1") == "suspected"
    assert carried(found, "session_principal") == [("principal", "jira", "svc", at("11-15 10:00"), 2, "<e2>", "e2")]
    assert carried(found, "session_credential") == [("credential", "jira", "T1", at("11-15 10:00"), 2, "<e2>", "e2")]
