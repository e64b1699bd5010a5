"""Does Word open the file, with the figures, the pictures and what they show, and is what a log says only text?"""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC

import docx
import pytest
from tests.report.hostile import hostile
from tests.report.scene import DOSSIER, EMPTY

from cloison.report.composing import Wish, compose
from cloison.report.dossier import Dossier
from cloison.report.word import write


def words(data: bytes) -> str:
    file = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(line.text for line in file.paragraphs), *cells]).split())


def made(dossier: Dossier = DOSSIER, lang: str = "en") -> bytes:
    return write(compose(dossier, Wish(lang)))


@pytest.fixture(scope="module")
def text() -> str:
    return words(made())


@pytest.mark.parametrize(
    "said",
    ["202 of 14,099", "120 of 11,904", "36 of 2,059,357", "5,004", "612,921 received", "T1078 Valid Accounts", "[Q1]"],
)
def test_the_figures_stand_in_it(text: str, said: str) -> None:
    assert said in text


def test_each_picture_says_in_words_what_it_shows() -> None:
    file = docx.Document(io.BytesIO(made()))
    said = [shape._inline.docPr.get("descr") for shape in file.inline_shapes]
    keys = ["came in", "read or searched", "taken away", "made, changed or reached on", "closed by a responder"]
    assert [one for one in said if one in keys] == keys
    assert len([one for one in said if len(one) > 30]) == 5
    assert any("202 of 14,099 pages read in Confluence" in one for one in said)
    assert any("15 Nov 2023: 398" in one for one in said)


def test_a_column_is_as_wide_in_the_grid_as_in_its_cells() -> None:
    file = docx.Document(io.BytesIO(made()))
    for table in file.tables:
        assert [column.width for column in table.columns] == [cell.width for cell in table.rows[0].cells]


def test_it_holds_nothing_that_runs_links_or_loads() -> None:
    with zipfile.ZipFile(io.BytesIO(made(hostile(DOSSIER)))) as parts:
        names = parts.namelist()
        body = parts.read("word/document.xml").decode()
        targets = [parts.read(name).decode() for name in names if name.endswith(".rels")]
    assert not [name for name in names if "vba" in name or "embeddings" in name or "external" in name]
    assert 'TargetMode="External"' not in "".join(targets)
    assert re.findall(r"<w:(?:instrText|fldSimple|hyperlink|object)\b", body) == []


def test_hostile_text_is_text() -> None:
    text = words(made(hostile(DOSSIER)))
    assert text.count("<script>alert(1)</script>") > 20
    assert "\\u202egpj\\u2066\\x1b[31m" in text


def test_the_same_document_gives_the_same_bytes() -> None:
    assert made(lang="fr") == made(replace(DOSSIER), lang="fr")


def test_its_language_is_set_and_no_clock_is_read() -> None:
    about = docx.Document(io.BytesIO(made(lang="fr"))).core_properties
    assert (about.language, about.created, about.title) == (
        "fr-FR",
        DOSSIER.coverage[1].last_at.replace(tzinfo=UTC),
        "Dossier harbour",
    )


def test_an_empty_case_is_told() -> None:
    assert "No source speaks in this case." in words(made(EMPTY))
