"""Is the page whole, alone, equal each time, and deaf to what a log tells it?"""

import re
from dataclasses import replace

import pytest
from tests.report.hostile import INERT, hostile
from tests.report.scene import DOSSIER, EMPTY, ENTRIES, HELD, TIMELINE, at, uid
from tests.report.structure import Page

from cloison.report.composing import Wish, compose
from cloison.report.dossier import Dossier, Promoted
from cloison.report.html import write
from cloison.report.queries import QUERIES

OUTSIDE = frozenset(
    {"script", "img", "link", "iframe", "object", "embed", "form", "base", "foreignobject", "use", "image"}
)
FIGURES = """
1,040 612,921 607,281 5,423 217 19 219 202 14,099 205 124 120 76 11,904 41 36 2,059,357 4,997 5,004 5,406 914 8,123
3,310 251,003 20,609 2,249 1,329 231 1,318 32,103 1.4 1.0 0.0017
"""
ANSWERS = (
    """Was it used? Yes proven 4 of 5,004 exposed credentials were misused 3 of 4 indicators were seen""",
    """How far did they get? Into 3 systems proven 202 of 14,099 pages read (at most 205) in Confluence · 1.4 %
    120 of 11,904 repositories read, 76 taken in Bitbucket · 1.0 % 36 of 2,059,357 tickets read in Jira · 0.0017 %""",
    """Is it closed? No refuted 3 of 7 compromised principals, apps, hosts and addresses are closed
    4,997 of 5,004 exposed credentials are proven dead""",
    """Can we prove it? Yes, for what was read with gaps
    612,704 of 612,921 records were read, out of 1,040 files""",
)


def render(dossier: Dossier, lang: str = "en") -> str:
    return write(compose(dossier, Wish(lang))).decode()


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render(DOSSIER))


@pytest.mark.parametrize("dossier", [DOSSIER, EMPTY, hostile(DOSSIER)], ids=["whole", "empty", "hostile"])
def test_every_element_is_closed_where_it_was_opened(dossier: Dossier) -> None:
    assert Page(render(dossier)).faults == []


@pytest.mark.parametrize("dossier", [DOSSIER, EMPTY, hostile(DOSSIER)], ids=["whole", "empty", "hostile"])
def test_the_page_needs_nothing_from_outside_and_runs_nothing(dossier: Dossier) -> None:
    text = render(dossier)
    page = Page(text)
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert {"http-equiv": "Content-Security-Policy", "content": policy} in page.named("meta")
    assert {tag for tag, _ in page.elements} & OUTSIDE == set()
    assert {link["href"][0] for link in page.named("a")} == {"#"}
    assert not [
        name for _, attributes in page.elements for name in attributes if name.startswith("on") or name == "src"
    ]
    assert re.findall(r"url\(|@import|https?://(?!evil)", text) == []


def test_every_link_of_the_page_leads_to_a_part_of_it(page: Page) -> None:
    uids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(uids) == len(set(uids))
    assert {link["href"][1:] for link in page.named("a")} <= set(uids)


def test_hostile_text_is_shown_and_does_nothing() -> None:
    text = render(hostile(DOSSIER))
    page = Page(text)
    assert page.text.count(INERT) > 40
    assert re.findall("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text) == []
    assert "49" not in re.findall(r">\s*(\d+)\s*<", text)


def test_the_two_pages_have_the_same_elements_whatever_a_log_says() -> None:
    plain = replace(hostile(DOSSIER), title="x")
    tags = {tag for tag, _ in Page(render(plain)).elements}
    assert tags <= {tag for tag, _ in Page(render(DOSSIER)).elements} | {"details", "summary", "br"}


@pytest.mark.parametrize("said", ANSWERS)
def test_the_four_questions_are_answered_with_their_wholes(page: Page, said: str) -> None:
    assert " ".join(said.split()) in page.text


@pytest.mark.parametrize("figure", FIGURES.split())
def test_every_figure_of_the_dossier_is_on_the_page(page: Page, figure: str) -> None:
    assert re.search(rf"(?<![\d,]){re.escape(figure)}(?![\d,])", page.text)


def test_each_row_names_its_event(page: Page) -> None:
    proven = [one.event_uid for one in TIMELINE if one.standing == "proven"]
    for event in (*proven, *(one.event_uid for one in ENTRIES), *(one.closed_by for one in HELD if one.closed_by)):
        assert str(event) in page.text
    assert uid(905) in page.text


def test_the_intruders_addresses_are_never_written_whole(page: Page) -> None:
    text = render(DOSSIER)
    assert "203.0.113[.]126" in page.text
    assert "198.51.100[.]214" in page.text
    assert "kestrel-cdn[.]example" in page.text
    assert [value for value in ("203.0.113.126", "198.51.100.214", "kestrel-cdn.example") if value in text] == []


def test_an_indicator_that_was_not_seen_is_said_of_the_hours_covered(page: Page) -> None:
    assert "4bc042f75cfcb5538c91b5aaf163397596fc12c2cb73f87ba65f933331b28894 SHA-256 hash not seen" in page.text
    assert "is said of the hours that the sources cover, and of nothing else" in page.text


def test_an_account_that_does_not_add_up_says_so() -> None:
    short = replace(DOSSIER, account=replace(DOSSIER.account, stored=607_000))
    assert "does not add up: 612,640 records are accounted for" in Page(render(short)).text
    assert "does not add up" not in Page(render(DOSSIER)).text


def test_an_empty_case_claims_nothing() -> None:
    text = Page(render(EMPTY)).text
    assert "Was it used? No log says unknown" in text
    assert "How far did they get? No reading is on record unknown" in text
    assert "Is it closed? Nothing to close was found no evidence" in text
    assert "Can we prove it? No unknown 0 of 0 records were read" in text


def test_a_long_table_says_how_many_rows_it_leaves_out() -> None:
    many = tuple(replace(TIMELINE[4], event_uid=uid(n)) for n in range(1203))
    page = Page(render(replace(DOSSIER, timeline=many)))
    assert "703 rows: cloison show CASE timeline" in page.text
    assert len(page.named("tr")) < 700


def test_tables_tell_their_headers_and_landmarks_stand(page: Page) -> None:
    assert {header["scope"] for header in page.named("th")} == {"col", "row"}
    assert [len(page.named(tag)) for tag in ("main", "header", "footer", "nav", "h1")] == [1, 1, 1, 1, 1]
    assert all("aria-label" in picture for picture in page.named("svg") if picture.get("role") == "img")
    assert page.named("html") == [{"lang": "en"}]


def test_the_same_dossier_gives_the_same_bytes() -> None:
    assert render(DOSSIER) == render(replace(DOSSIER))


def test_every_figure_leads_to_the_query_behind_it(page: Page) -> None:
    named = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    led = {link["href"][1:] for link in page.named("a") if link.get("class") == "ref"}
    assert led <= named
    assert {"ref-ledger", "ref-scope", "ref-account", "ref-timeline", "ref-coverage", "ref-activity"} <= led
    for sql in QUERIES.values():
        assert " ".join(sql.split()) in page.text


def test_what_people_promote_is_told_with_their_words() -> None:
    by_hand = Promoted(at("11-18 10:00:00"), "jira", "m.alder", uid(14), "ada", "they come back")
    assert "promoted by ada: they come back" in Page(render(replace(DOSSIER, promoted=(by_hand,)))).text
