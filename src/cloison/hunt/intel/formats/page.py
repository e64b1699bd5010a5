"""Which lines does one see of an HTML page, and at which line of its source does each begin?

No tree is built and nothing is fetched: tags are cut out in one pass, so that no nesting or unclosed tag costs more.
"""

import html
import re

_BEGINS = re.compile(r"\s*(?:<!--.{0,4096}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,30}")
_HIDDEN = frozenset(
    {"script", "style", "head", "template", "svg", "noscript", "iframe", "object", "textarea", "select"}
)
_BREAKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
        "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
    ]
)  # fmt: skip
_ROW, _CELLS = "tr", frozenset({"td", "th"})


def is_page(text: str) -> bool:
    """Whether the text begins as an HTML document does."""
    return _BEGINS.match(text) is not None


def lines_of(text: str) -> tuple[list[str], list[int]]:
    """The lines that one sees, and for each the line of the source at which it begins, counted from 1."""
    page = _Page(text)
    at = 0
    while at < len(text):
        opened = text.find("<", at)
        page.say(at, len(text) if opened < 0 else opened)
        if opened < 0:
            break
        at = page.tag(opened)
    page.break_line(len(text))
    return page.lines, page.numbers


class _Page:
    """The page while it is read: the line that grows, and whether it grows inside a row of a table."""

    def __init__(self, text: str) -> None:
        self.lines: list[str] = []
        self.numbers: list[int] = []
        self._text = text
        self._low = text.lower()
        self._pieces: list[str] = []
        self._begun = 0
        self._counted, self._line = 0, 1
        self._row = False
        self._exact = False
        self._never_closed: set[str] = set()

    def say(self, start: int, end: int) -> None:
        """Add visible text."""
        if start >= end:
            return
        if not self._pieces:
            self._begun = start
        said = html.unescape(self._text[start:end])
        if self._exact and not self._row:
            first, *rest = said.split("\n")
            self._pieces.append(first)
            for line in rest:
                self.break_line(end)
                self._begun = end
                self._pieces.append(line)
        else:
            self._pieces.append(re.sub(r"\s+", " ", said))

    def tag(self, at: int) -> int:
        """Act on the tag at `at`, and return where the text goes on."""
        if self._low.startswith("<!--", at):
            return self._after("-->", at)
        if self._low.startswith(("<!", "<?"), at):
            return self._after(">", at)
        found = _NAME.match(self._low, at + 1)
        if not found:
            self.say(at, at + 1)
            return at + 1
        name = found[0]
        end = self._after(">", at)
        if name in _HIDDEN:
            return self._after(">", self._after(f"</{name}", end))
        self._act(name, at)
        return end

    def _after(self, mark: str, at: int) -> int:
        """Behind the next `mark`; what is never closed hides nothing, and is looked for once only."""
        found = -1 if mark in self._never_closed else self._low.find(mark, at)
        if found < 0:
            self._never_closed.add(mark)
            return at if mark.startswith("</") else at + 1
        return found + len(mark)

    def _act(self, name: str, at: int) -> None:
        bare = name.lstrip("/")
        if bare == "pre":
            self._exact = name == bare
        if bare == _ROW:
            self.break_line(at)
            self._row = name == bare
        elif bare in _CELLS:
            self._pieces.append(" | ")
        elif bare in _BREAKS and self._row and bare != "table":
            self._pieces.append("  ")
        elif bare in _BREAKS:
            self._row = False
            self.break_line(at)

    def break_line(self, at: int) -> None:
        """End the line."""
        line = re.sub(r"(?: \| ){2,}", " | ", "".join(self._pieces)).strip()
        if line:
            self._line += self._text.count("\n", self._counted, self._begun)
            self._counted = max(self._counted, self._begun)
            self.lines.append(f"{line} |" if line.startswith("| ") and not line.endswith("|") else line)
            self.numbers.append(self._line)
        self._pieces = []
        self._begun = at
