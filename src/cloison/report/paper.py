"""How is a document set as PDF?

Typst sets it. The document goes in as JSON, a value beside the template and never a part of it, so that nothing in it
can be code. Only the typesetter's own fonts are used and no clock is read: the same document gives the same bytes. The
PDF is tagged for those who cannot see it (PDF/UA-1).
"""

import re
from pathlib import Path

import orjson
import typst
from markupsafe import Markup

from cloison.report.document import (
    Answer,
    Answers,
    Block,
    Cell,
    Counts,
    Document,
    Item,
    Listing,
    Mark,
    Paragraph,
    Picture,
    Queries,
    Section,
    Table,
    Terms,
    spans,
)
from cloison.report.stills import palette, still

_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_PNG = b"""#set page(width: auto, height: auto, margin: 4pt)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1pt)
"""
_COVERED = (
    (0x0020, 0x007E),
    (0x00A0, 0x017F),
    (0x0218, 0x021B),
    (0x0386, 0x0386),
    (0x0388, 0x038A),
    (0x038E, 0x03A1),
    (0x03A3, 0x03CE),
    (0x0400, 0x045F),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x202F, 0x2030),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
)
"""What the typesetter's own fonts can draw; any other character is written as its escape, never as an empty box."""
_OUTSIDE = re.compile("[^" + "".join(f"{chr(low)}-{chr(high)}" for low, high in _COVERED) + "\n]")
_LONG = re.compile(r"\S{19,}")
_BREAK = "\u200b"
_PIECE = re.compile(r"[(\[«“]*[^\W_]{1,12}[\W_]{0,3}|[\W_]{1,3}")


def write(document: Document) -> bytes:
    """The document as PDF."""
    return bytes(
        typst.compile(
            _TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"document": orjson.dumps(_told(document)).decode()},
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    )


def drawn(svg: Markup, width: int) -> bytes:
    """A drawing as PNG, so many points wide."""
    text, _, _ = still(svg, palette())
    found = typst.compile(
        _PNG,
        format="png",
        ppi=220.0,
        sys_inputs={"svg": _shown(text), "width": str(width)},
        ignore_system_fonts=True,
    )
    return bytes(found[0] if isinstance(found, list) else found)


def _shown(text: str) -> str:
    return _OUTSIDE.sub(lambda found: _escape(found[0]), text)


def _escape(character: str) -> str:
    point = ord(character)
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _breakable(text: str) -> str:
    """The text with places at which a long word may be broken."""
    return _LONG.sub(lambda found: _BREAK.join(_PIECE.findall(found[0])), text)


def _rich(text: str) -> list[list[object]]:
    return [[_breakable(_shown(piece)), code] for piece, code in spans(text)]


def _told(document: Document) -> dict[str, object]:
    return {
        "title": _shown(document.title),
        "brand": _rich(document.brand),
        "lang": document.lang,
        "intro": [_rich(line) for line in document.intro],
        "footer": _shown(document.footer),
        "words": {name: _shown(said) for name, said in document.words.items()},
        "colours": dict(palette()),
        "references": dict(document.references),
        "sections": [_section(one) for one in document.sections],
    }


def _section(one: Section) -> dict[str, object]:
    return {"title": _shown(one.title), "blocks": [_block(block) for block in one.blocks]}


def _block(one: Block) -> dict[str, object]:
    told: dict[str, object] = {"kind": type(one).__name__.lower()}
    match one:
        case Answers():
            told["answers"] = [_answer(answer) for answer in one.answers]
        case Paragraph():
            told |= {"says": _rich(one.says), "style": one.style, "ref": one.ref}
        case Table():
            told |= _table(one)
        case Picture():
            told |= _picture(one)
        case Listing():
            items = [_item(item) for item in one.items]
            told |= {"items": items, "name": one.name, "ref": one.ref}
        case Counts():
            counts = [[_shown(count.number), _rich(count.says), count.tone, count.sign] for count in one.counts]
            told |= {"counts": counts, "ref": one.ref}
        case Terms():
            told["pairs"] = [[_rich(name), _rich(says)] for name, says in one.pairs]
        case Queries():
            queries = [[one.ref, one.number, _rich(one.says), _shown(one.rows), one.sql] for one in one.queries]
            told["queries"] = queries
    return told


def _item(one: Item) -> dict[str, object]:
    texts = {"says": one.says, "time": one.time, "where": one.where, "who": one.who, "uid": " ".join(_halves(one.uid))}
    return {**{name: _rich(text) for name, text in texts.items()}, "style": one.style}


def _answer(one: Answer) -> dict[str, object]:
    return {
        "question": _shown(one.question),
        "says": _rich(one.says),
        "verdict": _rich(one.verdict),
        "tone": one.tone,
        "figures": [[_shown(figure.count), _shown(figure.of), _rich(figure.what)] for figure in one.figures],
        "lines": [_rich(line) for line in one.lines],
        "ref": one.ref,
    }


def _table(one: Table) -> dict[str, object]:
    rows = [] if one.folded else [[_cell(cell) for cell in row] for row in one.rows]
    styles = [_style(one, n) for n, _ in enumerate(one.columns)]
    return {
        "caption": _rich(one.caption),
        "columns": [_rich(column) for column in one.columns],
        "styles": styles,
        "rows": rows,
        "more": _rich(one.kept if one.folded else one.more),
        "empty": _rich(one.empty),
        "folded": one.folded,
        "ref": one.ref,
    }


def _style(one: Table, column: int) -> str:
    return one.rows[0][column].style if one.rows else ""


def _cell(cell: Cell) -> list[object]:
    lines = [half for line in cell.lines for half in _halves(line)] if cell.style == "uid" else cell.lines
    return [[_rich(line) for line in lines], cell.style]


def _halves(uid: str) -> list[str]:
    """An event's uid on two lines, so that its column can be narrow."""
    return [uid[:16], uid[16:]] if len(uid) == 32 else [uid]


def _picture(one: Picture) -> dict[str, object]:
    colours = palette()
    svg, wide, high = still(one.svg, colours) if one.svg else ("", 1, 1)
    return {
        "svg": _shown(svg),
        "ratio": high / wide,
        "caption": _rich(one.caption),
        "alternative": _shown(one.alternative or one.caption),
        "legend": [_mark(mark) for mark in one.legend],
        "small": one.small,
        "ref": one.ref,
    }


def _mark(one: Mark) -> list[object]:
    svg = _shown(still(one.drawn, palette())[0]) if one.drawn else ""
    return [svg, one.swatch, _rich(one.says)]
