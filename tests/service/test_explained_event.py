"""Does `explain --json` give each raw record also as a valid OCSF event, and go on where a class has no such form?"""

import json
from pathlib import Path

import duckdb
from scripts.ocsf_schema import faults
from tests.service.harness import cloison, okta_lines, taken

OWN_SOURCE = """
name = "agent_log"
title = "Invented agent"
vendor = "Invented"
product = "Agent"
system = "agent"
[[carrier]]
name = "line"
all = ["agentKey", "agentTime"]
[carrier.map]
time = { from = "agentTime", as = "time" }
principal = "agentKey"
[[event]]
class = 1002
activity = 1
"""


def test_a_record_is_given_as_an_ocsf_event(tmp_path: Path) -> None:
    (tmp_path / "okta.json").write_bytes(okta_lines(range(1, 2)))
    taken(tmp_path / "case", tmp_path / "okta.json")
    uid = _uids(tmp_path / "case")[0]
    (record,) = cloison("explain", tmp_path / "case", uid, "--json", "-q").json["records"]
    assert faults(record["ocsf"]) == []
    assert record["ocsf"]["type_uid"] == 300_201
    assert record["ocsf"]["time"] == 1_741_046_401_500
    assert record["ocsf"]["metadata"]["product"] == {"name": "Okta", "vendor_name": "Okta"}
    assert json.loads(record["ocsf"]["raw_data"])["uuid"] == "0b5e-000001"


def test_a_class_without_ocsf_form_is_explained_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text('{"agentKey":"ada","agentTime":"2025-03-04T00:00:00Z"}\n')
    (tmp_path / "first.json").write_bytes(okta_lines(range(1, 2)))
    taken(tmp_path / "case", tmp_path / "first.json")
    own = tmp_path / "case/sources/agent_log"
    own.mkdir(parents=True)
    (own / "source.toml").write_text(OWN_SOURCE)
    taken(tmp_path / "case", tmp_path / "log.json")
    cloison("show", tmp_path / "case", "account", "-q")  # a source has come: the lake is read anew
    found = [cloison("explain", tmp_path / "case", uid, "--json", "-q").json for uid in _uids(tmp_path / "case")]
    told = {one["records"][0]["event"]["source"]: one["records"][0]["ocsf"] is None for one in found}
    assert told == {"okta_system_log": False, "agent_log": True}


def _uids(case: Path) -> list[str]:
    parts = [str(path) for path in (case / "lake").glob("*.parquet")]
    return [uid for (uid,) in duckdb.execute("SELECT event_uid FROM read_parquet(?)", [parts]).fetchall()]
