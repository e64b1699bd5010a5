"""Are views saved, and do links show what they were made for, for as long as they hold?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cloison.errors import CaseError, InputError
from cloison.service.case import Case, make_case
from cloison.service.marking import marks, withdraw
from cloison.service.marking_views import (
    View,
    save_view,
    share,
    share_numbered,
    shared_by,
    shares,
    view_numbered,
    views,
)

AT = "2025-03-05T09:00:00Z"
NOW = datetime(2025, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return make_case(tmp_path / "case", written_by="test")


def saved(case: Case, name: str = "night", query: str = "from=2025-03-04T22:00Z") -> View:
    return save_view(case, name, "/timeline", query, who="ada", at=AT)


def test_the_last_view_of_a_name_is_the_one_of_that_name(case: Case) -> None:
    first, other, last = saved(case), saved(case, "day", ""), saved(case, query="system=jira")
    held = marks(case)
    assert views(held) == (other, last)
    assert view_numbered(held, 1) == first == View(1, AT, "ada", "night", "/timeline", "from=2025-03-04T22:00Z")


@pytest.mark.parametrize(
    ("name", "path", "query", "said"),
    [
        ("", "/a", "", "name: this is no name"),
        ("a\nb", "/a", "", "name: this is no name"),
        ("x" * 101, "/a", "", "name: this is no name"),
        ("a", "//evil.example/", "", "path: this is no page"),
        ("a", "https://evil.example/", "", "path: this is no page"),
        ("a", "/\\evil.example", "", "path: this is no page"),
        ("a", "/a/../../etc", "", "path: this is no page"),
        ("a", "/a?b", "", "path: this is no page"),
        ("a", "/a", "<script>", "query: these are no filters"),
        ("a", "/a", "x" * 4001, "query: these are no filters"),
        ("a", "/a", "a=b\r\nset-cookie: c", "query: these are no filters"),
    ],
)
def test_what_is_no_view_is_refused(case: Case, name: str, path: str, query: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        save_view(case, name, path, query, who="ada")
    assert case.logbook().entries() == []


def test_a_link_shows_the_view_that_it_was_made_for_until_it_ends(case: Case) -> None:
    first = saved(case)
    secret, made = share(case, first.number, days=7, who="lea", at=AT)
    saved(case, query="system=jira")
    held = marks(case)
    assert made.until == "2025-03-12T09:00:00Z"
    assert shared_by(held, secret, NOW) == made
    assert made.view == first
    assert shared_by(held, secret, NOW + timedelta(days=7)) is None
    assert share_numbered(held, made.number, NOW + timedelta(days=6, hours=23)) == made
    assert share_numbered(held, made.number, NOW + timedelta(days=7)) is None
    assert share_numbered(held, first.number, NOW) is None
    assert shared_by(held, "another", NOW) is None


def test_the_logbook_keeps_no_secret(case: Case) -> None:
    secret, _ = share(case, saved(case).number, days=1, who="lea", at=AT)
    assert secret not in "".join(entry.text + entry.about for entry in case.logbook().entries())
    assert len(secret) == 43


def test_a_link_that_is_taken_back_or_whose_view_is_shows_nothing(case: Case) -> None:
    one, two = saved(case), saved(case, "day")
    first, made = share(case, one.number, days=1, who="lea", at=AT)
    second, _ = share(case, two.number, days=1, who="lea", at=AT)
    withdraw(case, made.number, who="lea", any_of=True, at=AT)
    withdraw(case, two.number, who="lea", any_of=True, at=AT)
    held = marks(case)
    assert [shared_by(held, secret, NOW) for secret in (first, second)] == [None, None]
    assert shares(held) == ()


@pytest.mark.parametrize("days", [0, 31, -1])
def test_no_link_lasts_for_ever(case: Case, days: int) -> None:
    with pytest.raises(InputError, match="a link lasts from 1 to 30 days"):
        share(case, saved(case).number, days=days, who="lea")


def test_an_entry_that_is_no_view_is_named(case: Case) -> None:
    case.logbook().write(at=AT, who="eve", kind="view", text="[", about="night")
    with pytest.raises(CaseError, match="entry 1 of the logbook is no view"):
        views(marks(case))
