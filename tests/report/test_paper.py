"""Is the PDF tagged, equal each time, whole in its words and figures, and deaf to what a log tells it?"""

import io
import re
from dataclasses import replace

import pypdf
import pytest
from tests.report.hostile import hostile
from tests.report.scene import DOSSIER, EMPTY

from cloison.report.composing import Wish, compose
from cloison.report.dossier import Dossier
from cloison.report.paper import _COVERED, drawn, write


def read(dossier: Dossier, wish: Wish = Wish()) -> str:  # noqa: B008  # frozen
    file = pypdf.PdfReader(io.BytesIO(write(compose(dossier, wish))))
    return " ".join(" ".join(page.extract_text().replace("\u200b", "") for page in file.pages).split())


@pytest.fixture(scope="module")
def text() -> str:
    return read(DOSSIER)


@pytest.mark.parametrize(
    "said",
    [
        "Case harbour", "Was it used? Yes proven", "4 of 5,004", "202 of 14,099", "120 of 11,904", "36 of 2,059,357",
        "14,099 pages", "enlarged", "202 · 1.4 %", "76 · 0.64 %", "99.7 %", "Acts per six hours: 1,102 proven",
        "612,921 received", "453 rules ran over 271,612 events", "T1078 Valid Accounts", "0 / 12,456",
    ],
)  # fmt: skip
def test_the_words_and_the_figures_of_the_pictures_are_text(text: str, said: str) -> None:
    assert said in text


def test_it_is_tagged_and_has_its_language_and_title() -> None:
    file = pypdf.PdfReader(io.BytesIO(write(compose(DOSSIER, Wish("fr")))))
    root = file.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])  # type: ignore[index]
    assert root["/Lang"] == "fr"  # type: ignore[index]
    assert b"pdfuaid" in file.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    assert file.metadata is not None
    assert (file.metadata.title, file.metadata.creation_date) == ("Dossier harbour", None)


def test_nothing_in_it_runs_or_leads_outside() -> None:
    data = write(compose(hostile(DOSSIER), Wish()))
    file = pypdf.PdfReader(io.BytesIO(data))
    actions = [
        link["/A"].get_object()
        for page in file.pages
        for link in (one.get_object() for one in page.get("/Annots", []))
        if "/A" in link
    ]
    assert [one for one in actions if one.get("/S") != "/GoTo"] == []
    root = file.trailer["/Root"]
    assert [name for name in ("/OpenAction", "/AA", "/AcroForm") if name in root] == []  # type: ignore[operator]
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|URI)\b", data)


def test_hostile_text_is_text() -> None:
    text = read(hostile(DOSSIER))
    close = text.replace(" ", "")
    assert close.count("<script>alert(1)</script>") > 20
    assert '#panic("t")$x$' in close
    assert "\\u202egpj\\u2066\\x1b[31m" in close


def test_the_same_document_gives_the_same_bytes() -> None:
    assert write(compose(DOSSIER, Wish("fr"))) == write(compose(replace(DOSSIER), Wish("fr")))


def test_an_empty_case_is_told() -> None:
    assert "No source speaks in this case." in read(EMPTY)


def test_what_no_face_can_draw_is_an_escape_and_what_is_said_to_be_drawn_is() -> None:
    every = "".join(chr(point) for low, high in _COVERED for point in range(low, high + 1))
    assert "\\u6771\\u4eac" in read(replace(DOSSIER, title="\u6771\u4eac"))
    assert read(replace(DOSSIER, title=every))  # PDF/UA-1 refuses a character without a glyph


def test_a_drawing_is_a_picture() -> None:
    path = next(block for one in compose(DOSSIER, Wish()).sections for block in one.blocks if hasattr(block, "svg"))
    assert drawn(path.svg, 300).startswith(b"\x89PNG")
