"""Are the bars as wide as what they stand for, and is what is there never invisible?"""

import re

from tests.report.scene import COVERAGE, REACH

from cloison.report.bars import coverage_strips, ledger_bar, scope_bar
from cloison.report.dossier import Ledger, Reach
from cloison.report.words import Voice


def widths(drawn: str) -> dict[str, float]:
    found = re.findall(r'class="(?:part )?(\w+)"[^>]*? width="([\d.]+)"', drawn)
    return {name: float(width) for name, width in found}


def test_a_scope_bar_is_linear() -> None:
    assert widths(scope_bar(Reach("bitbucket", "repository", 60, 50, 20, 60, 100))) == {
        "track": 1000,
        "most": 600,
        "read": 500,
        "taken": 200,
    }


def test_a_small_share_is_still_seen() -> None:
    assert widths(scope_bar(REACH[2]))["read"] == 2.0


def test_more_than_the_whole_stays_in_the_bar() -> None:
    assert widths(scope_bar(Reach("jira", "ticket", 9, 9, 0, 9, 3)))["read"] == 1000


def test_no_bar_without_a_whole() -> None:
    assert scope_bar(REACH[3]) == ""
    assert ledger_bar(Ledger(0, 0, 0, 0, ())) == ""
    assert coverage_strips((), Voice()) == ""


def test_the_ledger_is_drawn_side_by_side() -> None:
    drawn = ledger_bar(Ledger(70, 10, 20, 4, ()))
    assert widths(drawn) == {"refuted": 100, "unknown": 200, "proven": 700}
    assert re.findall(r' x="([\d.]+)"', drawn) == ["0", "100", "300"]


def test_each_source_has_a_strip_and_each_hole_a_cut() -> None:
    drawn = coverage_strips(COVERAGE, Voice())
    assert drawn.count('class="covered"') == 2
    assert drawn.count('class="hole"') == 1
    assert "hole: 2023-11-18T02:00Z/2023-11-18T05:00Z" in drawn
