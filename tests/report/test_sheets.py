"""Does each table hold its rows, say what it leaves out, and name only gaps that there are?"""

from dataclasses import replace

from tests.report.scene import COVERAGE, DOSSIER, EMPTY, ENTRIES, HELD, REACH, TIMELINE, at, uid

from cloison.report.sheets import (
    ROWS,
    Cell,
    compromised,
    coverage,
    indicators,
    ledger_rows,
    moments,
    uncounted,
    unknowns,
)


def test_a_closed_thing_names_the_event_that_closed_it() -> None:
    row = compromised([HELD[3]], "x").rows[0]
    assert row[0] == Cell("principal m.alder", "lead")
    assert row[3] == Cell("closed 2023-11-23 17:23:00Z", "good")
    assert row[6] == Cell((uid(10), uid(910)), "uid")


def test_an_open_thing_is_open_and_what_has_no_system_is_of_the_network() -> None:
    row = compromised([HELD[0]], "x").rows[0]
    assert [cell.value for cell in row[1:4]] == ["network", at("11-14 09:22:49"), "open"]


def test_verdicts_on_credentials_are_words() -> None:
    assert [row[3] for row in ledger_rows(ENTRIES[1:3]).rows] == [Cell("alive", "bad"), Cell("dead", "good")]
    assert ledger_rows([replace(ENTRIES[0], verdict="unknown")]).rows[0][3] == Cell("unknown", "unsure")


def test_a_sheet_stops_at_its_limit_and_counts_the_rest() -> None:
    sheet = moments(TIMELINE * 30, "x")
    assert (len(sheet.rows), sheet.total, sheet.more) == (ROWS, 810, 310)


def test_what_was_closed_is_a_response() -> None:
    assert moments(TIMELINE[-1:], "x").rows[0][4] == Cell("response", "good")


def test_indicators_are_harmless_and_never_blank() -> None:
    rows = indicators(DOSSIER).rows
    assert [row[0].value for row in rows[:3]] == ["198.51.100[.]214", "203.0.113[.]126", "kestrel-cdn[.]example"]
    assert [row[2].value for row in rows] == [2249, 1329, 2, "not seen"]


def test_holes_are_listed() -> None:
    assert [row[5].value for row in coverage(COVERAGE).rows] == ["2023-11-18T02:00Z/2023-11-18T05:00Z", "none found"]


def test_only_what_has_no_whole_is_uncounted() -> None:
    assert [[cell.value for cell in row] for row in uncounted(REACH).rows] == [["roles", "aws", 2, 0, 0, 0]]


def test_a_case_without_a_source_knows_nothing() -> None:
    assert [row[0].value for row in unknowns(EMPTY).rows] == ["what happened: no source speaks in this case"]


def test_only_gaps_that_there_are_are_named() -> None:
    assert unknowns(replace(EMPTY, coverage=COVERAGE[1:])).rows == ()
    assert [(row[0].value, row[1].value) for row in unknowns(DOSSIER).rows] == [
        ("exposed credentials whose end is on no record", 4),
        ("sessions that are suspected", 231),
        ("sessions that are unknown", 1318),
        ("suspected principals, credentials, addresses and hosts", 1),
        ("holes in the hours of a source", 1),
        ("records recognised by no source", 19),
        ("records rejected for another cause", 198),
    ]
