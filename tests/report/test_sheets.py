"""Does each table hold its rows, say what it leaves out, and name only gaps that there are?"""

from dataclasses import replace

from tests.report.scene import COVERAGE, DOSSIER, EMPTY, ENGLISH, ENTRIES, HELD, RAN, REACH, TIMELINE, uid

from cloison.report.document import Cell, Safe, plain
from cloison.report.sheets import (
    ROWS,
    compromised,
    coverage,
    detections,
    indicators,
    ledger_rows,
    moments,
    scope,
    techniques,
    uncounted,
    unknowns,
)


def cell(*lines: str, style: str) -> Cell:
    return Cell(tuple(map(Safe, lines)), style)


def test_a_closed_thing_names_the_event_that_closed_it() -> None:
    row = compromised(ENGLISH, [HELD[3]], "compromised").rows[0]
    assert row[0] == cell("principal m.alder", style="lead")
    assert row[3] == cell("closed", "2023-11-23 17:23:00Z", style="good")
    assert row[6] == cell(uid(10), uid(910), style="uid")


def test_an_open_thing_is_open_and_what_has_no_system_is_of_the_network() -> None:
    row = compromised(ENGLISH, [HELD[0]], "compromised").rows[0]
    assert [told.text for told in row[1:4]] == ["network", "2023-11-14 09:22:49Z", "open"]


def test_verdicts_on_credentials_are_words() -> None:
    assert [row[3] for row in ledger_rows(ENGLISH, ENTRIES[1:3]).rows] == [
        cell("alive", style="bad"),
        cell("dead", style="good"),
    ]
    assert ledger_rows(ENGLISH, [replace(ENTRIES[0], verdict="unknown")]).rows[0][3] == cell("unknown", style="unsure")


def test_a_sheet_stops_at_its_limit_and_counts_the_rest() -> None:
    sheet = moments(ENGLISH, TIMELINE * 30, "timeline")
    assert (len(sheet.rows), sheet.total) == (ROWS, 810)
    assert plain(sheet.more) == "310 rows: `cloison show CASE timeline`"


def test_what_was_closed_is_a_response() -> None:
    assert moments(ENGLISH, TIMELINE[-1:], "timeline").rows[0][4] == cell("response", style="good")


def test_indicators_are_harmless_and_never_blank() -> None:
    rows = indicators(ENGLISH, DOSSIER).rows
    assert [row[0].text for row in rows[:3]] == ["198.51.100[.]214", "203.0.113[.]126", "kestrel-cdn[.]example"]
    assert [row[2].text for row in rows] == ["2,249", "1,329", "2", "not seen"]


def test_holes_are_listed() -> None:
    assert [row[5].text for row in coverage(ENGLISH, COVERAGE).rows] == [
        "2023-11-18T02:00Z/2023-11-18T05:00Z",
        "none found",
    ]


def test_only_what_has_no_whole_is_uncounted() -> None:
    assert [[told.text for told in row] for row in uncounted(ENGLISH, REACH).rows] == [
        ["roles", "AWS", "2", "0", "0", "0"]
    ]


def test_a_case_without_a_source_knows_nothing() -> None:
    assert [row[0].text for row in unknowns(ENGLISH, EMPTY).rows] == ["what happened: no source speaks in this case"]


def test_only_gaps_that_there_are_are_named() -> None:
    assert unknowns(ENGLISH, replace(EMPTY, coverage=COVERAGE[1:])).rows == ()
    assert [(row[0].text, row[1].text) for row in unknowns(ENGLISH, DOSSIER).rows] == [
        ("exposed credentials whose end is on no record", "4"),
        ("sessions that are suspected", "231"),
        ("sessions that are unknown", "1,318"),
        ("suspected principals, credentials, addresses and hosts", "1"),
        ("holes in the hours of a source", "1"),
        ("records recognised by no source", "19"),
        ("records rejected for another cause", "198"),
    ]


def test_both_bounds_and_the_whole_stand_beside_what_was_read() -> None:
    assert [told.text for told in scope(ENGLISH, REACH).rows[0]] == [
        "pages",
        "Confluence",
        "219",
        "202",
        "0",
        "205",
        "14,099",
        "1.4 %",
    ]


def test_a_detection_in_the_intrusion_is_told_apart_from_others() -> None:
    assert [row[0].text for row in detections(ENGLISH, RAN, theirs=True).rows] == ["A published address comes in"]
    other = detections(ENGLISH, RAN, theirs=False)
    assert [row[4].text for row in other.rows] == ["6,189"]
    assert other.folded


def test_a_technique_counts_what_it_carried_and_what_rules_detected_of_the_intruder() -> None:
    rows = [[told.text for told in row] for row in techniques(ENGLISH, DOSSIER).rows]
    assert rows == [["T1078 Valid Accounts", "7", "31", "31"]]
