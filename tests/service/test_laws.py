"""Do the laws hold in every small world: order, idempotence, monotony, honesty, and agreement with a patient reader?"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import naive_answers as naive
from tests.kit import CONTRACTS, Answers, World, answers, view
from tests.worlds import worlds

pytestmark = pytest.mark.long
lawful = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
Standing = dict[str, tuple[int, datetime]]


def standings(found: Answers) -> Standing:
    """By the first event of each compromised session: how sure, and since when."""
    rows: list[tuple[Any, ...]] = found.rows("compromise", "uid", "standing", "since", kind="session")
    return {str(uid).strip("<>"): (level, since) for uid, level, since in rows}


def proven(found: Answers) -> set[tuple[object, ...]]:
    """Everything that is proven: what is compromised, and what was touched."""
    held = found.rows("compromised", "kind", "system", "uid", standing="proven")
    return {*held, *proven_touched(found)}


def proven_touched(found: Answers) -> set[tuple[object, ...]]:
    return set(found.rows("touched", "system", "resource_kind", "resource_uid", "action", "outcome", standing="proven"))


@lawful
@given(worlds(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_order_and_the_cut_of_the_evidence_change_nothing(world: World, dealt: Any, count: int) -> None:
    shuffled = list(world.events)
    dealt.shuffle(shuffled)
    parts = [shuffled[number::count] for number in range(count)]
    assert answers(world, parts=parts).tables == answers(world).tables


@lawful
@given(worlds(), st.data())
def test_evidence_that_is_there_twice_changes_nothing_but_its_account(world: World, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(world.events), unique_by=lambda one: str(one["event_uid"])))
    copies = [{**one, "evidence_uid": "m2"} for one in again]
    once = answers(world).tables
    twice = answers(replace(world, events=(*world.events, *copies)), parts=[copies, world.events]).tables
    assert {name: rows for name, rows in twice.items() if name != "account"} == {
        name: rows for name, rows in once.items() if name != "account"
    }
    assert sum(int(str(row["duplicate"])) for row in twice["account"]) == len(again)
    assert sum(int(str(row["stored"])) for row in twice["account"]) == len(world.events)


@lawful
@given(worlds())
def test_every_table_has_a_total_order(world: World) -> None:
    for name, rows in answers(world).tables.items():
        keys = [tuple(row[column] for column in CONTRACTS[name].key) for row in rows]
        assert len(keys) == len(set(keys)), name


@lawful
@given(worlds())
def test_the_same_twice_is_the_same(world: World) -> None:
    assert answers(world).tables == answers(world).tables


@lawful
@given(worlds(), st.sampled_from(["jira", "web"]), st.sampled_from(["192.0.2.200", "198.51.100.250"]))
def test_a_benign_event_removes_no_sighting_and_nothing_proven(world: World, system: str, ip: str) -> None:
    visit = view(
        "z1", "11-09 12:00", ticket="Z-9", principal="visitor", src_ip=ip, user_agent="Safari/1", system=system
    )
    more = replace(world, events=(*world.events, visit))
    before, after = (answers(one, "sightings", "compromised", "touched") for one in (world, more))
    columns = ("indicator_value", "field", "observed", "event_uid")
    assert set(before.rows("sightings", *columns)) <= set(after.rows("sightings", *columns))
    assert proven(before) <= proven(after)


@lawful
@given(worlds(), st.data())
def test_no_verdict_becomes_proven_by_removing_what_does_not_speak_against_it(
    world: World, data: st.DataObject
) -> None:
    """Without a revocation, a sighting, a stranger's act nothing is surer: only its own uses speak against."""
    removed = data.draw(st.sets(st.sampled_from([str(one["event_uid"]) for one in world.events])))
    fewer = without(world, removed)
    before, after = verdicts(answers(world, "rotations")), verdicts(answers(fewer, "rotations"))
    for row in world.exposed:
        if after[row.exposed_uid] == "proven" and before[row.exposed_uid] != "proven":
            assert removed & naive.contrary(world, row), row


