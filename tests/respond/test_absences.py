"""Is what the intruder did not do said only of hours in which a log would have shown it, and out of how many events?"""

from datetime import timedelta

from tests.kit import FLOW, Event, World, answers, at, event, exposed, view

LEDGER = "jira,service_token,T1,robot,2023-11-02\n"
SHOWN = ("verdict", "seen", "events", "gaps", "covered_by")

WATCH: Event = {"principal": "watch", "src_ip": "192.0.2.7"}


def ticking(*but: int, first: str = "11-01 00:00", hours: int = 240) -> list[Event]:
    """A view every hour by somebody else, in files of a day, save in the hours that are left out."""
    begin = at(first)
    return [
        view(f"t{hour:03}", begin + timedelta(hours=hour), evidence_uid=f"d{hour // 24}", **WATCH)
        for hour in range(hours)
        if hour not in but
    ]  # fmt: skip


def reads(*events: Event, indicators: str = "", **columns: object) -> tuple[object, ...]:
    world = World(events, exposed(LEDGER), indicators)
    (row,) = answers(world, "absences").rows("absences", *SHOWN, system="jira", access="reads")
    return row


def test_none_of_the_reads_is_the_intruders() -> None:
    assert reads(*ticking()) == ("proven", 0, 216, [], "jira_access")


def test_what_was_seen_is_counted_of_all_and_leads_to_its_event() -> None:
    mine = [view(f"m{n}", f"11-05 10:0{n}", principal="robot", src_ip="203.0.113.5") for n in range(3)]
    world = World((*ticking(), *mine), exposed(LEDGER), "203.0.113.5")
    found = answers(world, "absences").rows(
        "absences", "verdict", "seen", "events", "event_uid", "why", system="jira", access="reads"
    )
    assert found == [("refuted", 3, 219, "m0", "3 of 219 events are the intruder's")]


def test_a_day_that_is_missing_is_no_absence() -> None:
    assert reads(*ticking(*range(96, 120))) == (
        "unknown",
        0,
        192,
        ["jira_access 2023-11-04T23:00Z/2023-11-06T00:00Z"],
        None,
    )


def test_a_log_that_begins_after_the_exposure_is_no_absence() -> None:
    gap = ["jira_access 2023-11-02T00:00Z/2023-11-03T00:00Z"]
    assert reads(*ticking(first="11-03 00:00")) == ("unknown", 0, 240, gap, None)


def test_a_log_that_ends_before_the_others_is_no_absence() -> None:
    later = event("z", "11-12 00:00", source="audit", principal="ada")
    gap = ["jira_access 2023-11-10T23:00Z/2023-11-12T00:00Z"]
    assert reads(*ticking(), later) == ("unknown", 0, 216, gap, None)


def test_a_system_whose_log_is_not_there_is_unknown_and_the_log_is_named() -> None:
    world = World((event("z", "11-12 00:00", source="audit", system="other", principal="ada"),), exposed(LEDGER))
    found = answers(world, "absences").rows(
        "absences", "verdict", "seen", "events", "why", system="jira", access="exports"
    )
    assert found == [
        ("unknown", 0, 0, "0 of 0 events: no log that shows it is in the case; jira_access would")
    ]  # fmt: skip


def test_what_is_suspected_is_no_absence() -> None:
    """A person who roams, with the exposed credential from a new place: it could be the owner."""
    mine = view("m1", "11-05 10:00", principal="robot", credential_uid="T1", src_ip="198.51.100.9")
    world = World((*ticking(), mine), exposed(LEDGER))
    found = answers(world, "absences").rows("absences", "verdict", "seen", "suspected", system="jira", access="reads")
    assert found == [("unknown", 0, 1)]


def test_the_covered_hours_are_those_since_the_exposure_less_the_holes() -> None:
    world = World(tuple(ticking(*range(96, 120))), exposed(LEDGER))
    assert answers(world, "absences").rows("absences", "covered_hours", system="jira", access="reads") == [(190,)]
    whole = World(tuple(ticking()), exposed(LEDGER))
    assert answers(whole, "absences").rows("absences", "covered_hours", system="jira", access="reads") == [(215,)]


def levels(*told: tuple[str, str]) -> tuple[object, ...]:
    """What is said of logins, where the issuer's log told these levels; it writes them at full only."""
    turned = {"class_uid": 1008, "activity_id": 99, "source": "audit", "event_code": "level.changed"}
    changes = [event(f"l{when}", when, resource_uid=f"security : {level}", **turned) for when, level in told]
    ends = [event(f"a{when}", when, source="audit", principal="ada") for when in ("11-01 00:00", "11-10 00:00")]
    world = World((*changes, *ends), exposed(LEDGER))
    (row,) = answers(world, "absences").rows(
        "absences", "verdict", "gaps", "covered_hours", system="jira", access="logins"
    )
    return row


def test_what_is_not_written_at_its_level_is_no_absence() -> None:
    low = ["audit writes it only from level full of security on, and was at base"]
    assert levels() == ("unknown", low, 0)
    assert levels(("11-01 12:00", "full")) == ("proven", [], 192)
    assert levels(("11-03 12:00", "full")) == ("unknown", low, 0)
    assert levels(("11-01 12:00", "full"), ("11-05 12:00", "base"), ("11-06 12:00", "full")) == ("unknown", low, 0)


def test_what_a_gateway_calls_connected_is_egress() -> None:
    said: Event = {"source": FLOW, "system": "gateway", "class_uid": 4002, "activity_id": 3}
    told = [
        event("g1", "11-05 10:00", src_ip="192.0.2.7", dst_host="a.example", action="connected", **said),
        event("g2", "11-05 10:01", src_ip="192.0.2.7", dst_host="b.example", **said),
        event("g3", "11-05 10:02", src_ip="192.0.2.7", dst_host="c.example", action="viewed", **said),
    ]
    found = answers(World(tuple(told), exposed(LEDGER)), "absences").rows(
        "absences", "events", system="gateway", access="egress"
    )
    assert found == [(2,)]
