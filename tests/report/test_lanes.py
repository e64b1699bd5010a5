"""Is what was counted drawn where it lies, leads each stretch to its hours, and does a hostile name stay text?"""

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

from markupsafe import Markup

from cloison.report.dossier import Moment
from cloison.report.lanes import Counted, Silence, lanes
from cloison.report.steps import Step
from cloison.report.words import Voice

AT = datetime(2023, 11, 14)
COUNTED = Counted(AT, timedelta(hours=1), (("jira", (4, 0, 1)), ("<b>okta", (0, 2, 0))))


def leads(since: datetime, until: datetime, name: str) -> str:
    return f"/t?{since:%H}-{until:%H}&{name}"


def drawn(**more: object) -> ET.Element:
    return ET.fromstring(lanes(COUNTED, "said", Voice(), leads, **more))  # type: ignore[arg-type]  # noqa: S314, our own


def of_class(tree: ET.Element, kind: str) -> list[ET.Element]:
    return [one for one in tree.iter() if kind in one.get("class", "").split()]


def test_each_stretch_with_a_count_has_a_bar_and_a_cell_that_lead_to_its_hours() -> None:
    tree = drawn()
    assert [one.get("href") for one in tree.iter("a")] == [
        "/t?00-01&", "/t?01-02&", "/t?02-03&", "/t?00-01&jira", "/t?02-03&jira", "/t?01-02&<b>okta",
    ]  # fmt: skip
    assert [one.get("class") for one in of_class(tree, "heat")] == ["heat heat5", "heat heat2", "heat heat5"]
    assert [one.get("height") for one in of_class(tree, "bar")] == ["76", "38", "19"]


def test_a_hole_and_a_moment_are_drawn_on_their_lane() -> None:
    step = Step(Moment(AT + timedelta(hours=1), "jira", None, "session opened", "proven", None), "entry", "jira", 1)
    late = Step(Moment(AT + timedelta(days=9), "jira", None, "session opened", "proven", None), "entry", "jira", 2)
    hole = Silence("jira", AT, AT + timedelta(hours=1), "nothing")
    tree = drawn(steps=[step, late], silences=[hole], bars=False)
    assert len(of_class(tree, "act")) == 1
    assert [(one.get("x"), one.get("width")) for one in of_class(tree, "hole")] == [("190", "347.3")]
    assert of_class(tree, "bar") == []


def test_nothing_counted_is_nothing_drawn() -> None:
    assert lanes(Counted(AT, timedelta(hours=1), ()), "said", Voice(), leads) == Markup()
