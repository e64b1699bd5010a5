"""Do rules run over the events and the raw records of a case, over JSON lines, and over cases of their own?"""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.kit import World, answers, event, view
from tests.service.harness import access_lines, okta
from tests.service.harness import cloison as run

RULE = """
title: {title}
id: 00000000-0000-4000-8000-{number:012}
level: high
logsource: {{{logsource}}}
detection:
  s: {{{item}}}
  condition: s
"""


def rule(number: int, logsource: str, item: str) -> str:
    """A rule file."""
    return RULE.format(title=f"rule {number}", number=number, logsource=logsource, item=item)


def test_each_rule_has_its_denominator_or_why_it_does_not_run() -> None:
    rules = (
        rule(1, "product: ocsf, category: api_activity", "actor.user.name: ADA"),
        rule(2, "product: ocsf, category: authentication", "actor.user.name: ada"),
        rule(3, "product: ocsf, category: nothing", "actor.user.name: ada"),
        rule(4, "product: ocsf", "no.such.field: ada"),
        rule(5, "product: unheard_of", "a: b"),
        rule(6, "product: ocsf", "raw.a: b"),
    )
    world = World(
        (view("a", "11-15 10:00", principal="ada"), event("b", "11-15 10:01", principal="bob", class_uid=3002)),
        rules=tuple((f"{number}.yml", text) for number, text in enumerate(rules)),
    )
    found = answers(world)
    assert found.rows("rules_run", "title", "runs", "events", "detections") == [
        ("rule 1", True, 1, 1),
        ("rule 2", True, 1, 0),
        ("rule 3", False, 0, 0),
        ("rule 4", False, 0, 0),
        ("rule 5", False, 0, 0),
        ("rule 6", False, 0, 0),
    ]
    assert all(why for (why,) in found.rows("rules_run", "why", runs=False))
    assert found.rows("detections", "title", "event_uid", "principal") == [("rule 1", "a", "ada")]


@pytest.mark.parametrize("number", [1, 39, 40, 41, 100])
def test_rules_that_share_passes_are_told_apart(number: int) -> None:
    rules = tuple((f"{n:03}.yml", rule(n, "product: ocsf", f"resources.uid: OPS-{n}")) for n in range(number))
    world = World(tuple(view(f"e{n}", "11-15 10:00", ticket=f"OPS-{n}") for n in range(number)), rules=rules)
    assert sorted(answers(world).rows("detections", "title", "event_uid")) == sorted(
        (f"rule {n}", f"e{n}") for n in range(number)
    )


def written(folder: Path, files: dict[str, Any]) -> Path:
    """Files of text or bytes below a folder."""
    for name, held in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(held if isinstance(held, bytes) else held.encode())
    return folder


def test_a_case_runs_rules_over_raw_records_and_lines(tmp_path: Path) -> None:
    first, second = okta(1, target=[{"displayName": "One"}, {"displayName": "Two"}]), okta(2, target=None)
    logs = b"".join(json.dumps(one).encode() + b"\n" for one in (first, second))
    evidence = written(tmp_path / "evidence", {"okta.jsonl": logs, "access.log": access_lines(range(12))})
    rules = {
        "arrays.yml": rule(1, "product: okta, service: okta", "TARGET.displayname: two"),
        "raw.yml": rule(2, "product: ocsf, service: okta_system_log", "raw.target: null"),
        "words.yml": rule(3, "product: okta, service: okta", "'|contains': ['00u2']"),
        "lines.yml": rule(4, "category: webserver", "cs-uri-query|endswith: /11, cs-method: get"),
    }
    case = tmp_path / "case"
    done = run(
        "investigate", case, "--evidence", evidence, "--rules", written(tmp_path / "rules", rules), "--json", "-q"
    )
    assert done.code == 0, done.err
    found = run("show", case, "detections", "--json", "-q").json
    assert sorted((one["title"], one["principal"]) for one in found) == [
        ("rule 1", "user1@corp.example"),
        ("rule 2", "user2@corp.example"),
        ("rule 3", "user2@corp.example"),
        ("rule 4", "ada"),
    ]
    again = run("investigate", case, "--json", "-q")
    assert again.code == 0
    assert run("show", case, "detections", "--json", "-q").json == found


def test_rules_run_over_json_lines_without_a_case(tmp_path: Path) -> None:
    lines = '{"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational", "Image": "C:\\\\x.exe"}\n'
    lines += '{"EventID": 3, "Channel": "Microsoft-Windows-Sysmon/Operational", "Image": "C:\\\\x.exe"}\n\n[1]\nnone\n'
    rules = {
        "started.yml": rule(1, "product: windows, category: process_creation", "Image|endswith: '\\X.EXE'"),
        "other.yml": rule(2, "product: linux", "Image: x"),
    }
    written(tmp_path, {"events.jsonl": lines, **{f"rules/{name}": text for name, text in rules.items()}})
    ran = run("rules", "run", tmp_path / "rules", tmp_path / "events.jsonl", "--logsource", "windows", "--json", "-q")
    assert ran.code == 10, ran.err
    assert [one["record"] for one in ran.json["detections"]] == ["events.jsonl:1"]
    assert (ran.json["records"], ran.json["refused"]) == (2, [["events.jsonl", 4], ["events.jsonl", 5]])
    assert [(one["title"], one["runs"]) for one in ran.json["rules_run"]] == [("rule 1", True), ("rule 2", False)]


@pytest.mark.parametrize(("expect", "code"), [(1, 0), (2, 2)])
def test_a_wrong_case_is_told_by_the_exit_code(tmp_path: Path, expect: int, code: int) -> None:
    cases = [{"case": "signs in", "expect": expect, "source": "okta_system_log", "records": [okta(1)]}]
    text = rule(1, "product: ocsf, category: authentication", "status_id: 1")
    written(tmp_path, {"a.yml": text, "a.cases.yml": json.dumps(cases)})
    checked = run("rules", "check", tmp_path)
    assert (checked.code, f"{2 - expect} of 1 case" in checked.out) == (code, True)


def test_a_placeholder_is_filled_from_the_file_beside_the_rules(tmp_path: Path) -> None:
    text = rule(1, "product: okta, service: okta", "actor.alternateId|expand: '%who%'")
    written(tmp_path, {"r/a.yml": text, "r/placeholders.yml": "who: ['user1@*']", "e.jsonl": json.dumps(okta(1))})
    ran = run("rules", "run", tmp_path / "r", tmp_path / "e.jsonl", "--json", "-q")
    assert [one["title"] for one in ran.json["detections"]] == ["rule 1"]
