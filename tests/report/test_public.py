"""Does the public version hold no name of the case in any form, and all counts, bounds, times and what is closed?"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pypdf
import pytest
from tests.report.hostile import HOSTILE, hostile
from tests.report.scene import DOSSIER
from tests.report.structure import Page

from cloison.report import html, markdown, paper, word
from cloison.report.composing import Wish, compose
from cloison.report.document import Document

KEPT = frozenset({"okta", "jira", "confluence", "aws", "cloudflare", "bitbucket", "network", "cloudflare_access"})
"""Systems that logs are of, which a public account names."""
NAMES = (
    "203.0.113", "198.51.100", "192.0.2", "kestrel", "AKIA", "5e0c2f1a", "svc-", "helpdesk-bot", "m.alder", "r.quist",
    "o.dunn", "groovyrunner", "OPS-1201", "778120", "779001", "FRT/rates", "jira-software-users",
    "jira-administrators", "remote access", "brightwater", "4bc042f7", "harbour",
    "00000000000000000000000000000004", "Our own rule",
)  # fmt: skip


def texts(document: Document) -> Iterator[tuple[str, str]]:
    """What each form holds, unpacked: the very bytes, and of PDF and Word the text in them."""
    yield "html", html.write(document).decode()
    yield "md", markdown.write(document).decode()
    with zipfile.ZipFile(io.BytesIO(word.write(document))) as parts:
        yield "docx", "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    data = paper.write(document)
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    read = "".join(page.extract_text() for page in pages)
    yield "pdf", "".join(read.replace("\u200b", "").split())
    yield "pdf, raw", data.decode("latin-1")


@pytest.fixture(scope="module", params=["en", "fr"])
def told(request: pytest.FixtureRequest) -> dict[str, str]:
    return dict(texts(compose(DOSSIER, Wish(request.param, public=True, known=KEPT))))


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_the_case_is_in_any_form(told: dict[str, str], name: str) -> None:
    found = [form for form, text in told.items() if name in text or name.replace(" ", "") in text]
    assert found == []


def test_the_technical_version_holds_them_so_that_the_test_can_fail() -> None:
    text = html.write(compose(DOSSIER, Wish())).decode()
    assert [name for name in NAMES if name not in text] == []


def test_a_hostile_value_is_not_in_it_either() -> None:
    for form, text in texts(compose(hostile(DOSSIER), Wish("en", public=True, known=KEPT))):
        assert "alert(1)" not in text, form
        assert "panic" not in text, form


def test_counts_bounds_times_and_what_is_closed_remain() -> None:
    text = Page(html.write(compose(DOSSIER, Wish("en", public=True, known=KEPT))).decode()).text
    for said in (
        "202 of 14,099",
        "(at most 205)",
        "4,997 of 5,004",
        "2023-11-23 17:23:00Z",
        "3 of 7 compromised",
        "closed",
    ):
        assert said in text


def test_the_same_thing_has_the_same_name_everywhere() -> None:
    text = Page(html.write(compose(DOSSIER, Wish("en", public=True, known=KEPT))).decode()).text
    assert "account created: account C in Jira, since 2023-11-16 14:36:37Z" in text
    assert "account C created" in text
    assert "account C closed" in text


def test_no_part_of_a_public_document_was_left_raw() -> None:
    assert HOSTILE[:30] not in repr(list(_strings(compose(hostile(DOSSIER), Wish("fr", public=True, known=KEPT)))))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            yield from _strings(getattr(value, one.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from _strings(part)
