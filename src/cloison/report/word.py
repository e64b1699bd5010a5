"""How is a document set as a Word file (Office Open XML)?

Text goes in as the text of runs, never as fields, links or macros; drawings go in as pictures with what they show in
words. No clock is read: the same document gives the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor

from cloison.report.document import (
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
    plain,
    spans,
)
from cloison.report.paper import drawn
from cloison.report.stills import palette

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_LANGS = {"en": "en-GB", "fr": "fr-FR"}
_WIDE = Mm(176)
_POINTS = 500
_KEY = 12
"""So many points wide is a drawing in a legend made, and set smaller."""
_SWATCHES = {"acted": ("entry", 0.0), "hole": ("bad", 0.0), "most": ("read", 0.7), "suspected": ("unsure", 0.6)}
_SWATCHES |= {"h0": ("track", 0.0), "h2": ("good", 0.55), "h4": ("good", 0.15)}
"""The colour of each swatch that has not one of its own name, and how much paler it is, as on paper."""
_PROPERTY = 255
"""So long may a property of the file be."""
_FONT, _MONO = "Calibri", "Consolas"
_WIDTHS = {"number": 17, "time": 24, "where": 22, "uid": 20, "good": 24, "bad": 24, "unsure": 24}
"""How wide a column of that style is, in millimetres; the others share what is left, `lead` and `why` twice."""
_NO_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(document: Document) -> bytes:
    """The document as a Word file."""
    page = _Page(document)
    for section in document.sections:
        page.section(section)
    held = io.BytesIO()
    page.file.save(held)
    return _settled(held.getvalue())


def _settled(data: bytes) -> bytes:
    """The same parts in the same order with the first day that an archive can name, so that no clock is in it."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as settled:
        for name in sorted(made.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            settled.writestr(zipfile.ZipInfo(name, _FIRST_DAY), made.read(name), zipfile.ZIP_DEFLATED)
    return held.getvalue()


class _Page:
    """A Word file in the making."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.colours = {name: RGBColor.from_string(value[1:].upper()) for name, value in palette().items()}
        self.file = docx.Document()
        self._prepare()
        self.file.add_heading(_clean(document.title), 0)
        for line in (*document.intro, document.footer):
            self.note(line)

    def _prepare(self) -> None:
        """Paper, faces, language and what the file says of itself."""
        paper = self.file.sections[0]
        paper.page_width, paper.page_height = Mm(210), Mm(297)
        paper.left_margin = paper.right_margin = Mm(17)
        paper.top_margin = paper.bottom_margin = Mm(18)
        normal = self.file.styles["Normal"]
        normal.font.name, normal.font.size = _FONT, Pt(10)
        normal.paragraph_format.space_after = Pt(4)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), _LANGS[self.document.lang])
        normal.element.get_or_add_rPr().append(language)
        for name in ("Title", "Heading 1", "Heading 2"):
            style = self.file.styles[name]
            style.font.name, style.font.color.rgb = _FONT, self.colours["ink"]
            fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
            for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(theme), None)
        about = self.file.core_properties
        about.title, about.author, about.comments = _clean(plain(self.document.title))[:_PROPERTY], "cloison", ""
        about.language = _LANGS[self.document.lang]
        about.created = about.modified = self.document.as_of
        about.last_modified_by = "cloison"
        self._footer(paper.footer.paragraphs[0])

    def _footer(self, line: Any) -> None:
        line.text = f"{_clean(plain(self.document.title))} · cloison · "
        for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
            run = line.add_run()
            part = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                part.set(qn("w:fldCharType"), kind)
            else:
                part.text = text
            run._r.append(part)

    def section(self, one: Section) -> None:
        """A section with its heading."""
        if one.title:
            self.file.add_heading(_clean(one.title), 1)
        for block in one.blocks:
            self._block(block)

    def _block(self, one: Block) -> None:
        setters: dict[type, Callable[[Any], None]] = {
            Answers: self._answers,
            Paragraph: self._paragraph,
            Table: self._table,
            Picture: self._picture,
            Listing: self._listing,
            Counts: self._counts,
            Terms: self._terms,
            Queries: self._queries,
        }
        setters[type(one)](one)

    def _listing(self, one: Listing) -> None:
        for number, item in enumerate(one.items, start=1):
            self._item(number, item)

    def _terms(self, one: Terms) -> None:
        for name, says in one.pairs:
            line = self._line()
            self._run(line, f"{name}: ", bold=True)
            self._rich(line, says)

    def note(self, text: str) -> None:
        """A line set apart."""
        self._rich(self._line(), text, dim=True, size=9)

    def _line(self, style: str | None = None) -> Any:
        return self.file.add_paragraph(style=style)

    def _run(
        self,
        line: Any,
        text: str,
        *,
        bold: bool = False,
        dim: bool = False,
        tone: str = "",
        size: float = 0,
        code: bool = False,
    ) -> None:
        run = line.add_run(_clean(text))
        run.bold = bold or None
        if code:
            run.font.name = _MONO
        if dim or tone:
            run.font.color.rgb = self.colours.get(tone, self.colours["dim"])
        if size:
            run.font.size = Pt(size)

    def _rich(
        self, line: Any, text: str, *, bold: bool = False, dim: bool = False, tone: str = "", size: float = 0
    ) -> None:
        for piece, code in spans(text):
            self._run(line, piece, bold=bold, dim=dim, tone=tone, size=size, code=code)

    def _ref(self, line: Any, name: str) -> None:
        number = self.document.references.get(name)
        if number is not None:
            self._run(line, f" {self.document.words['reference'].format(number=number)}", dim=True, size=7.5)

    def _answers(self, one: Answers) -> None:
        for answer in one.answers:
            self.file.add_heading(_clean(answer.question), 2)
            line = self._line()
            self._rich(line, answer.says, bold=True, size=14)
            self._run(line, f"  {answer.verdict}", bold=True, tone=answer.tone)
            self._ref(line, answer.ref)
            for figure in answer.figures:
                line = self._line()
                self._run(line, figure.count, bold=True, size=13)
                of = f" {self.document.words['of']} {figure.of}" if figure.of else ""
                self._run(line, f"{of} ")
                self._rich(line, figure.what, dim=True)
            for said in answer.lines:
                self._rich(self._line("List Bullet"), said, size=9)

    def _paragraph(self, one: Paragraph) -> None:
        line = self._line()
        self._rich(
            line, one.says, bold=one.style == "alarm", dim=one.style == "note", size=9 if one.style == "note" else 0
        )
        self._ref(line, one.ref)

    def _caption(self, text: str, ref: str, more: str = "") -> None:
        line = self._line()
        line.paragraph_format.keep_with_next = not more
        line.paragraph_format.space_before = Pt(8)
        self._rich(line, text, bold=True)
        self._ref(line, ref)
        if more:
            self._rich(line, f" · {more}", dim=True)

    def _table(self, one: Table) -> None:
        if not one.rows:
            if one.empty:
                line = self._line()
                self._rich(line, one.empty)
                self._ref(line, one.ref)
            return
        self._caption(one.caption, one.ref, one.kept if one.folded else "")
        if one.folded:
            return
        widths = _widths([cell.style for cell in one.rows[0]])
        table = self.file.add_table(rows=1, cols=len(one.columns))
        table.autofit = False
        self._rule(table)
        _repeat(table.rows[0])
        for grid, width in zip(table.columns, widths, strict=True):
            grid.width = width
        for cell, column, width, told in zip(table.rows[0].cells, one.columns, widths, one.rows[0], strict=True):
            cell.width = width
            self._rich(cell.paragraphs[0], column, dim=True, size=7.5)
            _set(cell.paragraphs[0], told.style)
        for row in one.rows:
            self._row(table, row, widths)
        if one.more:
            self.note(one.more)

    def _rule(self, table: Any) -> None:
        """A thin line below each row, as on paper."""
        borders = OxmlElement("w:tblBorders")
        for side in ("bottom", "insideH"):
            part = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", str(self.colours["line"]))):
                part.set(qn(f"w:{name}"), value)
            borders.append(part)
        table._tbl.tblPr.append(borders)

    def _row(self, table: Any, row: Iterable[Cell], widths: list[int]) -> None:
        added = table.add_row()
        _whole(added)
        for cell, told, width in zip(added.cells, row, widths, strict=True):
            cell.width = width
            line = cell.paragraphs[0]
            _set(line, told.style)
            for number, text in enumerate(told.lines):
                if number:
                    line.add_run().add_break()
                tone = told.style if told.style in ("good", "bad", "unsure") else ""
                size = 5.5 if told.style == "uid" else 8
                self._rich(
                    line, text, bold=told.style == "lead" or bool(tone), dim=told.style == "uid", tone=tone, size=size
                )

    def _picture(self, one: Picture) -> None:
        if not one.svg:
            return
        if not one.small:
            self._caption(one.caption, one.ref)
            if one.legend:
                self._legend(one.legend)
        shape = self.file.add_picture(io.BytesIO(drawn(one.svg, _POINTS)), width=_WIDE)
        about = shape._inline.docPr
        about.set("descr", _clean(plain(one.alternative or one.caption)))
        about.set("title", _clean(plain(one.caption)))

    def _legend(self, marks: Iterable[Mark]) -> None:
        """Each mark as it is drawn, or a square in the colour of its swatch, and what it stands for."""
        line = self._line()
        line.paragraph_format.keep_with_next = True
        for mark in marks:
            if mark.drawn is None:
                line.add_run("\u25a0").font.color.rgb = _swatch(mark.swatch)
            else:
                shape = line.add_run().add_picture(io.BytesIO(drawn(mark.drawn, _KEY)), height=Pt(8))
                shape._inline.docPr.set("descr", _clean(plain(mark.says)))
            self._run(line, f" {mark.says}    ", dim=True, size=9)

    def _item(self, number: int, one: Item) -> None:
        line = self._line()
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(8), Mm(-8)
        self._run(line, f"{number}.\t", bold=True, tone=one.style)
        if one.time:
            self._rich(line, one.time, dim=True, size=9)
            self._rich(line, f" {one.where} ", bold=True, size=9)
        self._rich(line, one.says, size=9)
        if one.who:
            self._rich(line, f" ({one.who})", dim=True, size=9)
        if one.uid:
            self._rich(line, f" {one.uid}", dim=True, size=6)

    def _counts(self, one: Counts) -> None:
        line = self._line()
        for count in one.counts:
            self._run(line, f"{count.sign} " if count.sign else "", dim=True)
            self._run(line, count.number, bold=True, tone=count.tone, size=13)
            self._rich(line, f" {count.says}   ", dim=True)
        self._ref(line, one.ref)

    def _queries(self, one: Queries) -> None:
        for query in one.queries:
            line = self._line()
            line.paragraph_format.keep_with_next = True
            self._run(line, f"Q{query.number} ", bold=True)
            self._rich(line, f"{query.says} · {query.rows}")
            self._run(self._line(), query.sql, code=True, size=7)


def _clean(text: str) -> str:
    """The text without what XML cannot hold, of which an inert text has none."""
    return _NO_XML.sub("\ufffd", plain(text))


def _swatch(name: str) -> RGBColor:
    colour, paler = _SWATCHES.get(name, (name, 0.0))
    whole = int(palette()[colour][1:], 16)
    return RGBColor(*(round(part + (255 - part) * paler) for part in whole.to_bytes(3)))


def _set(line: Any, style: str) -> None:
    """How a line of a cell of that style stands."""
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(1)
    if style == "number":
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _widths(styles: list[str]) -> list[int]:
    fixed = sum(_WIDTHS.get(style, 0) for style in styles)
    shares = [0 if style in _WIDTHS else 2 if style in ("lead", "why") else 1 for style in styles]
    one = max(176 - fixed, 20) / (sum(shares) or 1)
    return [Mm(_WIDTHS.get(style, one * part)) for style, part in zip(styles, shares, strict=True)]


def _repeat(row: Any) -> None:
    """The row stands again on top of each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _whole(row: Any) -> None:
    """The row is not torn by the end of a page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
