"""Do the documents say what the code says, and does the check see when they do not?"""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from scripts.pages.checks import broken_links, faults, machine_words, missing_tests
from scripts.pages.columns import meaning
from scripts.pages.tables_page import contracts_in
from scripts.pages.words import CONVERTERS, WORDS
from scripts.write_docs import pages, stale

from cloison.model.limits import LIMITS
from cloison.scope.spread import COMPROMISE, READS, RULES
from cloison.service import given_tables
from cloison.service.plan import ANALYSES, ANSWERS
from cloison.sources import spec

ROOT = Path(__file__).parents[2]


def test_the_made_pages_are_up_to_date() -> None:
    assert stale(ROOT) == []


def test_links_named_tests_and_words_hold() -> None:
    assert list(faults(ROOT)) == []


def test_a_stale_page_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "src").symlink_to(ROOT / "src")
    for path, text in pages(ROOT).items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert stale(tmp_path) == []
    (tmp_path / "docs/cli.md").write_text("# The command line\n", encoding="utf-8")
    assert stale(tmp_path) == ["docs/cli.md: stale; run `python -m scripts.write_docs`"]


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    text = "# A head\n[good](#a-head) [gone](gone.md) [bare](#b-head) [web](https://docs.example/) `[code](gone.md)`\n"
    page.write_text(text, encoding="utf-8")
    assert broken_links(page, text) == ["link leads nowhere: gone.md", "link leads nowhere: #b-head"]


def test_an_invariant_without_its_test_is_seen() -> None:
    text = "`tests/docs/test_pages.py::test_a_stale_page_is_named` `tests/docs/test_pages.py::test_of_the_moon`"
    assert missing_tests(ROOT, text) == ["names no test: tests/docs/test_pages.py::test_of_the_moon"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cd " + "/home" + "/ada/case", ["speaks of one machine: /home" + "/ada"]),
        ("--index" + "-url x", ["speaks of one machine: --index" + "-url"]),
        ("https://" + "pypi" + ".corp.example/simple", ["speaks of one machine: https://" + "pypi" + ".corp.example"]),
        ("GET https://wiki.example/home/page HTTP/1.1, see docs/work/plan.md", []),
    ],
)
def test_what_holds_on_one_machine_only_is_seen(text: str, said: list[str]) -> None:
    assert machine_words(text) == said


@pytest.mark.parametrize("name", list(WORDS))
def test_every_word_of_a_source_is_explained(name: str) -> None:
    said = {field.encode_name for field in msgspec.structs.fields(getattr(spec, name))}
    assert set(WORDS[name]) == said


def test_every_struct_of_the_vocabulary_is_explained() -> None:
    stated = {name for name, one in vars(spec).items() if isinstance(one, type) and issubclass(one, msgspec.Struct)}
    assert set(WORDS) == stated


def test_every_converter_is_explained() -> None:
    assert set(CONVERTERS) == set(get_args(spec.Converter))


def test_every_column_that_a_user_sees_is_explained() -> None:
    told = [one for path in (ROOT / "src/cloison").rglob("*.py") for one in contracts_in(path, ROOT)]
    assert {one.name for one in told} >= {*ANSWERS, "events", "acts"}
    columns = [(one.name, name, comment) for one in told for name, _, comment in one.columns]
    assert [column for column in columns if not meaning(*column)] == []


def test_the_architecture_says_what_each_analysis_reads() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    listed = page.split("| table | reads | says |", 1)[1].split("\n\n", 1)[0]
    said = {name: set(reads.split(", ")) for name, reads in re.findall(r"\| `(\w+)` \| ([\w, ]+) \|", listed)}
    assert said == {one.contract.name: set(one.inputs) for one in ANALYSES} | {COMPROMISE.name: set(READS)}


def test_the_architecture_names_every_rule() -> None:
    named = set(re.findall(r"`(\w+)`", (ROOT / "docs/architecture.md").read_text(encoding="utf-8")))
    assert {rule.name for rule in RULES} <= named


def test_the_figures_in_the_decisions_are_those_of_the_code() -> None:
    spread = (ROOT / "docs/decisions/0007-spread.md").read_text(encoding="utf-8")
    assert ("Twenty-five rules" in spread, len(RULES)) == (True, 25)
    assert (f"At most {LIMITS.hops} steps" in spread, LIMITS.hops) == (True, 12)
    assert (f"`limits.clock_seconds` ({LIMITS.clock_seconds})" in spread, LIMITS.clock_seconds) == (True, 120)
    sessions = (ROOT / "docs/decisions/0006-sessions.md").read_text(encoding="utf-8")
    assert ("30\nminutes" in sessions, LIMITS.session_gap_minutes) == (True, 30)


def test_the_readme_lists_every_spelling_of_every_input_column() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    synonyms = [words for columns in given_tables._SYNONYMS.values() for words in columns.values()]
    listed = {word for words in synonyms for word in words.split("|")}
    assert {word for word in listed if f"`{word}`" not in readme} == set()


def test_every_dependency_has_its_reason() -> None:
    described = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("\ndependencies = [", 1)[1].split("]", 1)[0]
    needed = set(re.findall(r'"([a-z0-9-]+)', described))
    reasons = (ROOT / "docs/decisions/0010-dependencies.md").read_text(encoding="utf-8")
    assert {name for name in needed if f"| {name} |" not in reasons} == set()
