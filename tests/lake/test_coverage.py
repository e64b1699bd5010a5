"""From when to when does each source speak, and which silences are holes against its own rhythm?"""

from datetime import datetime, timedelta

from tests.kit import Event, World, answers, at, event, view

MONDAY = at("11-06 00:00")


def ticking(hours: range, per_hour: int, but: range = range(0)) -> list[Event]:
    """`per_hour` events in every hour after a Monday's midnight, save those of `but`."""
    return [
        view(f"{hour:03}-{n}", MONDAY + timedelta(hours=hour, minutes=n), principal="robot")
        for hour in hours
        if hour not in but
        for n in range(per_hour)
    ]


def covered(events: list[Event], *columns: str) -> list[tuple[object, ...]]:
    return answers(World(tuple(events)), "coverage").rows("coverage", *columns)


def test_the_span_of_each_source_and_system() -> None:
    events = [
        view("e1", "11-01 10:00"),
        view("e2", "11-03 10:00"),
        view("e3", "11-02 10:00", source="wiki", system="confluence"),
    ]
    assert covered(events, "source", "system", "first_at", "last_at", "events", "gaps") == [
        ("jira_access", "jira", at("11-01 10:00"), at("11-03 10:00"), 2, []),
        ("wiki", "confluence", at("11-02 10:00"), at("11-02 10:00"), 1, []),
    ]


def test_a_steady_source_that_falls_silent_has_a_hole() -> None:
    events = ticking(range(5 * 24), 6, but=range(58, 61))
    assert covered(events, "gaps") == [(["2023-11-08T10:00Z/2023-11-08T13:00Z"],)]


def test_twelve_events_due_are_a_hole_and_fewer_are_chance() -> None:
    assert covered(ticking(range(5 * 24), 6, but=range(58, 60)), "gaps") == [(["2023-11-08T10:00Z/2023-11-08T12:00Z"],)]
    assert covered(ticking(range(5 * 24), 11, but=range(58, 59)), "gaps") == [([],)]


def test_two_holes_are_two() -> None:
    events = [
        one for one in ticking(range(5 * 24), 12, but=range(58, 59)) if not str(one["event_uid"]).startswith("080-")
    ]
    assert covered(events, "gaps") == [
        (["2023-11-08T10:00Z/2023-11-08T11:00Z", "2023-11-09T08:00Z/2023-11-09T09:00Z"],)
    ]


def test_nights_and_weekends_that_are_always_silent_are_no_holes() -> None:
    office = [
        one
        for one in ticking(range(14 * 24), 6)
        if isinstance(when := one["time"], datetime) and 8 <= when.hour < 18 and when.weekday() < 5
    ]
    assert covered(office, "gaps") == [([],)]


def test_a_weekday_morning_that_is_missing_is_a_hole() -> None:
    office = [
        one
        for one in ticking(range(14 * 24), 6)
        if isinstance(when := one["time"], datetime) and 8 <= when.hour < 18 and when.weekday() < 5
        and not (when.day == 15 and when.hour < 11)
    ]  # fmt: skip
    assert covered(office, "gaps") == [(["2023-11-14T18:00Z/2023-11-15T11:00Z"],)]


def dealt(events: list[Event], hours: int) -> list[Event]:
    """The same records in a file for every so many hours."""
    begin = [(one, one["time"]) for one in events]
    return [
        {**one, "evidence_uid": f"f{(when - MONDAY) // timedelta(hours=hours)}"}
        for one, when in begin
        if isinstance(when, datetime)
    ]


def test_a_day_whose_file_is_missing_is_a_hole_though_little_was_due() -> None:
    events = dealt(ticking(range(0, 10 * 24, 2), 1, but=range(48, 72)), 24)
    assert covered(events, "files", "gaps") == [(9, ["2023-11-07T22:00Z/2023-11-09T00:00Z"])]


def test_a_night_between_the_files_of_two_days_is_none() -> None:
    office = [one for one in ticking(range(10 * 24), 1) if isinstance(t := one["time"], datetime) and 6 <= t.hour < 20]
    assert covered(dealt(office, 24), "tolerated_minutes", "gaps") == [(1440, [])]


def test_files_of_no_regular_length_are_as_silent_between_as_inside() -> None:
    events = dealt(ticking(range(0, 5 * 24, 2), 1, but=range(60, 64)), 30)
    assert covered(events, "tolerated_minutes", "gaps") == [(120, ["2023-11-08T10:00Z/2023-11-08T16:00Z"])]


def test_a_log_with_one_file_is_taken_to_be_whole_where_nothing_was_due() -> None:
    events = [view("e1", "11-06 00:00"), view("e2", "11-20 00:00")]
    assert covered(events, "files", "gaps") == [(1, [])]


def test_what_the_vendor_declares() -> None:
    events = [view("e1", "11-06 10:00"), view("e2", "11-07 10:00")]
    columns = ("settled_until", "retention_days", "fetchable_until")
    assert covered(events, *columns) == [(at("11-07 09:40"), 30, at("12-06 00:00"))]
    assert covered([view("e1", "11-06 10:00", source="wiki")], *columns) == [(at("11-06 09:45"), None, None)]


def test_what_came_after_later_hours_had_been_taken_is_late() -> None:
    events = [
        view("e1", "11-06 10:00"),
        view("e2", "11-06 11:00", evidence_uid="m2"),
        view("e3", "11-06 09:00", evidence_uid="m2"),
        view("e4", "11-06 09:30", evidence_uid="m3"),
    ]
    taken = {"m1": at("11-07 09:00"), "m2": at("11-08 09:00"), "m3": at("11-07 09:30")}
    world = World(tuple(events), taken=taken)
    assert answers(world, "coverage").rows("coverage", "late") == [(1,)]


def test_changes_of_the_logging_level_are_told() -> None:
    turned = {"class_uid": 1008, "activity_id": 99, "source": "audit", "event_code": "level.changed"}
    events = [
        event("e1", "11-06 10:00", resource_uid="security : FULL", **turned),
        event("e2", "11-07 10:00", resource_uid="END_USER_ACTIVITY : base", **turned),
        event("e3", "11-08 10:00", resource_uid="what is this", **turned),
    ]
    assert covered(events, "levels") == [
        (["2023-11-06T10:00Z security : full", "2023-11-07T10:00Z end user activity : base"],)
    ]


def test_no_evidence_is_no_coverage() -> None:
    assert covered([], "source") == []
