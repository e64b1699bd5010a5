"""Is a report of a case written in each form, equal each time, with the numbers that its tables hold?"""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.report.structure import Page

from cloison.cli.main import cli
from cloison.errors import InputError
from cloison.service.answers import dossier
from cloison.service.case import Case
from cloison.service.reporting import WantedReport

RECORDS = [
    {"uuid": f"e{n}", "published": f"2023-11-15T10:0{n}:00Z", "eventType": "user.session.start", "version": "0"}
    for n in range(3)
]


ALIKE = {
    "actor": {"type": "User", "alternateId": "zoe"},
    "client": {"ipAddress": "203.0.113.9"},
    "outcome": {"result": "SUCCESS"},
    "target": [],
    "severity": "INFO",
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    (folder / "logs").mkdir()
    lines = (json.dumps({**one, **ALIKE}) for one in RECORDS)
    (folder / "logs" / "okta.json").write_text("\n".join(lines))
    (folder / "indicators.txt").write_text("203.0.113.9\n")
    arguments = ["investigate", str(folder / "case"), "--evidence", str(folder / "logs"), "-q"]
    run(*arguments, "--indicators", str(folder / "indicators.txt"))
    return folder / "case"


def run(*arguments: str) -> str:
    found = CliRunner().invoke(cli, [*arguments], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout


@pytest.mark.parametrize("form", ["html", "pdf", "md", "docx"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_form_is_written_twice_the_same(case: Path, tmp_path: Path, form: str, lang: str) -> None:
    first, second = tmp_path / f"one.{form}", tmp_path / f"two.{form}"
    for path in (first, second):
        run("report", str(case), "--format", form, "--lang", lang, "-o", str(path), "-q")
    assert first.read_bytes() == second.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".draft"] == []


def test_its_numbers_are_those_of_the_tables(case: Path) -> None:
    run("report", str(case), "--no-detections", "-q")
    text = Page((case / "report" / "report.html").read_text(encoding="utf-8")).text
    account = json.loads(run("show", str(case), "account", "--json", "-q"))
    sightings = json.loads(run("show", str(case), "sightings", "--json", "-q"))
    assert f"{sum(row['received'] for row in account)} received" in text
    assert re.search(rf"203\.0\.113\[\.\]9 IP address {len(sightings)} ", text)
    assert len(sightings) == 3


def test_every_query_that_it_names_was_run(case: Path) -> None:
    for asked in dossier(Case(case)).asked:
        assert asked.sql
        assert asked.rows >= 0
    assert {asked.name for asked in dossier(Case(case), detecting=False).asked} >= {"account", "scope", "timeline"}


def test_what_investigate_writes_is_what_the_command_in_it_writes(case: Path) -> None:
    run("report", str(case), "--no-detections", "-q")
    written = (case / "report" / "report.html").read_bytes()
    assert b"cloison report CASE --no-detections" in written
    run("investigate", str(case), "-q")
    assert (case / "report" / "report.html").read_bytes() == written


def test_where_it_lies_says_what_it_is(tmp_path: Path) -> None:
    case = Case(tmp_path)
    assert WantedReport().path(case) == tmp_path / "report" / "report.html"
    assert WantedReport("pdf", "fr", "public").path(case) == tmp_path / "report" / "report.fr.public.pdf"


def test_a_place_that_cannot_be_written_is_said(case: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        run("report", str(case), "-q", "--no-detections", "-o", str(tmp_path / "no" / "r.html"))
