"""A table of the case on a page: its rows, what it was asked, and the ways to ask otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cloison.console.asking import Words, address
from cloison.console.cells import Column, Row, asked_for, cells, chosen, heads
from cloison.service.marking import Mark, marks
from cloison.service.viewing import View
from cloison.service.viewing_rows import OPS, Question, read_question, rows

_SAID = {"is": "is", "not": "is not", "has": "has", "starts": "starts with", "none": "is empty"}


@dataclass(frozen=True)
class Chip:
    """One filter that holds, and the address without it."""

    column: str
    says: str
    value: str
    href: Markup


@dataclass(frozen=True)
class Listing:
    """A page of rows as it is shown."""

    table: str
    caption: str
    heads: Sequence[Column]
    rows: Sequence[Row]
    matched: int
    of: int
    chips: Sequence[Chip]
    columns: Sequence[str]
    ops: Sequence[tuple[str, str]]
    following: Markup | None
    first: Markup | None
    marks: dict[str, tuple[Mark, ...]]
    empty: str
    fixed: Sequence[tuple[str, str]]


def asked(table: str, words: Words, *fixed: str) -> Question:
    """The question of an address; `fixed` tests are the page's own."""
    return read_question(table, {**words, "f": [*fixed, *words.get("f", ())]})


def listing(view: View, question: Question, path: str, words: Words, *, caption: str, empty: str = "") -> Listing:
    """One page of the rows that answer a question."""
    found = rows(view, question, asked_for(question.table))
    rest = {name: value for name, value in words.items() if name != "after"}
    shown = cells(found, words)
    held = marks(view.case).by_uid(row.uid for row in shown if row.uid)
    return Listing(
        question.table,
        caption,
        heads(found, question.order, path, words),
        shown,
        found.matched,
        found.of,
        _chips(path, rest),
        chosen(question.table, view.columns(question.table)),
        [(op, _SAID[op]) for op in OPS],
        address(path, rest, after=found.next) if found.next else None,
        address(path, rest) if question.after else None,
        held,
        empty or "No row answers this question in these hours.",
        [(name, value) for name, some in rest.items() for value in some],
    )


def _chips(path: str, words: Words) -> list[Chip]:
    texts = list(dict.fromkeys(words.get("f", ())))
    chips = []
    for text in texts:
        column, _, more = text.partition(":")
        op, _, value = more.partition(":")
        rest = [one for one in texts if one != text]
        chips.append(Chip(column, _SAID.get(op, op), value, address(path, words, f=rest or None)))
    return chips


def narrowed(path: str, words: Words, column: str, value: object) -> Markup:
    """The address of the same page with one filter more."""
    text = f"{column}:is:{value}" if value not in (None, "") else f"{column}:none:"
    rest = {name: some for name, some in words.items() if name != "after"}
    return address(path, rest, f=list(dict.fromkeys([*words.get("f", ()), text])))
