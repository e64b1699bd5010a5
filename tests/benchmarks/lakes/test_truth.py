"""Does a wrong answer to the planted incident show?"""

from collections import Counter
from pathlib import Path

import duckdb
import pytest
from benchmarks.lakes import ledger
from benchmarks.lakes.truth import compromised, differences, outlived, touched, verdicts

from cloison.hunt.intel import read_indicators
from cloison.scope.answers import TOUCHED
from cloison.service.inputs import read_exposed, read_networks, read_totals


def written(folder: Path, rows: list[str]) -> Path:
    """A folder of parts with a password of `ada` and one of `bo` changed at noon, and these rows beside."""
    parts = folder / "parts"
    parts.mkdir()
    listed = ", ".join(
        [
            "('ada', NULL, TIMESTAMP '2025-03-17 12:00', 1, 'changed', 'ada')",
            "('bo', NULL, TIMESTAMP '2025-03-17 12:00', 1, 'changed', 'bo')",
            *rows,
        ]
    )
    columns = "principal, vendor_session_uid, time, status_id, rotation_effect, rotation_principal"
    rows_sql = f"SELECT 'okta' AS system, * FROM (VALUES {listed}) AS v({columns})"
    duckdb.execute(f"COPY ({rows_sql}) TO '{parts}/a.parquet' (FORMAT parquet)")
    return parts


def used(principal: str, session: str, day: int, hour: int, status: int = 1) -> str:
    return f"('{principal}', '{session}', TIMESTAMP '2025-03-{day} {hour}:00', {status}, NULL, NULL)"


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([used("ada", "s1", 17, 11), used("ada", "s1", 17, 13)], {("okta", "ada")}),
        ([used("ada", "s1", 17, 11, 2), used("ada", "s1", 17, 12), used("ada", "s1", 18, 9)], {("okta", "ada")}),
        ([used("ada", "s1", 17, 11), used("ada", "s2", 17, 13)], set()),
        ([used("ada", "s1", 17, 11), used("ada", "s1", 17, 13, 2)], set()),
        ([used("ada", "s1", 17, 11), used("ada", "s1", 17, 12)], set()),
        ([used("ada", "s1", 14, 23), used("ada", "s1", 17, 13)], set()),
        ([used("cy", "s1", 17, 11), used("cy", "s1", 17, 13)], set()),
        ([used("ada", "s1", 17, 11), used("bo", "s1", 17, 13)], set()),
    ],
    ids=[
        "open at the change and used after it",
        "begun with a refusal",
        "a new session after it",
        "only refused after it",
        "last used at the change",
        "open before the exposure",
        "nobody's password changed",
        "another's session of that name",
    ],
)
def test_a_session_that_works_on_outlives_the_change(rows: list[str], wanted: set[object], tmp_path: Path) -> None:
    assert outlived(written(tmp_path, rows)) == wanted


def test_what_was_planted() -> None:
    counted = Counter((system, kind, action, outcome) for system, kind, _, action, outcome, _ in touched())
    assert counted == {
        ("jira", "ticket", "viewed", "success"): 36,
        ("jira", "ticket", "viewed", "denied"): 6,
        ("jira", "search", "searched", "success"): 6,
        ("jira", "account", "created", "success"): 1,
        ("jira", "group", "modified", "success"): 2,
        ("jira", "app", "modified", "success"): 1,
        ("confluence", "page", "viewed", "success"): 202,
        ("confluence", "page", "viewed", "denied"): 9,
        ("bitbucket", "repository", "viewed", "success"): 120,
        ("bitbucket", "repository", "viewed", "denied"): 6,
        ("bitbucket", "repository", "archived", "success"): 76,
        ("aws", "role", "connected", "success"): 1,
        ("aws", "secret", "viewed", "success"): 2,
        ("aws", "object", "downloaded", "denied"): 1,
        ("network", "host", "connected", "success"): 2,
    }
    assert verdicts(0) == {("proven", 4_310), ("refuted", 23), ("unknown", 667)}
    assert verdicts(33) == {("proven", 4_277), ("refuted", 56), ("unknown", 667)}
    assert len(ledger.leaked("")) == 5_000
    assert len(compromised()) == 11


def test_every_kind_of_difference_is_told(tmp_path: Path) -> None:
    tables = {
        "touched": f"SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in TOUCHED.columns)} WHERE FALSE",
        "compromised": "SELECT 'principal' AS kind, 'jira' AS system, 'innocent' AS uid, 'proven' AS standing, "
        "NULL::VARCHAR AS closed_by",
        "sessions": "SELECT 's1' AS session_uid, 'suspected' AS standing",
        "rotations": "SELECT 'proven' AS verdict, TRUE AS misused, 'okta' AS system, 'somebody' AS principal, "
        "'s9' AS outlived_by",
        "sightings": "SELECT '203.0.113.1' AS indicator_value",
        "account": "SELECT 5 AS received, 3 AS stored, 1 AS duplicate",
    }
    for name, sql in tables.items():
        duckdb.execute(f"COPY ({sql}) TO '{tmp_path}/{name}.parquet' (FORMAT parquet)")
    told = [":".join(line.split(":")[:2]) for line in differences(tmp_path, written(tmp_path, []))]
    assert told == [
        "touched: 471 missing",
        "compromised: 11 missing",
        "compromised: 1 too many",
        "suspected sessions: 1 too many",
        "verdicts: 3 missing",
        "verdicts: 1 too many",
        "outlived: 1 too many",
        "misused: 3 missing",
        "misused: 1 too many",
        "indicators seen: 5 missing",
        "indicators seen: 1 too many",
        "events stored: 1 missing",
        "events stored: 1 too many",
    ]


@pytest.mark.parametrize("name", ["exposed", "indicators", "networks", "totals"])
def test_what_the_responder_gives_is_understood_whole(name: str, tmp_path: Path) -> None:
    data = ledger.write_given(tmp_path, "AKIAEXAMPLE000000001", [f"p{n}" for n in range(300)])[name].read_bytes()
    understood = {
        "exposed": lambda: len({one.exposed_uid for one in read_exposed(data, name, str)}),
        "indicators": lambda: len(read_indicators(data, origin=name).indicators),
        "networks": lambda: len(read_networks(data, name)),
        "totals": lambda: len(read_totals(data, name, str)),
    }
    assert understood[name]() == {"exposed": 5_000, "indicators": 1_000, "networks": 4, "totals": 3}[name]
