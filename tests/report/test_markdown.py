"""Does Markdown hold the words and figures of the report, and nothing in it that links, loads, runs or computes?"""

import re

import pytest
from tests.report.hostile import hostile
from tests.report.scene import DOSSIER, EMPTY

from cloison.report.composing import Wish, compose
from cloison.report.markdown import write


def told(lang: str = "en") -> str:
    return write(compose(DOSSIER, Wish(lang))).decode()


@pytest.mark.parametrize("said", ["**202** / 14,099", "**120** / 11,904", "**36** / 2,059,357", "4,997", "612,704"])
def test_the_figures_stand_in_it(said: str) -> None:
    assert said in told()


def test_a_table_has_as_many_cells_in_each_row() -> None:
    tables = re.findall(r"(?:^\|.*\|$\n?)+", write(compose(hostile(DOSSIER), Wish())).decode(), re.MULTILINE)
    assert len(tables) > 8
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_hostile_text_begins_no_construct() -> None:
    text = write(compose(hostile(DOSSIER), Wish())).decode()
    outside = re.sub(r"```sql\n.*?```", "", text, flags=re.DOTALL).replace("<br>", "")
    assert re.findall(r"(?<!\\)(?:<|\]\(|!\[|\{\{|\{%|https?://)", outside) == []
    assert re.findall("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]", text) == []
    assert "\\<script\\>" in text


def test_an_empty_case_is_told() -> None:
    assert "No source speaks in this case" in write(compose(EMPTY, Wish())).decode()


def test_the_same_document_gives_the_same_bytes() -> None:
    assert told("fr") == told("fr")
