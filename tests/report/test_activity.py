"""Are the acts counted into bars as finely as there is room, and each day told in words?"""

import re
from datetime import timedelta

from tests.report.scene import ACTIVITY, ENGLISH, at

from cloison.report.activity import bins, caption, grain_of, histogram, in_words
from cloison.report.dossier import Beat


def test_nothing_is_drawn_of_nothing() -> None:
    assert histogram((), ENGLISH) == ""


def test_the_grain_is_the_finest_with_room() -> None:
    assert grain_of(ACTIVITY[:3])[0] == "hour"
    assert grain_of(ACTIVITY)[0] == "six_hours"
    assert grain_of((*ACTIVITY, Beat(at("01-01 00:00:00"), "aws", 1, 0))) == ("days", timedelta(days=3))


def test_no_act_is_lost_in_any_grain() -> None:
    for step in (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3)):
        found = bins(ACTIVITY, step)
        assert (sum(one for one, _ in found.values()), sum(other for _, other in found.values())) == (1102, 5)


def test_what_is_drawn_is_said() -> None:
    assert caption(ACTIVITY, ENGLISH) == "Acts per six hours: 1,102 proven, 5 suspected"
    assert in_words(ACTIVITY, ENGLISH) == "Proven acts: 14 Nov 2023: 4, 15 Nov 2023: 398, 22 Nov 2023: 700."


def test_the_tallest_bar_is_as_high_as_the_picture() -> None:
    heights = re.findall(r'class="part acted"[^>]*? height="([\d.]+)"', histogram(ACTIVITY, ENGLISH))
    assert [round(float(height)) for height in heights] == [1, 108, 190]


def test_an_act_far_off_in_time_stays_in_the_drawing() -> None:
    far = Beat(at("01-01 00:00:00").replace(year=9999), "aws", 1, 0)
    places = re.findall(r'class="part \w+" x="([\d.]+)"', histogram((*ACTIVITY, far), ENGLISH))
    assert max(map(float, places)) < 988
