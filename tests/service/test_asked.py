"""Does the command line keep what it was given, and explain what it shows?"""

import json
from pathlib import Path

from tests.service.harness import alone, cloison, okta, shown

BITBUCKET = (
    "198.51.100.23 | https | o@1BVKQ2Zx131x90212x1 | ada | 2025-07-04 02:11:05,244 | "
    '"GET /projects/PAY/repos/ledger/browse HTTP/1.1" | "" "curl/8" | 200 | 0 | 5120 | - | 84 | 1x9k2c | \n'
)
OWN_SOURCE = """
name = "ferry_gate"
title = "Ferry gate"
vendor = "Ferry"
product = "Gate"
system = "gate"

[[carrier]]
name = "line"
kind = "lines"
pattern = '^GATE (?P<at>\\S+) (?P<who>\\S+) (?P<from>\\S+)$'

[carrier.map]
time = { from = "at", as = "time" }
principal = { from = "who", as = "account" }
src_ip = { from = "from", as = "ip" }

[[event]]
class = 3002
activity = 1
status = "success"
"""


def rows(case: Path, table: str) -> list[dict[str, object]]:
    return shown(case, table)


def test_other_columns_of_the_ledger_are_kept_but_no_secret(tmp_path: Path) -> None:
    (tmp_path / "exposed.csv").write_text(
        "platform;credential id;owner;leaked_at;ticket;value\n"
        f"Okta;00T0000000000000001;ada;2025-01-02T03:04:05Z;SEC-7;ghp_{'x' * 36}\n"
    )
    cloison("investigate", tmp_path / "case", "--exposed", tmp_path / "exposed.csv", "--quiet")
    (row,) = rows(tmp_path / "case", "rotations")
    assert (row["system"], row["credential_uid"], row["principal"]) == ("okta", "00T0000000000000001", "ada")
    assert row["exposed_at"] == "2025-01-02T03:04:05Z"
    assert row["verdict"] == "unknown"
    kept = json.loads(str(row["more"]))
    assert kept["ticket"] == "SEC-7"
    assert kept["value"].startswith("ghp_…xxxx sha256:")


def test_a_zone_is_given_to_what_states_none(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(BITBUCKET)
    case = tmp_path / "case"
    cloison("investigate", case, "--evidence", tmp_path / "access.log", "--quiet")
    assert rows(case, "coverage")[0]["first_at"] == "2025-07-04T02:11:05.244Z"
    cloison("investigate", case, "--zone", "Europe/Paris", "--quiet")
    assert rows(case, "coverage")[0]["first_at"] == "2025-07-04T00:11:05.244Z"


def test_links_are_not_followed_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "outside.jsonl").write_text(json.dumps(okta(1)) + "\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "okta.jsonl").write_text(json.dumps(okta(2)) + "\n")
    (tmp_path / "in" / "link.jsonl").symlink_to(tmp_path / "outside.jsonl")
    ran = cloison("take", tmp_path / "case", tmp_path / "in")
    assert "1 symbolic links were not followed" in ran.err
    assert [row["evidence"] for row in rows(tmp_path / "case", "account")] == ["in/okta.jsonl"]


def test_a_source_of_the_case_is_used_on_evidence_taken_before(tmp_path: Path) -> None:
    (tmp_path / "gate.log").write_text(
        "GATE 2025-03-04T02:11:05Z Ada 192.0.2.7\nGATE 2025-03-04T02:12:05Z Bo 192.0.2.8\n"
    )
    case = tmp_path / "case"
    cloison("take", case, tmp_path / "gate.log", "--quiet")
    assert [(row["stored"], row["unrecognised"]) for row in rows(case, "account")] == [(0, 2)]
    (case / "sources" / "ferry_gate").mkdir(parents=True)
    (case / "sources" / "ferry_gate" / "source.toml").write_text(OWN_SOURCE)
    assert [(row["source"], row["stored"]) for row in rows(case, "account")] == [("ferry_gate", 2)]
    assert [row["principal"] for row in rows(case, "sessions")] == ["ada", "bo"]


def test_a_reject_a_source_and_a_count_are_explained(tmp_path: Path) -> None:
    (tmp_path / "okta.jsonl").write_text(json.dumps(okta(1)) + "\nbroken {\n" + json.dumps(okta(2)) + "\n")
    case = tmp_path / "case"
    cloison("take", case, tmp_path / "okta.jsonl", "--quiet")
    (reject,) = rows(case, "rejects")
    told = cloison("explain", case, f"okta.jsonl:{reject['offset']}", "--json", "--quiet").json
    assert [record["raw"] for record in told["records"]] == ["broken {"]
    ends = cloison("explain", case, "okta_system_log", "--json", "--quiet").json
    assert [json.loads(record["raw"])["uuid"] for record in ends["records"]] == ["0b5e-000001", "0b5e-000002"]
    assert {row["table"] for row in ends["rows"]} == {"account", "coverage"}
    assert cloison("explain", case, "nothing-of-the-kind", "--quiet").code == 2


def test_a_pipe_gets_whole_cells(tmp_path: Path) -> None:
    (tmp_path / "okta.jsonl").write_text(json.dumps(okta(1)) + "\n")
    cloison("take", tmp_path / "case", tmp_path / "okta.jsonl", "--quiet")
    ran, _ = alone("show", tmp_path / "case", "coverage", "--quiet")
    out = ran.out.splitlines()
    assert out[0].split("\t")[:6] == ["source", "system", "first_at", "last_at", "events", "gaps"]
    assert out[1].split("\t")[:5] == [
        "okta_system_log",
        "okta",
        "2025-03-04T00:00:01.5Z",
        "2025-03-04T00:00:01.5Z",
        "1",
    ]
