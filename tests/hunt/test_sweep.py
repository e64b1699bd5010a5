"""Is an indicator seen wherever an event holds it, however it is spelled, and nowhere else?"""

import pytest
from tests.kit import Event, World, answers, at, event, flow, view

SHA256 = "0f" * 32


def sightings(events: list[Event], indicators: str, *columns: str) -> list[tuple[object, ...]]:
    found = answers(World(tuple(events), indicators=indicators), "sightings")
    return found.rows(
        "sightings", *(columns or ("indicator_kind", "indicator_value", "field", "observed", "event_uid"))
    )


def test_a_sighting_names_its_indicator_event_and_place() -> None:
    seen = view("e1", "11-15 10:00", principal="ada", src_ip="203.0.113.5", record_offset=42, record_length=99)
    columns = ("indicator_kind", "indicator_value", "time", "source", "system", "field", "principal", "event_uid")
    assert sightings([seen], "203.0.113[.]5", *columns, "evidence", "offset", "length", "evidence_uid", "valid") == [
        (
            "ip",
            "203.0.113.5",
            at("11-15 10:00"),
            "jira_access",
            "jira",
            "src_endpoint.ip",
            "ada",
            "e1",
            "m1.log",
            42,
            99,
            "m1",
            True,
        )
    ]


@pytest.mark.parametrize(
    ("indicators", "columns", "expected"),
    [
        ("203.0.113.0/29", {"src_ip": "203.0.113.7"}, ("cidr", "203.0.113.0/29", "src_endpoint.ip", "203.0.113.7")),
        ("2001:db8::/48", {"src_ip": "2001:db8::9"}, ("cidr", "2001:db8::/48", "src_endpoint.ip", "2001:db8::9")),
        (
            "198.51.100.7",
            {"src_ip": "192.0.2.1", "src_ips": ["192.0.2.1", "198.51.100.7"]},
            ("ip", "198.51.100.7", "src_endpoint.ip", "198.51.100.7"),
        ),
        ("198.51.100.7", {"dst_ip": "198.51.100.7"}, ("ip", "198.51.100.7", "dst_endpoint.ip", "198.51.100.7")),
        (
            "evil[.]example",
            {"dst_host": "evil.example"},
            ("domain", "evil.example", "dst_endpoint.hostname", "evil.example"),
        ),
        (
            "evil[.]example",
            {"dst_host": "a.b.evil.example"},
            ("domain", "evil.example", "dst_endpoint.hostname", "a.b.evil.example"),
        ),
        (
            "evil[.]example",
            {"src_host": "EVIL.example"},
            ("domain", "evil.example", "src_endpoint.hostname", "evil.example"),
        ),
        (
            "evil[.]example",
            {"url": "https://cdn.evil.example/x?y=1"},
            ("domain", "evil.example", "http_request.url", "cdn.evil.example"),
        ),
        (
            "evil[.]example",
            {"url": "/go?to=https%3A%2F%2Fevil.example%2Fx"},
            ("domain", "evil.example", "http_request.url", "evil.example"),
        ),
        (
            "kind,value\naccount,m.alder\n",
            {"principal": "m.alder"},
            ("account", "m.alder", "actor.user.name", "m.alder"),
        ),
        (
            "m.alder@corp.example",
            {"actor_email": "M.Alder@corp.example"},
            ("email", "m.alder@corp.example", "actor.user.email_addr", "m.alder@corp.example"),
        ),
        (
            "kind,value\naccount,m.alder\n",
            {"target_principal": "m.alder"},
            ("account", "m.alder", "user.name", "m.alder"),
        ),
        (SHA256, {"file_hash": SHA256.upper()}, ("sha256", SHA256, "file.hashes", SHA256)),
        (
            "kind,value\nfile_name,quay-updater\n",
            {"file_name": "Quay-Updater"},
            ("file_name", "quay-updater", "file.name", "quay-updater"),
        ),
        (
            "kind,value\nuser_agent,evil/1.0\n",
            {"user_agent": "evil/1.0"},
            ("user_agent", "evil/1.0", "http_request.user_agent", "evil/1.0"),
        ),
    ],
)
def test_where_it_is_seen(indicators: str, columns: Event, expected: tuple[str, ...]) -> None:
    assert sightings([event("e1", "11-15 10:00", **columns)], indicators) == [(*expected, "e1")]


