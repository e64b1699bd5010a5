"""Are the moments of the incident told apart from the others, named by their act, and numbered in order?"""

from dataclasses import replace

import pytest
from tests.report.scene import DOSSIER, TIMELINE, at, moment, uid

from cloison.report.dossier import Promoted
from cloison.report.steps import RESPONDERS, STEPS, Act, act_of, aside, of_incident, pauses, steps


@pytest.mark.parametrize(
    ("what", "act"),
    [
        ("session opened from 203.0.113.126 (9 events until 11-14 09:41:30)", "entry"),
        ("access tried and refused from 203.0.113.126 (1 event until 11-14 09:31:49)", "refused"),
        ("viewed 22 tickets, first OPS-1201", "read"),
        ('searched for "secret (refused)"', "read"),
        ("archived 1 repository (FRT/rates)", "taken"),
        ("downloaded 1 page (778120)", "taken"),
        ("account m.alder created", "made"),
        ("account m.alder created (refused)", "refused"),
        ("m.alder added to group netops\nreaders", "made"),
        ("app groovyrunner installed", "made"),
        ("host 192.0.2.130 spoke to 198.51.100.214:443 (2249 connections until 11-24 10:44:00)", "made"),
        ("host 192.0.2.130 was refused by 192.0.2.180:22 (6 connections until 11-22 20:40:00)", "refused"),
        ("indicator 203.0.113.126 first seen here, as src_endpoint.ip (5 sightings)", "seen"),
        ("something that no one foresaw", "other"),
    ],
)
def test_an_act_is_known_by_what_the_timeline_calls_it(what: str, act: Act) -> None:
    assert act_of(moment("11-14 09:00:00", "jira", what, 1)) == act


def test_what_a_responder_did_is_closed_whatever_its_words() -> None:
    assert act_of(moment("11-23 17:23:00", "jira", "account m.alder closed", 1, "expected")) == "closed"


def test_the_incident_is_what_is_proven_and_what_closed_it() -> None:
    stray = moment("10-19 10:00:00", "aws", "credential x closed", 777, "expected")
    dossier = replace(DOSSIER, timeline=(*TIMELINE, stray))
    assert [one.event_uid for one in aside(dossier)] == [uid(40), uid(777)]
    assert len(of_incident(dossier)) == 26
    assert [one.what for one in of_incident(dossier) if one.standing == "expected"][1] == "principal m.alder closed"


def test_a_pause_has_both_its_ends() -> None:
    found = pauses(TIMELINE)
    assert [(one.since, one.until) for one in found] == [(at("11-17 14:33:52"), at("11-20 09:26:53"))]


def test_a_pause_is_no_step() -> None:
    assert not [step for step in steps(TIMELINE) if step.moment.act == "paused"]


def test_steps_are_numbered_in_the_order_of_time() -> None:
    numbered = [step for step in steps(of_incident(DOSSIER)) if step.number]
    assert [step.number for step in numbered] == list(range(1, len(numbered) + 1))
    assert [step.moment.time for step in numbered] == sorted(step.moment.time for step in numbered)
    told = [step.moment.what for step in numbered]
    assert told[0].startswith("access tried and refused")
    assert told[-2:] == ["principal m.alder closed", "app com.onresolve.jira.groovy.groovyrunner closed"]
    assert "account m.alder created" in told
    assert "m.alder added to group jira-software-users" in told


def test_those_who_answered_have_a_lane_of_their_own() -> None:
    lanes = {step.lane for step in steps(of_incident(DOSSIER)) if step.act == "closed"}
    assert lanes == {RESPONDERS}


def test_a_sighting_is_numbered_only_where_nothing_else_happened() -> None:
    numbered = {step.lane for step in steps(of_incident(DOSSIER)) if step.act == "seen" and step.number}
    assert numbered == {"cloudflare_gateway"}


def test_never_more_steps_than_the_limit() -> None:
    many = [moment(f"11-01 {n % 24:02}:{n % 60:02}:00", f"s{n}", "account a created", n) for n in range(90)]
    found = steps(many)
    assert len(found) == 90
    assert sum(step.number > 0 for step in found) == STEPS == 28


def test_what_a_person_promotes_is_of_the_path() -> None:
    known = Promoted(at("11-18 10:00:00"), "jira", "m.alder", uid(14), "ada", "they come back")
    new = Promoted(at("11-19 10:00:00"), "web", None, uid(500), "ada", "a strange request")
    nowhere = Promoted(None, None, None, uid(501), "ada", "lost")
    told = of_incident(replace(DOSSIER, promoted=(known, new, nowhere)))
    assert [one.what for one in told if one.standing == "promoted"] == ["a strange request"]
    numbered = {step.moment.event_uid for step in steps(told, {uid(14), uid(500)}) if step.number}
    assert {uid(14), uid(500)} <= numbered
    assert uid(14) not in {step.moment.event_uid for step in steps(told) if step.number}


def test_an_act_that_a_second_log_tells_without_a_name_is_no_step_of_its_own() -> None:
    named = moment("11-16 14:36:37", "jira", "account m.alder created", 1)
    again = replace(moment("11-16 14:36:37", "jira", "account creation requested", 2), act="account_created")
    later = replace(moment("11-16 15:36:37", "jira", "account creation requested", 3), act="account_created")
    numbers = {step.moment.event_uid: step.number for step in steps((named, again, later))}
    assert numbers == {uid(1): 1, uid(2): 0, uid(3): 2}
