"""Does text out of a log stay text in a terminal, a spreadsheet and JSON?"""

from datetime import datetime

import pytest

from cloison.cli.safe import cell, instant, jsonable, plain, shown


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("Zoë 東京", "Zoë 東京"),
        (None, ""),
        (["192.0.2.1", "2001:db8::1"], "192.0.2.1, 2001:db8::1"),
        (True, "true"),
    ],
)
def test_a_terminal_is_shown_every_mark(value: object, written: str) -> None:
    assert shown(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (-1, "-1"),
        ("plain", "plain"),
    ],
)
def test_a_spreadsheet_is_given_no_formula(value: object, written: str) -> None:
    assert cell(value) == written


def test_a_long_text_is_cut_where_there_is_no_room() -> None:
    assert shown("abcdef", width=4) == "abc…"


def test_times_are_utc_with_the_digits_that_they_have() -> None:
    assert instant(datetime(2023, 11, 14, 9, 22, 49)) == "2023-11-14T09:22:49Z"
    assert plain(datetime(2023, 11, 14, 9, 22, 49, 118000)) == "2023-11-14T09:22:49.118Z"
    assert jsonable(datetime(2023, 11, 14, 9, 22, 49)) == "2023-11-14T09:22:49Z"
    assert jsonable(7) == 7
