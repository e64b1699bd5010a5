"""What have people marked in a case, who and when? Entries of its one logbook, and what of them holds now.

A mark is never changed: one that is taken back is followed by an entry `withdraw` that names its number. Every mark is
about something that the tables name by a uid; its text is a sentence, a tag, or nothing.
"""

import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cloison.errors import InputError
from cloison.evidence.logbook import Checked, Entry
from cloison.model.roles import Verb
from cloison.service.case import Case
from cloison.service.writing import whole_logbook, written

ABOUT_CHARACTERS = 1_000
TEXT_CHARACTERS = 10_000
TAG_CHARACTERS = 60
WHO_CHARACTERS = 100


class Kind(StrEnum):
    """What a mark is."""

    STAR = "star"
    TAG = "tag"
    COMMENT = "comment"
    PROMOTE = "promote"
    """A moment that belongs into the curated timeline; the text says why."""
    REPORT = "report"
    """A colleague says: this may have been me."""
    VIEW = "view"
    SHARE = "share"
    WITHDRAW = "withdraw"


MARKED_BY_HAND = (Kind.STAR, Kind.TAG, Kind.COMMENT, Kind.PROMOTE, Kind.REPORT)
"""What is about a uid of the case; views and links have a form of their own: `marking_views`."""
_SAID = {Kind.TAG, Kind.COMMENT, Kind.REPORT}
"""Of these the text must say something."""
_ONCE = {Kind.STAR: False, Kind.PROMOTE: False, Kind.TAG: True}
"""Of these a thing has one at most; of tags one of each text."""
_TAKES = {Kind.REPORT: Verb.REPORT, Kind.SHARE: Verb.LEAD}
_KINDS = frozenset(Kind)
_LONGEST = {Kind.TAG: TAG_CHARACTERS}


@dataclass(frozen=True)
class Mark:
    """What someone said about something: `number` is that of the entry, `at` UTC."""

    number: int
    at: str
    who: str
    kind: Kind
    about: str
    text: str


@dataclass(frozen=True)
class Marks:
    """The marks of a case that hold, in the order in which they were made.

    `broken` says which entry of the logbook is not what was written; nothing from there on is believed.
    """

    held: tuple[Mark, ...]
    broken: str = ""

    def of(self, kind: Kind) -> tuple[Mark, ...]:
        """Those of a kind."""
        return tuple(one for one in self.held if one.kind is kind)

    def about(self, uid: str) -> tuple[Mark, ...]:
        """What was said about one thing."""
        return tuple(one for one in self.held if one.about == uid)

    def by_uid(self, uids: Iterable[str]) -> dict[str, tuple[Mark, ...]]:
        """What was said about each of some things; those of which nothing was said are left out."""
        found: dict[str, tuple[Mark, ...]] = {}
        wanted = set(uids)
        for one in self.held:
            if one.about in wanted and one.kind in MARKED_BY_HAND:
                found[one.about] = (*found.get(one.about, ()), one)
        return found

    def numbered(self, number: int) -> Mark | None:
        """The mark of that number, if it holds."""
        return next((one for one in self.held if one.number == number), None)


def marks(case: Case) -> Marks:
    """What holds now; the logbook is read and checked anew where its files are not those of the last time.

    Raises:
        CaseError: the logbook cannot be read.
    """
    return _held(case.logbook().checked(time.time_ns))


@lru_cache(maxsize=8)
def _held(found: Checked) -> Marks:
    wrong = found.broken
    whole = found.entries[: wrong.number - 1] if wrong else found.entries
    return Marks(_folded(whole), f"entry {wrong.number} {wrong.why}" if wrong else "")


def promoted(case: Case) -> tuple[Mark, ...]:
    """The moments of the curated timeline: `about` is the event's uid, `text` why it matters, and who said so when.

    Raises:
        CaseError: the logbook cannot be read, or is not what was written.
    """
    return _whole(case).of(Kind.PROMOTE)


