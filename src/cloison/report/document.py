"""What is a report before it is HTML, PDF, Word or Markdown: sections of few kinds of block, each text already inert?

Renderers are thin: they set these blocks and escape for their format, and decide nothing about the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from markupsafe import Markup

Safe = NewType("Safe", str)
"""Text that a `Teller` has written: in the report's language, its values named by rule, inert and cut to length."""

NOTHING = Safe("")
CODE, PROSE = "\ue000", "\ue001"
"""Before and after what is typed into a machine. No value holds them: in a value they are written as escapes."""


def spans(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is code."""
    found: list[tuple[str, bool]] = []
    for piece in text.split(CODE):
        code, marked, prose = piece.partition(PROSE)
        found += [(code, True), (prose, False)] if marked else [(code, False)]
    return [one for one in found if one[0]]


def plain(text: str) -> str:
    """The text with its code between backquotes."""
    return text.replace(CODE, "`").replace(PROSE, "`")


@dataclass(frozen=True)
class Cell:
    """Lines of a table's cell and how they are set: `lead`, `number`, `time`, `where`, `uid`, or a badge of a tone."""

    lines: tuple[Safe, ...]
    style: str = ""

    @property
    def text(self) -> str:
        """The lines as one."""
        return ", ".join(self.lines)


@dataclass(frozen=True)
class Table:
    """A table: its caption, columns and rows, how many rows there are in all, and where all of them stand.

    `folded` is beside the point: a page that can fold shows it folded, paper says only `kept`: how many rows stand
    where.
    """

    caption: Safe
    columns: tuple[Safe, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    more: Safe
    empty: Safe
    ref: str
    kept: Safe = NOTHING
    folded: bool = False


@dataclass(frozen=True)
class Mark:
    """An entry of a legend: its drawing, or the class of its swatch, and what it stands for."""

    says: Safe
    drawn: Markup | None = None
    swatch: str = ""


@dataclass(frozen=True)
class Picture:
    """A drawing with its caption, its legend, and in words what it shows."""

    name: str
    svg: Markup
    caption: Safe
    alternative: Safe
    ref: str
    legend: tuple[Mark, ...] = ()
    small: bool = False
    """A bar that stands below its sentence, which says all that it shows."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `note` and `alarm` are set apart."""

    says: Safe
    style: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Item:
    """An entry of a list: an act with its time, place and doer, or only what it says."""

    says: Safe
    time: Safe = NOTHING
    where: Safe = NOTHING
    who: Safe = NOTHING
    uid: Safe = NOTHING
    style: str = ""


@dataclass(frozen=True)
class Listing:
    """A numbered list; more than `shown` is folded where a page can fold."""

    name: str
    items: tuple[Item, ...]
    shown: int
    more: Safe
    ref: str


@dataclass(frozen=True)
class Count:
    """A number and what it counts, in its tone; `sign` stands before it in a sum."""

    number: Safe
    says: Safe
    tone: str = ""
    sign: str = ""


@dataclass(frozen=True)
class Counts:
    """Numbers side by side, of a whole or as a sum."""

    name: str
    label: Safe
    counts: tuple[Count, ...]
    ref: str


@dataclass(frozen=True)
class Figure:
    """A count, the whole that it is a part of, and what was counted."""

    count: Safe
    of: Safe
    what: Safe


@dataclass(frozen=True)
class Answer:
    """A question with its short answer, how sure that is, the figures and what they rest on."""

    uid: str
    question: Safe
    says: Safe
    verdict: Safe
    tone: str
    figures: tuple[Figure, ...]
    lines: tuple[Safe, ...]
    ref: str


@dataclass(frozen=True)
class Answers:
    """The four questions, answered."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Terms:
    """Words and what they mean here."""

    pairs: tuple[tuple[Safe, Safe], ...]


@dataclass(frozen=True)
class Query:
    """How a number can be had again: the name that references use, what it gives, the SQL and how many rows it gave."""

    ref: str
    number: int
    says: Safe
    sql: str
    rows: Safe


@dataclass(frozen=True)
class Queries:
    """Every query that was run for the report, in the order of the references."""

    queries: tuple[Query, ...]


Block = Table | Picture | Paragraph | Listing | Counts | Answers | Terms | Queries


@dataclass(frozen=True)
class Section:
    """A part of the report; `short` is how the page's own menu calls it."""

    uid: str
    title: Safe
    blocks: tuple[Block, ...]
    short: Safe = NOTHING


@dataclass(frozen=True)
class Document:
    """The whole report, in one language for one audience; `words` are what renderers themselves have to say.

    `as_of` is the moment of the last record: a report has no other time, so that the same case gives the same bytes.
    """

    title: Safe
    brand: Safe
    intro: tuple[Safe, ...]
    sections: tuple[Section, ...]
    footer: Safe
    lang: str
    as_of: datetime
    words: Mapping[str, Safe]
    references: Mapping[str, int] = field(default_factory=dict)
    """The number of each query that a block may name."""
