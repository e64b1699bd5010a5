"""Do public Sigma rules that no one here wrote still run, and fire on the events that must fire them, as measured?"""

import json
from pathlib import Path

import pytest
from scripts.measure_sigma import fitted, matches

from cloison.hunt.sigma.rules import RuleSet, read_rules
from cloison.service.rule_files import paths_below, text_of

SIGMA = Path(__file__).parents[3] / "shared/corpora/sigma"
pytestmark = [
    pytest.mark.corpora,
    pytest.mark.long,
    pytest.mark.skipif(not SIGMA.is_dir(), reason="the corpora are not here"),
]

MORE = {"file_event_win_anydesk_artefact.yml": 3, "file_event_win_cred_dump_tools_dropped_files.yml": 3}
"""Of five and six recorded events three each are what the rule says by its own words; one is stated."""


def test_as_many_rules_run_as_measured() -> None:
    rules = read_rules([(str(path.relative_to(SIGMA)), text_of(path)) for path in paths_below(SIGMA)])
    found = fitted(rules)
    assert len(found.runs) >= 714
    assert len(found.runs) + len(found.refused) == 979
    assert all(one.why for one in found.refused)


def test_every_rule_fires_on_its_own_events_as_often_as_is_said() -> None:
    rules = read_rules([(path.name, text_of(path)) for path in paths_below(SIGMA / "regression_rules")])
    lines = (SIGMA / "regression_events.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    wrong = []
    for rule in rules.rules:
        mine = [one for one in events if one["expected_rule_id"] == rule.said.uid]
        said = next((count for one in mine for count in one["match_count"] if count is not None), None)
        found = matches(RuleSet((rule,)), [one["event"] for one in mine])
        if not found or found != MORE.get(rule.said.origin, said or found):
            wrong.append((rule.said.origin, found, said))
    assert (len(rules.rules), wrong) == (101, [])
