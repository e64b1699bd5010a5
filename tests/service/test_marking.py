"""Do marks stand in the one chain, with who and when, and does what holds follow from it?"""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.service.harness import asked

from cloison.errors import CaseError, InputError
from cloison.evidence.logbook import broken
from cloison.service.case import Case, make_case
from cloison.service.marking import Kind, Mark, mark, marks, promoted, withdraw

AT = "2025-03-05T09:00:00Z"
SOURCE = Path(__file__).parents[2] / "src"
WRITER = f"""
import sys
sys.path.insert(0, {str(SOURCE)!r})
from pathlib import Path
from cloison.service.case import open_case
from cloison.service.marking import Kind, mark
for number in range(int(sys.argv[3])):
    mark(open_case(Path(sys.argv[1])), Kind.COMMENT, "e1", str(number), who=sys.argv[2])
"""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return make_case(tmp_path / "case", written_by="test")


def marked(case: Case, kind: Kind, about: str = "e1", text: str = "", who: str = "ada") -> Mark:
    return mark(case, kind, about, text, who=who, at=AT)


def test_each_mark_says_who_when_and_about_what(case: Case) -> None:
    marked(case, Kind.STAR)
    marked(case, Kind.TAG, text="exfiltration")
    marked(case, Kind.COMMENT, about="s1", text="not us\nI asked", who="bea")
    marked(case, Kind.PROMOTE, about="e2", text="the first use")
    marked(case, Kind.REPORT, about="OPS-1", text="this may have been me", who="cem")
    assert marks(case).held == (
        Mark(1, AT, "ada", Kind.STAR, "e1", ""),
        Mark(2, AT, "ada", Kind.TAG, "e1", "exfiltration"),
        Mark(3, AT, "bea", Kind.COMMENT, "s1", "not us\nI asked"),
        Mark(4, AT, "ada", Kind.PROMOTE, "e2", "the first use"),
        Mark(5, AT, "cem", Kind.REPORT, "OPS-1", "this may have been me"),
    )
    assert promoted(case) == (Mark(4, AT, "ada", Kind.PROMOTE, "e2", "the first use"),)
    assert [one.kind for one in marks(case).about("e1")] == [Kind.STAR, Kind.TAG]
    assert {uid: len(some) for uid, some in marks(case).by_uid(["e1", "s1", "e9"]).items()} == {"e1": 2, "s1": 1}


def test_marks_and_notes_are_links_of_one_chain_that_the_command_line_shows(case: Case) -> None:
    marked(case, Kind.STAR)
    asked("note", case.folder, "rotated", "--by", "bea", "--at", AT)
    marked(case, Kind.COMMENT, text="seen")
    entries = case.logbook().entries()
    assert broken(entries) is None
    shown = json.loads(asked("note", case.folder, "--json"))
    assert [(one["number"], one["kind"]) for one in shown] == [(1, "star"), (2, "note"), (3, "comment")]
    assert [one.number for one in marks(case).held] == [1, 3]


def test_without_a_moment_it_is_now(case: Case) -> None:
    assert mark(case, Kind.STAR, "e1", "", who="ada").at > "2025-03-05T09:00:00Z"


def test_a_second_star_is_the_first(case: Case) -> None:
    first = marked(case, Kind.STAR)
    assert marked(case, Kind.STAR, who="bea") == first
    assert len(case.logbook().entries()) == 1


def test_a_thing_may_have_several_tags_and_comments_and_one_caption(case: Case) -> None:
    for text in ("a", "b", "a"):
        marked(case, Kind.TAG, text=text)
        marked(case, Kind.COMMENT, text=text)
        marked(case, Kind.PROMOTE, text=text)
    held = marks(case)
    assert [one.text for one in held.of(Kind.TAG)] == ["a", "b"]
    assert [one.text for one in held.of(Kind.COMMENT)] == ["a", "b", "a"]
    assert [(one.number, one.text) for one in held.of(Kind.PROMOTE)] == [(8, "a")]


