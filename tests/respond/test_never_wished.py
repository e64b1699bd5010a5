"""Can a verdict be wished? No file that is taken away makes an unknown or refuted credential proven dead."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import naive_answers as naive
from tests.kit import Answers, Event, World, answers, at, exposed, rotation, view

BEGIN, UNTIL = at("11-09 00:00"), at("11-16 00:00")
LEDGER = "jira,service_account,,svc,2023-11-10\njira,service_token,T1,ada,2023-11-10\njira,password,,ada,2023-11-11\n"
HOURS = int((UNTIL - BEGIN).total_seconds()) // 3600
lawful = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
patient = settings(lawful, max_examples=150)
some = st.sampled_from


@st.composite
def spoken(draw: st.DrawFn) -> list[Event]:
    """A web log and an issuer's log that speak every eight hours, and in some of these hours not."""
    hours = range(0, HOURS, 8)
    return [
        view("", BEGIN + timedelta(hours=hour), source=source, principal="watch", src_ip="192.0.2.7")
        for source in ("jira_access", "audit")
        for hour in hours
        if draw(some([True] * 19 + [False]))
    ]


@st.composite
def uses(draw: st.DrawFn) -> Event:
    """The account or the token used, perhaps in a session that the vendor names."""
    who = draw(some([{"principal": "svc"}, {"principal": "ada"}, {"principal": "robot", "credential_uid": "T1"}]))
    seen = {"vendor_session_uid": draw(some([None, None, "k1"])), "status_id": draw(some([1, 1, 1, 2]))}
    return view("", _when(draw), src_ip="192.0.2.8", **who, **seen)


@st.composite
def records(draw: st.DrawFn) -> Event:
    """An issuer's record about the account or the token."""
    if draw(st.booleans()):
        return rotation("", _when(draw), draw(some(["audit/0", "audit/4"])), rotation_credential_uid="T1")
    rule = draw(some(["audit/1", "audit/1", "audit/2", "audit/3"]))
    return rotation("", _when(draw), rule, rotation_principal=draw(some(["svc", "ada"])))


def _when(draw: st.DrawFn) -> datetime:
    return BEGIN + timedelta(minutes=15 * draw(st.integers(0, HOURS * 4 - 1)))


@st.composite
def cases(draw: st.DrawFn) -> World:
    """Logs that are cut by the day, as a server cuts them, up to the moment of which is asked."""
    drawn = [*draw(spoken()), *draw(st.lists(uses(), max_size=4)), *draw(st.lists(records(), min_size=1, max_size=4))]
    events = tuple(
        {**one, "event_uid": f"e{number:02}", "evidence_uid": f"{one['source']}-{naive.instant(one):%d}"}
        for number, one in enumerate(drawn)
    )
    return World(events, exposed(LEDGER), until=UNTIL)


def files(world: World) -> list[str]:
    return sorted({str(one["evidence_uid"]) for one in world.events})


def without(world: World, file: str) -> World:
    return replace(world, events=tuple(one for one in world.events if one["evidence_uid"] != file))


def verdicts(found: Answers) -> dict[object, object]:
    return found.by("rotations", "exposed_uid", "verdict")


def patiently(world: World) -> dict[object, object]:
    return {row.exposed_uid: naive.judge(world, row, {}).verdict for row in world.exposed}


@pytest.mark.long
@lawful
@given(cases(), st.data())
def test_no_file_taken_away_makes_a_credential_proven_dead(world: World, data: st.DataObject) -> None:
    before = verdicts(answers(world, "rotations"))
    for file in data.draw(st.lists(some(files(world)), min_size=1, max_size=3, unique=True)):
        after = verdicts(answers(without(world, file), "rotations"))
        assert {uid for uid in after if after[uid] == "proven"} <= {uid for uid in before if before[uid] == "proven"}


@pytest.mark.long
@lawful
@given(cases())
def test_a_patient_reader_judges_these_alike(world: World) -> None:
    assert verdicts(answers(world, "rotations")) == patiently(world)


@patient
@given(cases())
def test_to_a_patient_reader_neither_does_any_file(world: World) -> None:
    before = patiently(world)
    for file in files(world):
        after = patiently(without(world, file))
        assert {uid for uid in after if after[uid] == "proven"} <= {uid for uid in before if before[uid] == "proven"}


def test_these_cases_hold_every_verdict_and_its_loss() -> None:
    """A law that nothing tests proves nothing: verdicts of every kind, and files whose loss makes proven unknown."""
    seen: Counter[tuple[object, object]] = Counter()

    @patient
    @given(cases())
    def collect(world: World) -> None:
        before = patiently(world)
        for file in files(world):
            after = patiently(without(world, file))
            seen.update((before[uid], after[uid]) for uid in before)

    collect()
    wanted = {("proven", "unknown"), ("proven", "proven"), ("refuted", "unknown"), ("refuted", "refuted")}
    assert wanted <= set(seen)
    assert not {("refuted", "proven"), ("unknown", "proven")} & set(seen)
