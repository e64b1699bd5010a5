"""Does the screen count as the report does, and say what it leaves out?"""

import io
from dataclasses import replace

from rich.console import Console
from tests.report.scene import DOSSIER

from cloison.cli.screen import print_screen
from cloison.report.composing import Wish, compose
from cloison.report.dossier import Dossier
from cloison.report.html import write


def screen(dossier: Dossier) -> list[str]:
    told = io.StringIO()
    print_screen(Console(file=told, width=200), dossier, "report.html")
    return told.getvalue().splitlines()


def test_what_is_to_be_closed_is_counted_as_in_the_report() -> None:
    [line] = [one for one in screen(DOSSIER) if one.startswith("Is it closed?")]
    assert line == "Is it closed?  3 of 7 compromised principals, apps, hosts and addresses are closed"
    report = write(compose(DOSSIER, Wish("en"))).decode()
    assert "compromised principals, apps, hosts and addresses are closed" in report
    assert [(one.kind, one.until is not None) for one in DOSSIER.to_close].count(("address", False)) == 1


def test_what_is_open_stands_first_and_lines_that_are_left_out_are_counted() -> None:
    found = [one for one in screen(DOSSIER) if "closed at" in one or "OPEN" in one]
    assert ["closed at" in one for one in found] == [False] * 4 + [True] * 3
    first = DOSSIER.to_close[0]
    many = replace(DOSSIER, held=tuple(replace(first, uid=f"app{number}", until=None) for number in range(20)))
    told = screen(many)
    assert "Is it closed?  0 of 20 compromised principals, apps, hosts and addresses are closed" in told
    assert "  and 8 more in the report, 8 of them open" in told
