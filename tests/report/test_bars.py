"""Are the bars as wide as what they stand for, and is what is there never invisible?"""

import re

from tests.report.scene import ENGLISH

from cloison.report.bars import ledger_bar, wide
from cloison.report.dossier import Ledger


def test_a_part_is_linear_never_invisible_and_never_more_than_the_whole() -> None:
    assert [wide(count, 100, 1000.0) for count in (60, 50, 20)] == [600, 500, 200]
    assert wide(36, 2_059_357, 1000.0) == 2.0
    assert wide(9, 3, 1000.0) == 1000


def test_no_bar_without_a_whole() -> None:
    assert ledger_bar(Ledger(0, 0, 0, 0, ()), ENGLISH) == ""


def test_the_ledger_is_drawn_side_by_side() -> None:
    drawn = ledger_bar(Ledger(70, 10, 20, 4, ()), ENGLISH)
    found = re.findall(r'class="part (\w+)"[^>]*? width="([\d.]+)"', drawn)
    assert found == [("refuted", "100"), ("unknown", "200"), ("proven", "700")]
    assert re.findall(r' x="([\d.]+)"', drawn) == ["0", "100", "300"]
