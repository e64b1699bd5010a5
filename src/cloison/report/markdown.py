"""How is a document set as Markdown, so that any viewer shows its words and none runs, links or loads anything?

CommonMark with the tables of GitHub's; drawings are told in words. Every mark that could begin a construct of Markdown,
of HTML or of a template is escaped.
"""

import re
from collections.abc import Iterator, Mapping

from cloison.report.document import (
    Answers,
    Block,
    Counts,
    Document,
    Item,
    Listing,
    Paragraph,
    Picture,
    Queries,
    Section,
    Table,
    Terms,
    spans,
)

_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~$!&@^=+%]|:(?=/)|(?<=www)\.|\A-|\A\d+[.)]", re.IGNORECASE)
_FENCE = "```"


def write(document: Document) -> bytes:
    """The document as Markdown, UTF-8."""
    lines = [f"# {_rich(document.title)}", "", *(f"{_rich(line)}\n" for line in document.intro)]
    for section in document.sections:
        lines += _section(section, document.references)
    return "\n".join([*lines, _rich(document.footer), ""]).encode()


def _section(one: Section, references: Mapping[str, int]) -> Iterator[str]:
    if one.title:
        yield f"## {_rich(one.title)}"
        yield ""
    for block in one.blocks:
        yield from _block(block, references)
        yield ""


def _block(one: Block, references: Mapping[str, int]) -> Iterator[str]:
    match one:
        case Answers():
            yield from _answers(one, references)
        case Paragraph():
            yield f"{_rich(one.says)}{_ref(one.ref, references)}"
        case Table():
            yield from _table(one, references)
        case Picture() if not one.small:
            yield f"**{_rich(one.caption)}**{_ref(one.ref, references)}"
            yield ""
            yield _rich(one.alternative)
        case Listing():
            yield from (f"{number}. {_item(item)}" for number, item in enumerate(one.items, start=1))
        case Counts():
            told = (f"{count.sign} **{_rich(count.number)}** {_rich(count.says)}".strip() for count in one.counts)
            yield f"{' · '.join(told)}{_ref(one.ref, references)}"
        case Terms():
            yield from (f"- **{_rich(name)}**: {_rich(says)}" for name, says in one.pairs)
        case Queries():
            for query in one.queries:
                yield f"**Q{query.number}** {_rich(query.says)} · {_rich(query.rows)}"
                yield f"\n{_FENCE}sql\n{query.sql}\n{_FENCE}\n"


def _ref(name: str, references: Mapping[str, int]) -> str:
    return f" \\[Q{references[name]}\\]" if name in references else ""


def _answers(one: Answers, references: Mapping[str, int]) -> Iterator[str]:
    for answer in one.answers:
        yield f"## {_rich(answer.question)}"
        yield ""
        yield f"**{_rich(answer.says)}** ({_rich(answer.verdict)}){_ref(answer.ref, references)}"
        yield ""
        for figure in answer.figures:
            of = f" / {_rich(figure.of)}" if figure.of else ""
            yield f"- **{_rich(figure.count)}**{of} {_rich(figure.what)}"
        yield from (f"- {_rich(line)}" for line in answer.lines)
        yield ""


def _table(one: Table, references: Mapping[str, int]) -> Iterator[str]:
    if not one.rows:
        if one.empty:
            yield f"{_rich(one.empty)}{_ref(one.ref, references)}"
        return
    more = f": {_rich(one.kept)}" if one.folded else ""
    yield f"**{_rich(one.caption)}**{_ref(one.ref, references)}{more}"
    if one.folded:
        return
    yield ""
    yield _row(_rich(column) for column in one.columns)
    yield _row("---:" if cell.style == "number" else "---" for cell in one.rows[0])
    yield from (_row("<br>".join(map(_rich, cell.lines)) for cell in row) for row in one.rows)
    if one.more:
        yield f"\n{_rich(one.more)}"


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _item(one: Item) -> str:
    who = f" ({_rich(one.who)})" if one.who else ""
    uid = f" · {_rich(one.uid)}" if one.uid else ""
    when = f"{_rich(one.time)} **{_rich(one.where)}** " if one.time else ""
    return f"{when}{_rich(one.says)}{who}{uid}"


def _rich(text: str) -> str:
    """The text escaped, its code between backquotes."""
    return "".join(f"`{piece}`" if code else _escaped(piece) for piece, code in spans(text))


def _escaped(text: str) -> str:
    return _MARKS.sub(lambda found: "".join(f"\\{mark}" if not mark.isalnum() else mark for mark in found[0]), text)
