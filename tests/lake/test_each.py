"""Is every event of a record that tells several a row of its own, accounted for, and led back to that record?"""

import json
from pathlib import Path

import pytest

from cloison.lake.trial import Trial, rows_of
from cloison.sources.catalogue import Catalogue, load

SOURCE = """
name = "pump_log"
title = "Pump log"
vendor = "Harbour"
product = "Pump"
system = "pump"
identity = ["vendor_uid", "event_code"]

[[carrier]]
name = "item"
all = ["pumpId", "at"]
each = "told.acts"

[carrier.map]
time = { from = "at", as = "time" }
vendor_uid = "pumpId"
event_code = "each.name"
principal = { from = "each.by[role=keeper].login", as = "account" }

[[event]]
class = 6003
activity = 99
"""


@pytest.fixture
def pumps(tmp_path: Path) -> Catalogue:
    (tmp_path / "pump_log").mkdir()
    (tmp_path / "pump_log" / "source.toml").write_text(SOURCE)
    return load((tmp_path,))


def item(uid: str, acts: object) -> bytes:
    told = {} if acts is None else {"acts": acts}
    return json.dumps({"pumpId": uid, "at": "2023-11-15T16:28:38Z", "told": told}).encode()


def act(name: str, login: str) -> dict[str, object]:
    return {"name": name, "by": [{"role": "guest", "login": "nobody"}, {"role": "keeper", "login": login}]}


def told(trial: Trial) -> list[tuple[object, ...]]:
    names = ("record_offset", "record_length", "record_part", "event_code", "principal")
    return [tuple(row[name] for name in names) for row in trial.rows]


def test_each_element_is_an_event_of_the_whole_record(pumps: Catalogue) -> None:
    first, second = item("p1", [act("open", "Ada"), act("close", "Bo")]), item("p2", [act("open", "Cy")])
    trial = rows_of(pumps, first + b"\n" + second + b"\n")
    assert told(trial) == [
        (0, len(first), 0, "open", "ada"),
        (0, len(first), 1, "close", "bo"),
        (len(first) + 1, len(second), 0, "open", "cy"),
    ]
    assert trial.received == 3
    assert len({row["event_uid"] for row in trial.rows}) == 3


@pytest.mark.parametrize("acts", [None, [], {}, "close", 7, [[]], [None]])
def test_a_record_without_elements_is_one_event(pumps: Catalogue, acts: object) -> None:
    trial = rows_of(pumps, item("p1", acts))
    assert [row[2:] for row in told(trial)] == [(0, None, None)]
    assert (trial.received, trial.rejects) == (1, [])


def test_an_object_in_the_place_of_the_array_is_its_one_element(pumps: Catalogue) -> None:
    alone, listed = (rows_of(pumps, item("p1", acts)).rows[0] for acts in (act("open", "Ada"), [act("open", "Ada")]))
    assert (alone["event_code"], alone["principal"]) == ("open", "ada")
    assert alone["event_uid"] == listed["event_uid"]


def test_two_elements_that_say_the_same_are_two_events(pumps: Catalogue) -> None:
    trial = rows_of(pumps, item("p1", [act("open", "Ada"), act("open", "Ada")]))
    assert [row["superseded"] for row in trial.rows] == ["", ""]
    assert len({row["event_uid"] for row in trial.rows}) == 2


def test_the_same_record_again_repeats_each_of_its_events(pumps: Catalogue) -> None:
    one = item("p1", [act("open", "Ada"), act("close", "Bo")])
    trial = rows_of(pumps, one + b"\n" + one + b"\n")
    assert [(row["record_part"], row["superseded"]) for row in trial.rows] == [
        (0, ""),
        (1, ""),
        (0, "repeat"),
        (1, "repeat"),
    ]
    assert trial.received == 4


def test_a_record_whose_time_is_missing_is_one_reject(pumps: Catalogue) -> None:
    good = item("p1", [act("open", "Ada"), act("close", "Bo")])
    bad = good.replace(b"2023-11-15T16:28:38Z", b"soon")
    trial = rows_of(pumps, bad + b"\n" + good + b"\n")
    assert [(one.offset, one.length, one.reason) for one in trial.rejects] == [
        (0, len(bad), "its time is missing or not understood")
    ]
    assert [row["event_code"] for row in trial.rows] == ["open", "close"]
    assert trial.received == 3


def test_a_record_of_too_many_events_is_one_reject(pumps: Catalogue) -> None:
    wide, good = item("p1", [{}] * 10_001), item("p2", [{}] * 10_000)
    trial = rows_of(pumps, wide + b"\n" + good + b"\n")
    assert [(one.offset, one.length, one.reason) for one in trial.rejects] == [
        (0, len(wide), "it tells more than 10000 events")
    ]
    assert (len(trial.rows), trial.received) == (10_000, 10_001)