@pytest.mark.parametrize(
    ("indicators", "columns"),
    [
        ("203.0.113.0/29", {"src_ip": "203.0.113.8"}),
        ("203.0.113.5", {"src_ip": "203.0.113.55"}),
        ("evil[.]example", {"dst_host": "notevil.example"}),
        ("evil[.]example", {"dst_host": "evil.example.org"}),
        ("evil[.]example", {"url": "/evil.example/page"}),
        ("kind,value\naccount,alder\n", {"principal": "m.alder"}),
    ],
)
def test_where_it_is_not(indicators: str, columns: Event) -> None:
    assert sightings([event("e1", "11-15 10:00", **columns)], indicators) == []


def test_a_range_of_addresses() -> None:
    events = [flow(f"f{n}", f"11-15 10:0{n}", "192.0.2.1", f"198.51.100.{n}") for n in range(1, 6)]
    assert sightings(events, "kind,value\nrange,198.51.100.2-198.51.100.4\n", "observed") == [
        ("198.51.100.2",),
        ("198.51.100.3",),
        ("198.51.100.4",),
    ]


def test_two_addresses_of_one_record_in_one_network_have_a_total_order() -> None:
    seen = event("e1", "11-15 10:00", src_ip="203.0.113.1", src_ips=["203.0.113.2", "203.0.113.1"])
    assert sightings([seen], "203.0.113.0/29", "observed") == [("203.0.113.1",), ("203.0.113.2",)]


@pytest.mark.parametrize(
    ("when", "valid"),
    [("11-09 23:59:59", False), ("11-10 00:00", True), ("11-20 00:00", True), ("11-20 00:00:01", False)],
)
def test_outside_of_its_validity_it_is_seen_and_counts_for_nothing(when: str, valid: bool) -> None:
    listed = "kind,value,valid_from,valid_until\nip,203.0.113.5,2023-11-10T00:00:00Z,2023-11-20T00:00:00Z\n"
    found = answers(World((view("e1", when, principal="ada", src_ip="203.0.113.5"),), indicators=listed))
    assert found.rows("sightings", "event_uid", "valid") == [("e1", valid)]
    assert bool(found.tables["compromise"]) is valid


def test_two_lists_that_say_the_same_are_one_sighting() -> None:
    seen = view("e1", "11-15 10:00", principal="ada", src_ip="203.0.113.5")
    assert len(sightings([seen], "203.0.113.5\n203.0.113[.]5\n")) == 1


@pytest.mark.parametrize(
    ("columns", "observed"),
    [
        ({"url": "/gate.php?x=1", "dst_host": "Evil.example"}, "/gate.php?x=1"),
        ({"url": "https://EVIL.example:443/gate.php?x=1"}, "https://EVIL.example:443/gate.php?x=1"),
        ({"url": "http://evil.example/gate.php"}, None),
        ({"url": "/gate.php?x=1", "dst_host": "good.example"}, None),
        ({"url": "/GATE.php?x=1", "dst_host": "evil.example"}, None),
    ],
)
def test_a_url_is_its_host_and_what_is_asked_of_it(columns: Event, observed: str | None) -> None:
    found = sightings(
        [view("e1", "11-15 10:00", **columns)], "hxxps://evil[.]example/gate.php?x=1\n", "field", "observed"
    )
    assert found == ([("http_request.url", observed)] if observed else [])


def test_a_file_name_is_seen_at_the_end_of_a_path() -> None:
    listed = "type,indicator\nfilename,Drop.exe\nfilename,op.exe\n"
    seen = [
        view("e1", "11-15 10:00", file_name="backup/2023/DROP.exe"),
        view("e2", "11-15 10:01", file_name="x-drop.exe"),
    ]
    assert sightings(seen, listed, "indicator_value", "event_uid") == [("drop.exe", "e1")]


def test_a_flagged_indicator_is_seen_and_nothing_follows_from_it() -> None:
    found = answers(World((view("e1", "11-15 10:00", principal="ada", src_ip="8.8.8.8"),), indicators="8.8.8.8\n"))
    assert found.rows("sightings", "indicator_value", "caution") == [("8.8.8.8", "a public DNS resolver")]
    assert found.rows("compromised", "kind", "uid") == []


def test_an_indicator_that_is_not_flagged_carries() -> None:
    found = answers(
        World((view("e1", "11-15 10:00", principal="ada", src_ip="203.0.113.8"),), indicators="203.0.113.8\n")
    )
    assert ("address", "203.0.113.8") in found.rows("compromised", "kind", "uid")
