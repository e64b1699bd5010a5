"""Which acts are one session: by the vendor's id, the network, the client and the silence between them?"""

import pytest
from tests.kit import Event, World, answers, at, flow, networks, view


def act(uid: str, when: str, **columns: object) -> Event:
    return view(uid, when, **{"principal": "ada", "src_ip": "192.0.2.9", "user_agent": "Firefox/118.0", **columns})


def sessions(*events: Event) -> list[tuple[object, ...]]:
    found = answers(World(events), "drawn").rows("drawn", "session_uid", "first_at", "last_at", "events", "successes")
    return sorted(found, key=lambda row: (str(row[1]), str(row[0])))


@pytest.mark.parametrize(("minute", "count"), [("10:30:00", 1), ("10:30:01", 2)])
def test_a_silence_longer_than_half_an_hour_ends_a_session(minute: str, count: int) -> None:
    assert len(sessions(act("e1", "11-01 10:00:00"), act("e2", f"11-01 {minute}"))) == count


def test_the_vendors_session_outlasts_silence() -> None:
    found = sessions(act("e1", "11-01 10:00", vendor_session_uid="k"), act("e2", "11-02 10:00", vendor_session_uid="k"))
    assert found == [("<e1>", at("11-01 10:00"), at("11-02 10:00"), 2, 2)]


@pytest.mark.parametrize(
    "other",
    [
        {"vendor_session_uid": "k2"},
        {"src_ip": "192.0.2.10"},
        {"user_agent": "Safari/1"},
        {"principal": "bob"},
        {"system": "confluence"},
    ],
)
def test_another_id_place_client_name_or_system_is_another_session(other: dict[str, object]) -> None:
    assert len(sessions(act("e1", "11-01 10:00", vendor_session_uid="k1"), act("e2", "11-01 10:01", **other))) == 2


def test_a_client_that_is_updated_is_the_same_client() -> None:
    assert len(sessions(act("e1", "11-01 10:00"), act("e2", "11-01 10:01", user_agent="Firefox/119.0.1"))) == 1


def test_ipv6_privacy_addresses_of_one_network_are_one_place() -> None:
    one, two, far = "2001:db8::1", "2001:db8::2:0:0:9", "2001:db8:0:1::9"
    found = sessions(*(act(f"e{n}", f"11-01 10:0{n}", src_ip=ip) for n, ip in enumerate((one, two, far))))
    assert [row[0] for row in found] == ["<e0>", "<e2>"]


def test_nobody_with_no_session_is_its_own_session_by_place() -> None:
    """Before anyone logs in, a log names no user and no session."""
    found = sessions(act("e1", "11-01 10:00", principal=None), act("e2", "11-01 10:01"))
    assert found == [
        ("<e1>", at("11-01 10:00"), at("11-01 10:00"), 1, 1),
        ("<e2>", at("11-01 10:01"), at("11-01 10:01"), 1, 1),
    ]


def test_flows_and_lookups_are_no_acts() -> None:
    lookup = flow("f2", "11-01 10:00", "192.0.2.9", "198.51.100.1", class_uid=4003)
    assert sessions(flow("f1", "11-01 10:00", "192.0.2.9", "198.51.100.1"), lookup) == []


def test_the_narrowest_own_network_labels_the_place() -> None:
    world = World(
        (act("e1", "11-01 10:00", src_ip="192.0.2.130"),),
        networks=networks("192.0.2.0/24,office\n192.0.2.130,jira server\n"),
    )
    assert answers(world, "threads").rows("threads", "net", "label", "client") == [
        ("192.0.2.130", "jira server", "firefox/#")
    ]


def test_the_two_lines_of_one_request_are_one_act_and_an_orphan_start_stays() -> None:
    began, ended = {"phase": "start", "status_id": 0}, {"phase": "end", "status_id": 1}
    events = (
        act("e1", "11-01 10:00:00", pair_uid="p1", **began),
        act("e2", "11-01 10:00:01", pair_uid="p1", **ended),
        act("e3", "11-01 10:00:02", pair_uid="p2", **began),
    )
    found = answers(World(events, indicators="192.0.2.9"))
    assert found.rows("acts", "event_uid", "status_id") == [("e2", 1), ("e3", 0)]


def test_an_event_that_two_records_tell_is_one_act() -> None:
    twice = (act("e1", "11-01 10:00", evidence_uid="m2"), act("e1", "11-01 10:00", evidence_uid="m1", record_offset=7))
    found = answers(World(twice, indicators="192.0.2.9"))
    assert found.rows("acts", "event_uid") == [("e1",)]
    assert found.rows("account", "evidence", "received", "stored", "duplicate", "rejected") == [
        ("m1.log", 1, 1, 0, 0),
        ("m2.log", 1, 0, 1, 0),
    ]


def test_what_comes_after_the_window_is_left_out() -> None:
    world = World((act("e1", "11-01 10:00"), act("e2", "11-01 10:01")), indicators="192.0.2.9", until=at("11-01 10:01"))
    assert answers(world, "acts").rows("acts", "event_uid") == [("e1",)]


def test_only_the_acts_of_sessions_that_compromise_reaches_are_read() -> None:
    found = answers(
        World((act("e1", "11-01 10:00"), act("e2", "11-01 10:00", src_ip="192.0.2.8")), indicators="192.0.2.8")
    )
    assert found.rows("acts", "event_uid") == [("e2",)]
    assert found.rows("drawn", "session_uid", "events") == [("<e1>", 1), ("<e2>", 1)]
