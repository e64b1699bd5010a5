"""Are the four questions answered with what is proven, and left open where it is not?"""

from dataclasses import replace

import pytest
from tests.report.scene import DOSSIER, EMPTY, ENGLISH, HELD, REACH, at

from cloison.report.document import NOTHING, Figure, Safe
from cloison.report.dossier import Account, Coverage, Dossier, Ledger, Reach
from cloison.report.questions import answers

QUIET = replace(
    EMPTY,
    account=Account(2, 100, 98, 2, 0, 0),
    coverage=(Coverage("okta_system_log", "okta", at("10-09 00:00:47"), at("11-24 12:24:32"), 98, ()),),
    reach=(Reach("jira", "ticket", 0, 0, 0, 0, 2_059_357),),
    sightings=(("ip", "203.0.113.126", 0, None, None),),
    ledger=Ledger(3, 0, 0, 0, ()),
)


def said(dossier: Dossier) -> dict[str, tuple[str, str, str]]:
    return {one.uid: (one.says, one.verdict, one.tone) for one in answers(dossier, ENGLISH)}


def test_an_intrusion_is_answered() -> None:
    assert said(DOSSIER) == {
        "used": ("Yes", "proven", "bad"),
        "far": ("Into 3 systems", "proven", "bad"),
        "closed": ("No", "refuted", "bad"),
        "provable": ("Yes, for what was read", "with gaps", "unsure"),
    }


def test_quiet_logs_without_gaps_are_no_evidence_and_no_more() -> None:
    assert said(QUIET) == {
        "used": ("Not seen in the hours covered", "no evidence", "good"),
        "far": ("No reading is on record", "no evidence", "good"),
        "closed": ("Yes", "proven", "good"),
        "provable": ("Yes", "proven", "good"),
    }


@pytest.mark.parametrize(
    "gap",
    [
        {"coverage": (replace(QUIET.coverage[0], gaps=("2023-11-18T02:00Z/2023-11-18T05:00Z",)),)},
        {"account": Account(2, 100, 90, 2, 8, 8)},
    ],
    ids=["hole", "rejects"],
)
def test_a_gap_makes_not_seen_unknown(gap: dict[str, object]) -> None:
    found = said(replace(QUIET, **gap))  # type: ignore[arg-type]
    assert found["used"] == ("Not seen, with gaps", "unknown", "unsure")
    assert found["provable"][1] == "with gaps"


def test_a_sighting_or_a_suspicion_is_no_misuse() -> None:
    seen = replace(QUIET, sightings=(("ip", "203.0.113.126", 3, None, None),))
    assert said(seen)["used"] == ("Perhaps", "unknown", "unsure")
    assert said(replace(QUIET, sessions={"suspected": 1}))["used"] == ("Perhaps", "unknown", "unsure")
    assert said(replace(QUIET, sessions={"proven": 1}))["used"] == ("Yes", "proven", "bad")


def test_one_credential_alive_or_unknown_is_not_closed() -> None:
    assert said(replace(QUIET, ledger=Ledger(2, 1, 0, 0, ())))["closed"] == ("No", "refuted", "bad")
    assert said(replace(QUIET, ledger=Ledger(2, 0, 1, 0, ())))["closed"] == ("Not known yet", "unknown", "unsure")


def test_an_open_account_is_not_closed_and_a_closed_one_is() -> None:
    assert said(replace(QUIET, held=(HELD[1],)))["closed"][0] == "No"
    assert said(replace(QUIET, held=(HELD[2],)))["closed"][0] == "Yes"
    assert said(replace(QUIET, held=(HELD[-1],)))["closed"][0] == "Yes"


def test_an_account_of_records_that_does_not_add_up_proves_nothing() -> None:
    assert said(replace(QUIET, account=Account(2, 100, 90, 2, 0, 0)))["provable"] == ("No", "unknown", "bad")


def test_what_has_no_whole_is_told_below_the_figures() -> None:
    reach = (*REACH, Reach("jira", "attachment", 18, 18, 18, 18, None))
    far = answers(replace(DOSSIER, reach=reach), ENGLISH)[1]
    assert [(one.count, one.of) for one in far.figures] == [("202", "14,099"), ("120", "11,904"), ("36", "2,059,357")]
    assert far.lines[0] == "also read: 18 attachments (Jira)"


def test_without_any_whole_the_reads_are_the_figures() -> None:
    far = answers(replace(DOSSIER, reach=(Reach("jira", "attachment", 18, 18, 18, 18, None),)), ENGLISH)[1]
    assert far.figures == (Figure(Safe("18"), NOTHING, Safe("attachments read, 18 taken in Jira")),)
