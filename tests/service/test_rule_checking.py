"""What does `rules check` say of files that rest on each other?"""

from pathlib import Path

from cloison.service.rule_checking import check_rules, checked_lines, checked_total
from cloison.sources.catalogue import shipped

BASE = """
title: Sign-in
id: 1c7b5c1e-9a0e-4d43-8d3f-2b8f2f6a7d01
name: sign_in
logsource: {product: okta, service: okta}
detection: {s: {eventType: user.session.start}, condition: s}
"""
TWICE = """
title: Twice
id: 1c7b5c1e-9a0e-4d43-8d3f-2b8f2f6a7d02
name: twice
correlation: {type: event_count, rules: sign_in, timespan: 1m, condition: {gte: 2}}
"""
TWICE_AGAIN = """
title: Twice, and that twice
id: 1c7b5c1e-9a0e-4d43-8d3f-2b8f2f6a7d03
correlation: {type: event_count, rules: twice, timespan: 1h, condition: {gte: 2}}
"""
CASES = """
- case: two, and two
  expect: %s
  source: okta_system_log
  records: [%s]
"""


def records(*minutes: str) -> str:
    record = """{uuid: u%s, published: "2025-03-04T09:%s.000Z", eventType: user.session.start, displayMessage: x,
      outcome: {result: SUCCESS}, actor: {id: a, type: User, alternateId: a@corp.example}, client: {}, target: null}"""
    return ", ".join(record % (at.replace(":", ""), at) for at in minutes)


def test_a_correlation_refers_to_rules_of_other_files(tmp_path: Path) -> None:
    for name, text in (("base", BASE), ("inner", TWICE), ("outer", TWICE_AGAIN)):
        (tmp_path / f"{name}.yml").write_text(text)
    seen = records("00:00", "00:10", "30:00", "30:10")
    for name, expect in (("base", 4), ("inner", 2), ("outer", 1)):
        (tmp_path / f"{name}.cases.yml").write_text(CASES % (expect, seen))
    checked = list(check_rules(tmp_path, shipped()))
    assert [(Path(one.path).stem, [rule.title for rule in one.rules if rule.runs]) for one in checked] == [
        ("base", ["Sign-in"]),
        ("inner", ["Twice"]),
        ("outer", ["Twice, and that twice"]),
    ]
    assert [(tried.found, tried.fault) for one in checked for tried in one.cases] == [(4, ""), (2, ""), (1, "")]
    assert checked_total(checked) == "3 of 3 rules run, 3 of 3 cases right"


def test_a_correlation_by_itself_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "inner.yml").write_text(TWICE)
    (checked,) = check_rules(tmp_path, shipped())
    assert [rule.why for rule in checked.rules] == [
        "it refers to sign_in, which is not one among the rules, or refers back to it"
    ]


LEAVE_OUT = """
title: Not the robot
id: 1c7b5c1e-9a0e-4d43-8d3f-2b8f2f6a7d04
logsource: {product: okta, service: okta}
filter:
  rules: [1c7b5c1e-9a0e-4d43-8d3f-2b8f2f6a7d01]
  robot: {actor.alternateId: robot@corp.example}
  condition: not robot
"""


def test_a_filter_says_how_many_rules_it_takes_away_from_and_these_say_so_too(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text(BASE)
    (tmp_path / "filter.yml").write_text(LEAVE_OUT)
    checked = list(check_rules(tmp_path, shipped()))
    assert [line.partition(": ")[2] for one in checked for line in checked_lines(one)] == [
        "Sign-in: runs, but less what the filter Not the robot takes out",
        "Not the robot: a filter: it takes away from 1 rule",
    ]
    assert checked_total(checked) == "1 of 1 rule run, 1 filter at work, 0 of 0 cases right"
