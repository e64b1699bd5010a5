"""From when to when does each source speak, and which silences are holes against its own rhythm?"""

from datetime import datetime, timedelta

from tests.kit import Event, World, answers, at, view

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
    return answers(World(tuple(events))).rows("coverage", *columns)


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


def test_no_evidence_is_no_coverage() -> None:
    assert covered([], "source") == []
