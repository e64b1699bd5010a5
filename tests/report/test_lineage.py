"""Does each compromised thing stand once behind its cause, alike ones together, and is what is not drawn counted?"""

from dataclasses import replace
from datetime import datetime

from cloison.report.lineage import DRAWN, Link, laid_out, lineage
from cloison.report.words import Voice

AT = datetime(2023, 11, 14, 9)


def link(kind: str, uid: str, rule: str, cause: tuple[str, str]) -> Link:
    return Link(kind, uid, "jira", AT, "proven", rule, *cause)


SEEN = ("indicator", "203.0.113.7")
CHAIN = [
    link("session", "s1", "indicator_session", SEEN),
    link("principal", "ada", "session_principal", ("session", "s1")),
    *(link("session", f"t{n}", "account_session", ("principal", "ada")) for n in range(5)),
]


def test_causes_stand_left_of_what_follows_and_leaves_that_are_alike_are_one() -> None:
    nodes, beyond = laid_out(CHAIN)
    assert [(one.kind, one.uid, len(one.members), one.column, one.row) for one in nodes] == [
        ("indicator", "203.0.113.7", 0, 0, 0),
        ("session", "s1", 1, 1, 0),
        ("principal", "ada", 1, 2, 0),
        ("session", "t0", 5, 3, 0),
    ]
    assert beyond == 0


def test_a_circle_of_causes_ends() -> None:
    circle = [link("session", "s1", "a", ("principal", "ada")), link("principal", "ada", "b", ("session", "s1"))]
    assert laid_out(circle) == ((), 2)
    nodes, beyond = laid_out([*CHAIN[:1], *circle])
    assert (len(nodes), beyond) == (4, 0)


def test_what_finds_no_room_is_counted() -> None:
    many = [link("session", f"s{n}", f"rule{n}", SEEN) for n in range(DRAWN + 40)]
    nodes, beyond = laid_out(many)
    assert (len(nodes), beyond) == (DRAWN, 41)


def test_hostile_names_are_text_and_a_box_leads_on() -> None:
    hostile = replace(CHAIN[0], uid='"><script>alert(1)</script>\u202e')
    picture = lineage(laid_out([hostile])[0], Voice(), lambda node: f"/pivot?{node.kind}")
    assert "<script" not in picture
    assert "\u202e" not in picture
    assert 'href="/pivot?session"' in picture
    assert lineage([], Voice(), str) == ""
