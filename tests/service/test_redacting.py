"""Does a preview say what a copy then hides, rule by rule, and is a rule that hides nothing seen?"""

import json
import shutil
from pathlib import Path

import pytest
from tests.lake.seal.kit import sealed, small_case
from tests.service.harness import cloison

from cloison.errors import InputError
from cloison.service.case import Case, open_case
from cloison.service.redacting import PRESETS, Hidden, Hide, as_file, preview, rules_of
from cloison.service.sealed_tables import columns
from cloison.sources.catalogue import SHIPPED

ASKED = Hide(["sessions.client", "custody/evidence.origin"], ["198.51.100.7", "no such value"], ["user3@corp.example"])


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return open_case(small_case(tmp_path_factory.mktemp("case")))


def test_the_preview_is_what_the_command_line_hides_by_the_same_rules(case: Case, tmp_path: Path) -> None:
    seen = preview(case, ASKED)
    (tmp_path / "rules.toml").write_bytes(as_file(ASKED))
    ran = cloison("verify", sealed(case.folder, tmp_path / "a.seal", "--redact", tmp_path / "rules.toml"), "--json")
    hidden = {name: Hidden(**one) for name, one in json.loads(ran.out)["hidden"].items()}
    assert {name: one for name, one in seen.tables.items() if one.cells} == hidden
    assert seen.whole.cells == sum(one.cells for one in hidden.values()) > 0
    assert set(seen.tables) > set(hidden)


def test_each_rule_is_counted_by_itself_with_its_whole(case: Case) -> None:
    seen = preview(case, ASKED)
    assert [(one.kind, one.text) for one in seen.rules] == [
        ("column", "sessions.client"),
        ("column", "custody/evidence.origin"),
        ("value", "198.51.100.7"),
        ("value", "no such value"),
        ("principal", "user3@corp.example"),
    ]
    assert [one.whole.cells > 0 for one in seen.rules] == [True, True, True, False, True]
    assert dict(seen.rules[1].tables) == {"custody/evidence": Hidden(2, 2, 2, 16)}
    assert seen.rules[3].tables == {}
    assert {(one.whole.of_rows, one.whole.of_cells) for one in seen.rules} == {
        (seen.whole.of_rows, seen.whole.of_cells)
    }


def test_without_rules_nothing_is_hidden(case: Case) -> None:
    seen = preview(case, Hide())
    assert (seen.whole.cells, seen.whole.rows, seen.rules) == (0, 0, ())
    assert seen.whole.of_cells > 0
    assert rules_of(Hide()) is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Hide(["sessions.clinet"]), "no column 'sessions.clinet' .*did you mean 'client'"),
        (Hide(["nowhere.client"]), "no table 'nowhere'"),
        (Hide(values=["ab"]), "shorter than three characters"),
        (Hide(values=["x" * 1_001]), "too long"),
        (Hide(values=["abc\0"]), "too long, or no text"),
        (Hide(values=[f"value {number}" for number in range(101)]), "101 rules"),
    ],
)
def test_rules_that_cannot_be_understood_are_told(case: Case, asked: Hide, said: str) -> None:
    with pytest.raises(InputError, match=said):
        preview(case, asked)


def test_hostile_texts_are_texts(case: Case) -> None:
    seen = preview(case, Hide(values=["'; DROP TABLE t; --", 'a" = "b', "\\u0027", "]]\n[[hide]]"]))
    assert [one.whole.cells for one in seen.rules] == [0, 0, 0, 0]


def test_what_stands_where_nothing_can_be_hidden_is_told_before_it_is_sealed(case: Case, tmp_path: Path) -> None:
    own = Case(Path(shutil.copytree(case.folder, tmp_path / "case")))
    shutil.copytree(SHIPPED / "okta_system_log", own.folder / "sources" / "okta_system_log")
    with pytest.raises(InputError, match=r"sources/own/okta_system_log/source\.toml: what is to be hidden stands in"):
        preview(own, Hide(values=["eventType"]))


@pytest.mark.parametrize("name", list(PRESETS))
def test_the_columns_that_are_offered_together_are_there(name: str) -> None:
    assert rules_of(Hide(list(PRESETS[name]))) is not None
    assert "results/sessions" in columns()
