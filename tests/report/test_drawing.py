"""Is a drawing well formed, its text escaped, its scale straight?"""

from datetime import datetime, timedelta

import pytest

from cloison.report.drawing import element, picture, spanning
from cloison.report.tongues.english import tick


def test_an_element_escapes_its_children_and_its_attributes() -> None:
    drawn = element("text", "<b>&", element("title", '"'), x=1.25, y=3, class_='a"b', stroke_width=2.0, d=None)
    assert drawn == '<text x="1.2" y="3" class="a&#34;b" stroke-width="2">&lt;b&gt;&amp;<title>&#34;</title></text>'


def test_a_picture_has_a_name() -> None:
    drawn = picture(10, 4.6, "<path>", [element("line", x1=0)])
    assert drawn == (
        '<svg viewBox="0 0 10 5" role="img" aria-label="&lt;path&gt;">'
        '<title>&lt;path&gt;</title><line x1="0"></line></svg>'
    )


def test_a_scale_is_straight_and_stays_inside() -> None:
    scale = spanning([datetime.fromisoformat("2023-11-01"), datetime.fromisoformat("2023-11-11")], 100.0, 1140.0)
    assert scale.at(datetime.fromisoformat("2023-11-06")) == pytest.approx(620.0)
    assert scale.at(datetime.fromisoformat("2023-11-01")) == pytest.approx(120.0)
    assert scale.at(datetime.fromisoformat("2024-11-01")) == pytest.approx(1140.0)
    assert scale.at(datetime.fromisoformat("1970-01-01")) == pytest.approx(100.0)


def test_one_moment_is_a_scale_too() -> None:
    scale = spanning([datetime.fromisoformat("2023-11-01")], 0.0, 100.0)
    assert scale.at(datetime.fromisoformat("2023-11-01")) == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("span", "first", "second"),
    [
        (timedelta(hours=5), "14 Nov 10:00", "14 Nov 11:00"),
        (timedelta(days=10), "15 Nov", "16 Nov"),
        (timedelta(days=46), "17 Nov", "21 Nov"),
        (timedelta(days=2000), "Apr 2024", "Sep 2024"),
    ],
)
def test_ticks_stand_at_round_moments(span: timedelta, first: str, second: str) -> None:
    since = datetime.fromisoformat("2023-11-14 09:22:49")
    told = [said for _, said in spanning([since, since + span], 0, 1).ticks(tick)]
    assert told[:2] == [first, second]
    assert len(told) <= 14


def test_the_ends_of_the_calendar_are_no_trouble() -> None:
    scale = spanning([datetime.fromisoformat("0001-01-01"), datetime.fromisoformat("9999-12-31 23:59:59")], 0.0, 100.0)
    assert scale.at(datetime.fromisoformat("9999-12-31 23:59:59")) == pytest.approx(100.0)
    assert 0 < len(scale.ticks(tick)) <= 14
