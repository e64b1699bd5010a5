"""Is each whole a full bar, its part enlarged below by how much it says, and what is empty left out?"""

import re

from tests.report.scene import ENGLISH, REACH
from tests.report.structure import Page

from cloison.report.dossier import Reach
from cloison.report.funnel import funnel


def widths(drawn: str) -> list[tuple[str, float]]:
    found = re.findall(r'class="part (\w+)"[^>]*? width="([\d.]+)"', drawn)
    return [(name, float(width)) for name, width in found if name != "track"]


def test_what_was_reached_is_enlarged_and_linear() -> None:
    drawn = funnel([Reach("bitbucket", "repository", 60, 30, 15, 45, 600)], ENGLISH)
    assert widths(drawn) == [("reached", 60), ("attempted", 600), ("most", 450), ("read", 300), ("taken", 150)]
    assert "enlarged 10 times" in drawn


def test_every_count_stands_beside_its_bar_with_its_share() -> None:
    text = Page(funnel(REACH, ENGLISH)).text
    for said in ("14,099 pages", "202 · 1.4 %", "76 · 0.64 %", "2,059,357 tickets", "36 · 0.0017 %", "205 · 1.5 %"):
        assert said in text


def test_a_whole_without_a_number_or_without_a_reach_is_not_drawn() -> None:
    assert funnel([REACH[3], Reach("jira", "ticket", 0, 0, 0, 0, 10)], ENGLISH) == ""


def test_a_reach_beyond_the_whole_stays_in_the_drawing() -> None:
    drawn = widths(funnel([Reach("jira", "ticket", 9, 9, 0, 9, 3)], ENGLISH))
    assert max(width for _, width in drawn) == 600
