"""Does the map show each hour that a source covers as covered, and each hole where it is?"""

import re
from dataclasses import replace

import pytest
from tests.report.scene import COVERAGE, ENGLISH, at

from cloison.report.dossier import Coverage
from cloison.report.heat import coverage_heat, heat_of, hole_of, in_words, share_of

DAY = (at("11-18 00:00:00"), at("11-19 00:00:00"))


def test_no_map_without_a_source() -> None:
    assert coverage_heat((), ENGLISH) == ""


def test_each_source_has_a_cell_a_day_and_each_hole_a_cut() -> None:
    drawn = coverage_heat(COVERAGE, ENGLISH)
    assert drawn.count('class="heat h') == 2 * 47
    assert drawn.count('class="heat h4"') == 2 * 47 - 1
    assert drawn.count('class="hole"') == 1
    assert "hole: 2023-11-18T02:00Z/2023-11-18T05:00Z" in drawn


def test_a_hole_is_cut_out_of_the_hours() -> None:
    assert share_of(COVERAGE[0], *DAY) == pytest.approx(21 / 24)
    assert share_of(COVERAGE[1], *DAY) == 1.0
    assert share_of(replace(COVERAGE[1], first_at=at("11-20 00:00:00")), *DAY) == 0.0


def test_what_is_not_whole_is_never_called_all() -> None:
    assert [heat_of(share) for share in (0.0, 0.001, 0.5, 0.999, 1.0)] == [0, 1, 2, 3, 4]
    assert "jira_access 99.7 %, okta_system_log all" in in_words(COVERAGE, ENGLISH)


def test_a_hole_that_is_none_is_not_drawn() -> None:
    assert hole_of("<script>") is None
    assert coverage_heat((replace(COVERAGE[0], gaps=("x/y",)),), ENGLISH).count('class="hole"') == 0


def test_many_years_stay_in_the_drawing() -> None:
    far = Coverage("s", "s", at("01-01 00:00:00").replace(year=1), at("12-31 23:00:00").replace(year=9999), 1, ())
    places = [float(x) for x in re.findall(r'class="heat h\d" x="([\d.]+)"', coverage_heat((far,), ENGLISH))]
    assert max(places) <= 980
