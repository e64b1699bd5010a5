"""Does each form satisfy those who read it, and does nothing in it run?"""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from case_utils.case_validate import validate
from mitreattack.navlayers import Layer
from pymisp import MISPEvent
from sarif_pydantic import Sarif
from scripts.ocsf_schema import faults
from stix2validator import ValidationOptions, validate_string
from tests.report.exports.invented import HOSTILE, told

from cloison.hunt.intel import read_indicators
from cloison.report.exports import FORMS


def written(form: str) -> bytes:
    return b"".join(FORMS[form](told()))


def holds(form: str) -> Any:
    return json.loads(written(form))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_answers_are_the_same_bytes(form: str) -> None:
    assert written(form) == written(form)


@pytest.mark.parametrize("form", FORMS)
def test_no_byte_moves_a_terminal(form: str) -> None:
    if form != "timesketch-csv":
        assert not any(byte < 0x20 and byte != 0x0A for byte in written(form))


def test_stix_is_valid_and_its_indicators_come_back() -> None:
    found = validate_string(written("stix").decode(), ValidationOptions(version="2.1"))
    assert found.is_valid, found.errors
    back = read_indicators(written("stix"), origin="given.csv")
    assert [(one.kind, one.value, one.valid_from) for one in back.indicators] == [
        (one.kind, one.value, one.valid_from) for one in told().indicators
    ]


def test_stix_says_what_was_seen_and_what_it_led_to() -> None:
    objects = {one["id"]: one for one in holds("stix")["objects"]}
    [sighting] = [one for one in objects.values() if one["type"] == "sighting"]
    assert objects[sighting["sighting_of_ref"]]["pattern"] == "[ipv4-addr:value = '203.0.113.9']"
    assert (sighting["count"], sighting["first_seen"], sighting["last_seen"]) == (
        2,
        "2023-11-15T16:28:38.000000Z",
        "2023-11-15T16:30:00.000000Z",
    )
    [data] = [one for one in objects.values() if one["type"] == "observed-data"]
    assert [objects[one]["value"] for one in data["object_refs"]] == ["203.0.113.9"]
    reached = {
        objects[one["target_ref"]].get("value", objects[one["target_ref"]].get("account_login")): one["description"]
        for one in objects.values()
        if one["type"] == "relationship" and one["target_ref"].startswith(("ipv4-addr", "user-account"))
    }
    assert reached == {"192.0.2.130": f"suspected: {HOSTILE}", HOSTILE: f"proven: {HOSTILE}"}


def test_an_address_has_the_id_that_stix_gives_it() -> None:
    """The id that OASIS's own library gives to 203.0.113.9."""
    [found] = [one for one in holds("stix")["objects"] if one.get("value") == "203.0.113.9"]
    assert found["id"] == "ipv4-addr--39090fdc-366e-571f-ab5b-d05e2918f88f"


def test_misp_reads_it_and_what_is_compromised_is_not_looked_for(tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_bytes(written("misp"))
    event = MISPEvent()
    event.load_file(str(path))
    assert [(one.type, one.to_ids, len(one.sightings)) for one in event.attributes] == [
        ("ip-dst", True, 2),
        ("domain", True, 0),
        ("ip-dst", True, 0),
        ("target-user", False, 0),
        ("ip-src", False, 0),
        ("text", False, 0),
    ]
    back = read_indicators(written("misp"), origin="given.csv")
    assert [(one.kind, one.value) for one in back.indicators] == [(one.kind, one.value) for one in told().indicators]


def test_navigator_reads_the_layer() -> None:
    layer = Layer()
    layer.from_str(written("navigator").decode())
    assert [(one.techniqueID, one.score) for one in layer.layer.techniques] == [
        ("T1071", 1),
        ("T1078", 2),
        ("T1098.003", 1),
        ("T1550.004", 1),
    ]
    assert layer.layer.techniques[2].comment == "rule another (low): 7 detections"


def test_timesketch_has_what_its_importer_demands() -> None:
    [line] = written("timesketch").splitlines()
    assert json.loads(line) == {
        "message": HOSTILE,
        "datetime": "2023-11-15T16:28:38.000000Z",
        "timestamp_desc": "Event Logged",
        "data_type": "cloison:timeline",
        "system": "jira",
        "principal": HOSTILE,
        "standing": "proven",
        "event_uid": "e1",
        "tag": ["proven"],
    }


def test_no_cell_is_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(written("timesketch-csv").decode())))
    assert [row["message"] for row in rows] == ["'" + HOSTILE]
    assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for value in row.values())


def test_ocsf_findings_are_valid() -> None:
    events = [json.loads(line) for line in written("ocsf").splitlines()]
    assert [event["class_uid"] for event in events] == [2004, 2004, 2004, 2004, 2005]
    assert [found for event in events for found in faults(event)] == []
    assert [(event["severity"], event["status"]) for event in events[:2]] == [("High", "New"), ("Medium", "Resolved")]


@pytest.mark.long
def test_case_uco_conforms(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(written("case-uco"))
    found = validate(str(path))
    assert found.conforms, found.text
    kinds = [one["@type"] for one in holds("case-uco")["@graph"]]
    assert kinds.count("uco-observable:File") == 1
    assert kinds.count("uco-observable:ObservableRelationship") == 4


def test_sarif_places_each_finding_in_its_bytes() -> None:
    read = Sarif.model_validate_json(written("sarif"))
    [run] = read.runs
    assert [(one.rule_id, one.level.value if one.level else None) for one in run.results or []] == [
        ("sighting-ip", "warning"),
        ("sighting-ip", "note"),
        ("record-not-read", "note"),
    ]
    [place] = holds("sarif")["runs"][0]["results"][0]["locations"]
    assert place["physicalLocation"]["region"] == {"byteOffset": 17, "byteLength": 120}
    assert place["physicalLocation"]["artifactLocation"]["uri"].isascii()
