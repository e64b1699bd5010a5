"""Does the attack path show each lane, each act and each pause, with near acts drawn as one?"""

import re

from markupsafe import escape
from tests.report.scene import DOSSIER, ENGLISH, TIMELINE, moment
from tests.report.structure import Page

from cloison.report.steps import of_incident, pauses, steps
from cloison.report.swimlane import LEGEND, key, swimlane
from cloison.report.telling import moment as told_of


def drawn(moments: tuple[object, ...] = of_incident(DOSSIER)) -> str:
    return str(swimlane(steps(moments), pauses(TIMELINE), ENGLISH))  # type: ignore[arg-type]


def test_nothing_is_drawn_of_nothing() -> None:
    assert swimlane((), (), ENGLISH) == ""


def test_the_lanes_stand_in_the_order_of_the_intrusion_and_responders_last() -> None:
    names = re.findall(r'class="name"[^>]*>([^<]+)<', drawn())
    assert names == [
        "Okta",
        "Cloudflare Access",
        "AWS",
        "Jira",
        "Confluence",
        "Cloudflare Gateway",
        "network",
        "Bitbucket",
        "responders",
    ]


def test_each_act_is_in_exactly_one_mark() -> None:
    titles = "\n".join(re.findall(r"<title>([^<]*)</title>", drawn()))
    told = [str(escape(told_of(ENGLISH, one))) for one in of_incident(DOSSIER) if one.system]
    assert [titles.count(what) for what in told] == [1] * 25


def test_the_pause_is_shaded_and_named() -> None:
    assert "pause, 2.8 days" in drawn()
    assert drawn().count('class="pause"') == 1


def test_near_acts_are_one_mark_with_their_numbers() -> None:
    near = tuple(moment(f"11-14 {hour}:00:00", "jira", f"account a{hour} created", hour) for hour in (10, 11, 12))
    far = moment("11-24 09:00:00", "jira", "account b created", 99)
    labels = re.findall(r'class="number"[^>]*>([^<]+)<', drawn((*near, far)))
    assert labels == ["1-3", "4"]


def test_a_crowded_mark_says_how_many_it_does_not_tell() -> None:
    crowd = tuple(moment("11-14 09:10:00", "jira", f'searched for "{n}"', n) for n in range(40))
    assert "and 30 more in the timeline" in drawn(crowd)


def test_hostile_names_are_escaped_and_cut() -> None:
    page = Page(drawn((moment("11-14 09:10:00", "<b>" + "x" * 50, "<script>", 1),)))
    assert {tag for tag, _ in page.elements} == {"svg", "title", "rect", "text", "line", "g"}
    assert page.faults == []
    assert "<b>xxxxxxxxxxxxxxxxxx…" in page.text


def test_each_act_of_the_legend_has_its_own_form() -> None:
    forms = {act: re.sub(r"class=.*?\" ", "", str(key(act))) for act in LEGEND}
    assert len({forms[act] for act in ("entry", "read", "taken", "made", "closed")}) == 5
