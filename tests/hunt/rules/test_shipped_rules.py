"""Is every rule that ships one that runs, is described, and finds in its cases what it must and nothing else?"""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from cloison.hunt.sigma.rules import read_rules
from cloison.service.rule_cases import cases_beside
from cloison.service.rule_checking import check_rules
from cloison.service.rule_files import SHIPPED_RULES, paths_below, text_of
from cloison.sources.catalogue import shipped

FILES = list(paths_below(SHIPPED_RULES)) if SHIPPED_RULES.is_dir() else []
LEVELS = {"informational", "low", "medium", "high", "critical"}


def documents(path: Path) -> list[dict[str, object]]:
    return [one for one in yaml.safe_load_all(text_of(path)) if one]


def test_ids_are_told_apart() -> None:
    ids = Counter(str(one.get("id")) for path in FILES for one in documents(path))
    assert [uid for uid, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SHIPPED_RULES)))
def test_a_rule_says_what_it_is(path: Path) -> None:
    for one in documents(path):
        assert {"title", "id", "description", "level", "falsepositives", "tags"} <= set(one), one.get("title")
        assert one["level"] in LEVELS
        assert one["description"]
        assert one["falsepositives"]
        tags = one["tags"]
        assert isinstance(tags, list)
        assert any(re.fullmatch(r"attack\.t\d{4}(\.\d{3})?", str(tag)) for tag in tags), one["title"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SHIPPED_RULES)))
def test_a_rule_runs_and_its_cases_are_right(path: Path) -> None:
    cases = cases_beside(path)
    assert any(case.expect > 0 for case in cases)
    assert any(case.expect == 0 for case in cases)
    (checked,) = check_rules(path, shipped())
    assert [rule.why for rule in checked.rules if not rule.runs or rule.why] == []
    assert [(tried.case.case, tried.found, tried.fault) for tried in checked.cases if not tried.right] == []


def test_no_rule_is_left_unread() -> None:
    read = read_rules([(path.name, text_of(path)) for path in FILES])
    assert [(one.said.origin, one.why) for one in read.refused] == []