@lawful
@given(worlds())
def test_nothing_is_proven_dead_without_a_record_of_its_end(world: World) -> None:
    ends = {
        str(one["event_uid"])
        for one in world.events
        if one.get("rotation_effect") in ("revoked", "disabled", "changed")
    }
    assert "proven" not in verdicts(answers(without(world, ends), "rotations")).values()


@lawful
@given(worlds(ledger=False, network=False), st.data())
def test_removing_what_the_intruder_did_proves_no_further_reach(world: World, data: st.DataObject) -> None:
    whole = answers(world, "compromise", "touched")
    mine = {str(one["event_uid"]) for first in standings(whole) for one in naive.sessions(world.events)[first]}
    removed = data.draw(st.sets(st.sampled_from(sorted(mine)))) if mine else set()
    columns = ("system", "resource_kind", "resource_uid", "action")
    before = set(whole.rows("touched", *columns, standing="proven"))
    assert set(answers(without(world, removed), "touched").rows("touched", *columns, standing="proven")) <= before


def without(world: World, removed: set[str]) -> World:
    return replace(world, events=tuple(one for one in world.events if one["event_uid"] not in removed))


def verdicts(found: Answers) -> dict[object, object]:
    return found.by("rotations", "exposed_uid", "verdict")


@lawful
@given(worlds())
def test_a_patient_reader_sees_the_same_sightings(world: World) -> None:
    seen = set(answers(world, "sightings").rows("sightings", "event_uid", "indicator_value", "field", "observed"))
    assert seen == naive.sightings(world)


@lawful
@given(worlds())
def test_a_patient_reader_draws_the_same_sessions(world: World) -> None:
    drawn = {
        (str(uid).strip("<>"), count) for uid, count in answers(world, "drawn").rows("drawn", "session_uid", "events")
    }
    assert drawn == {(first, len(acts)) for first, acts in naive.sessions(world.events).items()}


@lawful
@given(worlds())
def test_a_patient_reader_gives_the_same_verdicts(world: World) -> None:
    found = answers(world, "rotations", "compromise")
    columns = ("exposed_uid", "verdict", "revoked_by", "last_use", "uses_after_exposure", "misused")
    told = {str(uid): naive.Verdict(*rest) for uid, *rest in found.rows("rotations", *columns)}  # type: ignore[arg-type]
    assert told == {row.exposed_uid: naive.judge(world, row, standings(found)) for row in world.exposed}


@lawful
@given(worlds(network=False))
def test_a_patient_reader_counts_the_same_scope(world: World) -> None:
    found = answers(world, "scope", "compromise")
    rows: list[tuple[Any, ...]] = found.rows(
        "scope", "system", "resource_kind", "attempted", "read", "taken", "at_most"
    )
    told = {(system, kind): tuple(counts) for system, kind, *counts in rows if any(counts)}
    counted = {place: counts for place, counts in naive.scope(world, standings(found)).items() if any(counts)}
    assert told == counted
    assert found.rows("scope", "total", system="jira", resource_kind="ticket") == [(2_059_357,)]


def test_the_worlds_hold_what_the_laws_speak_of() -> None:
    """A law that nothing tests proves nothing: over the worlds drawn, every verdict and standing comes up."""
    seen: set[object] = set()

    @lawful
    @given(worlds())
    def collect(world: World) -> None:
        found = answers(world, "rotations", "sessions", "compromise")
        seen.update(verdict for _, verdict in found.rows("rotations", "exposed_uid", "verdict"))
        seen.update(standing for _, standing in found.rows("sessions", "session_uid", "standing"))
        seen.update(rule for (rule,) in found.rows("compromise", "rule"))

    collect()
    assert {"proven", "refuted", "unknown", "suspected", "expected", "session_principal"} <= seen