def mark(case: Case, kind: Kind, about: str, text: str, *, who: str, at: str | None = None) -> Mark:
    """Mark something. What has that mark already keeps the one it has, unless a promoted moment is given another text.

    Raises:
        InputError: nothing is named or said, or it is too long or holds what is no text.
        CaseError: the logbook cannot be written, or is not what was written.
    """
    if kind not in MARKED_BY_HAND:
        raise InputError(f"{kind} is no mark", remedy=f"one of {', '.join(MARKED_BY_HAND)}")
    about, text = about.strip(), text.strip()
    _check(about, "about", ABOUT_CHARACTERS, needed=True)
    _check(text, "text", _LONGEST.get(kind, TEXT_CHARACTERS), needed=kind in _SAID)
    if kind is Kind.STAR and text:
        raise InputError("a star says nothing", where="text", remedy="write a comment")
    held = _whole(case)
    for one in held.held:
        if kind in _ONCE and (one.kind, one.about, one.text) == (kind, about, text):
            return one
    return write(case, kind, about, text, who=who, at=at)


def takes(one: Mark | None) -> Verb:
    """What it takes to take a mark back, beside that it is one's own or a lead's to take back."""
    return _TAKES.get(one.kind, Verb.MARK) if one else Verb.REPORT


def withdraw(case: Case, number: int, *, who: str, any_of: bool, at: str | None = None) -> Mark:
    """Take a mark back. What one alone said only they take back, or someone who may take back `any_of` them.

    Raises:
        InputError: there is no such mark, or it is another's.
        CaseError: the logbook cannot be written, or is not what was written.
    """
    found = _whole(case).numbered(number)
    if found is None:
        raise InputError(f"no mark {number} holds", remedy="look at what holds now")
    if not any_of and found.kind not in _ONCE and found.who != who:
        raise InputError(f"mark {number} is another's", remedy="ask them, or a lead, to take it back")
    return write(case, Kind.WITHDRAW, f"#{number}", "", who=who, at=at)


def write(case: Case, kind: Kind, about: str, text: str, *, who: str, at: str | None = None) -> Mark:
    """Put an entry of a mark behind the last one of the logbook."""
    _check(who, "who", WHO_CHARACTERS, needed=True)
    return _mark(case.logbook().write(at=at or written(), who=who, kind=kind, text=text, about=about))


def _whole(case: Case) -> Marks:
    return Marks(_folded(whole_logbook(case)))


def _check(text: str, where: str, longest: int, *, needed: bool) -> None:
    if needed and not text:
        raise InputError("nothing is said", where=where, remedy="write something")
    if len(text) > longest:
        raise InputError(f"{len(text):,} characters are too many", where=where, remedy=f"write at most {longest:,}")
    strange = [one for one in text if unicodedata.category(one) in {"Cc", "Cs", "Cn"} and one not in "\n\t"]
    if strange:
        raise InputError(f"U+{ord(strange[0]):04X} is no character of a text", where=where, remedy="leave it out")


def _folded(entries: Iterable[Entry]) -> tuple[Mark, ...]:
    held: dict[int, Mark] = {}
    last: dict[tuple[str, ...], int] = {}
    for entry in entries:
        if entry.kind not in _KINDS:
            continue
        one = _mark(entry)
        if one.kind is Kind.WITHDRAW:
            _take_back(held, one.about)
            continue
        if one.kind in _ONCE:
            held.pop(last.get(_same(one), 0), None)
            last[_same(one)] = one.number
        held[one.number] = one
    return tuple(held.values())


def _same(one: Mark) -> tuple[str, ...]:
    """Of two marks that have this in common the later stands for both."""
    return (one.kind, one.about, one.text) if _ONCE[one.kind] else (one.kind, one.about)


def _take_back(held: dict[int, Mark], named: str) -> None:
    number = named.removeprefix("#")
    if number.isdecimal():
        held.pop(int(number), None)


def _mark(entry: Entry) -> Mark:
    return Mark(entry.number, entry.at, entry.who, Kind(entry.kind), entry.about, entry.text)