def test_what_is_taken_back_holds_no_more_and_stays_in_the_chain(case: Case) -> None:
    one = marked(case, Kind.TAG, text="a")
    two = marked(case, Kind.TAG, text="b")
    assert withdraw(case, one.number, who="bea", any_of=False, at=AT) == Mark(3, AT, "bea", Kind.WITHDRAW, "#1", "")
    assert marks(case).held == (two,)
    assert [entry.kind for entry in case.logbook().entries()] == ["tag", "tag", "withdraw"]
    assert marked(case, Kind.TAG, text="a").number == 4
    with pytest.raises(InputError, match="no mark 1 holds"):
        withdraw(case, 1, who="ada", any_of=True)


@pytest.mark.parametrize("kind", [Kind.COMMENT, Kind.REPORT])
def test_what_one_alone_said_only_they_or_a_lead_take_back(case: Case, kind: Kind) -> None:
    one, two = (marked(case, kind, text=text) for text in "ab")
    with pytest.raises(InputError, match="mark 1 is another's"):
        withdraw(case, one.number, who="bea", any_of=False)
    withdraw(case, one.number, who="bea", any_of=True)
    withdraw(case, two.number, who="ada", any_of=False)
    assert marks(case).held == ()


def test_a_mark_that_a_withdrawal_names_too_early_or_in_no_number_stands(case: Case) -> None:
    for named in ("#2", "#x", "2", "#²"):
        case.logbook().write(at=AT, who="eve", kind="withdraw", text="", about=named)
    one = marked(case, Kind.STAR)
    assert marks(case).held == (one,)


@pytest.mark.parametrize(
    ("kind", "about", "text", "said"),
    [
        (Kind.STAR, " ", "", "about: nothing is said"),
        (Kind.STAR, "e1", "why", "a star says nothing"),
        (Kind.TAG, "e1", "\n", "text: nothing is said"),
        (Kind.COMMENT, "e1", "", "text: nothing is said"),
        (Kind.REPORT, "e1", " ", "text: nothing is said"),
        (Kind.TAG, "e1", "x" * 61, "text: 61 characters are too many"),
        (Kind.COMMENT, "e1", "x" * 10_001, "text: 10,001 characters are too many"),
        (Kind.STAR, "x" * 1_001, "", "about: 1,001 characters are too many"),
        (Kind.COMMENT, "e1", "a\x1b[2J", r"U\+001B is no character of a text"),
        (Kind.COMMENT, "e1", "a\0", r"U\+0000 is no character of a text"),
        (Kind.COMMENT, "e1", "\ud800", r"U\+D800 is no character of a text"),
        (Kind.VIEW, "e1", "x", "view is no mark"),
        (Kind.WITHDRAW, "#1", "", "withdraw is no mark"),
    ],
)
def test_what_cannot_be_a_mark_is_refused_and_nothing_is_written(
    case: Case, kind: Kind, about: str, text: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        marked(case, kind, about, text)
    assert case.logbook().entries() == []


def test_nobody_writes_without_a_name(case: Case) -> None:
    with pytest.raises(InputError, match="who: nothing is said"):
        marked(case, Kind.STAR, who="")


def test_of_a_broken_chain_nothing_from_there_on_is_believed_and_nothing_is_added(case: Case) -> None:
    for text in "abc":
        marked(case, Kind.TAG, text=text)
    with sqlite3.connect(case.folder / "logbook.sqlite") as base:
        base.execute("DROP TRIGGER unchanged")
        base.execute("UPDATE entry SET who = 'eve' WHERE number = 2")
    held = marks(case)
    assert ([one.text for one in held.held], held.broken) == (["a"], "entry 2 is not what was written")
    with pytest.raises(CaseError, match="the logbook is broken: entry 2 is not what was written"):
        marked(case, Kind.STAR)
    with pytest.raises(CaseError, match="the logbook is broken"):
        promoted(case)


def test_several_who_write_at_once_make_one_chain(case: Case) -> None:
    running = [subprocess.Popen([sys.executable, "-c", WRITER, case.folder, who, "15"]) for who in "abc"]
    assert [one.wait(timeout=60) for one in running] == [0, 0, 0]
    entries = case.logbook().entries()
    assert broken(entries) is None
    assert len(marks(case).held) == 45
    for who in "abc":
        assert [one.text for one in marks(case).held if one.who == who] == [str(number) for number in range(15)]
