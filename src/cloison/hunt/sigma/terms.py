"""What may a rule's condition consist of? The closed list of tests and their logic, as frozen data."""

from dataclasses import dataclass
from typing import Literal

Wildcard = Literal["many", "one"]
"""`*` and `?` of a pattern."""


class UnfitError(Exception):
    """Why a rule cannot run."""


Operator = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Text:
    """A literal stretch of a pattern."""

    text: str


@dataclass(frozen=True)
class Pattern:
    """A text value with wildcards; compared without regard to case unless `cased`."""

    parts: tuple[Text | Wildcard, ...]
    cased: bool = False


@dataclass(frozen=True)
class Number:
    """A number, compared as one."""

    operator: Operator
    number: int | float


@dataclass(frozen=True)
class Truth:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True)
class Absent:
    """`null`: the event holds no value there."""


@dataclass(frozen=True)
class Exists:
    """Whether the event has the field, be it null or not."""

    wanted: bool


@dataclass(frozen=True)
class Regex:
    """A regular expression found anywhere in the value; `flags` are of `ims`."""

    pattern: str
    flags: str = ""


@dataclass(frozen=True)
class Network:
    """An address within a range; first and last address as sortable keys."""

    low: str
    high: str


@dataclass(frozen=True)
class Same:
    """As what another field of the same event holds: equal to it, or starting, ending with, containing it."""

    field: str
    starts: bool = False
    ends: bool = False


@dataclass(frozen=True)
class Part:
    """A part of a time: minute, hour, day, week, month, year."""

    unit: str
    number: int


Test = Pattern | Number | Truth | Absent | Exists | Regex | Network | Same | Part


@dataclass(frozen=True)
class Match:
    """A test of a field; without a field it is a keyword, looked for in every value of the event."""

    field: str | None
    test: Test


@dataclass(frozen=True)
class Not:
    """What the event must not be like."""

    one: "Term"


@dataclass(frozen=True)
class Every:
    """Every one of them."""

    each: "tuple[Term, ...]"


@dataclass(frozen=True)
class Either:
    """At least one of them."""

    each: "tuple[Term, ...]"


Term = Match | Not | Every | Either


def fields_of(term: Term) -> frozenset[str]:
    """Every field that a condition reads."""
    if isinstance(term, Match):
        named = {term.field} if term.field is not None else set()
        return frozenset(named | ({term.test.field} if isinstance(term.test, Same) else set()))
    if isinstance(term, Not):
        return fields_of(term.one)
    return frozenset().union(*map(fields_of, term.each))


def has_keywords(term: Term) -> bool:
    """Whether a condition searches every value of the event."""
    if isinstance(term, Match):
        return term.field is None
    return has_keywords(term.one) if isinstance(term, Not) else any(map(has_keywords, term.each))
