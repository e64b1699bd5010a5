"""Which lines does one see on the pages of a PDF?

The work is bounded: pages, bytes of their streams, operators drawn. Where a bound is reached, what is not read is said.
"""

import io
import logging
from dataclasses import dataclass

from pypdf import Configuration, PageObject, PdfReader, apply_configuration
from pypdf.errors import PyPdfError

from cloison.errors import InputError
from cloison.hunt.intel.reading import NotUnderstood, left_out

MAX_PAGES = 1_000
MAX_CONTENT_BYTES = 32 << 20
MAX_OPERATORS = 2_000_000
# A form is a page in the page, and may be drawn again and again: as dear as so many operators.
_FORM_OPERATORS = 10_000
_LIMITS = Configuration(
    maximum_declared_stream_length=64 << 20,
    zlib_maximum_output_length=16 << 20,
    lzw_maximum_output_length=16 << 20,
    run_length_maximum_output_length=16 << 20,
    stream_decoding_work_maximum_length=64 << 20,
    stream_parsing_work_maximum_count=400_000,
    page_tree_maximum_page_entries=200_000,
    jbig2dec_binary=None,
)
_FAULTS = (
    PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError,
    RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What a reader of broken files raises besides its own errors."""


class _TooMuchError(Exception):
    """The file's budget of work is spent."""


@dataclass
class _Budget:
    """What may still be done for one file."""

    content_bytes: int = MAX_CONTENT_BYTES
    operators: int = MAX_OPERATORS

    def draw(self, operator: bytes, *_: object) -> None:
        self.operators -= _FORM_OPERATORS if operator == b"Do" else 1
        if self.operators < 0:
            raise _TooMuchError

    def take(self, size: int) -> None:
        self.content_bytes -= size
        if self.content_bytes < 0:
            raise _TooMuchError


def lines_of(data: bytes, origin: str) -> tuple[list[str], list[str], list[NotUnderstood]]:
    """The lines of all pages, the place of each (`page 2 line 7`), and the pages that were not read.

    Raises:
        InputError: the file is damaged beyond reading, or encrypted.
    """
    # Its warnings about damaged files would go to stderr; what matters of them is in what was not read.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with apply_configuration(_LIMITS):
        try:
            reader = PdfReader(io.BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise InputError("the PDF is encrypted", where=origin, remedy="save it without a password")
            count = len(reader.pages)
        except _FAULTS as fault:
            raise InputError(
                f"a PDF that cannot be read: {_said(fault)}",
                where=origin,
                remedy="save its text as a file and give that",
            ) from fault
        return _pages(reader, count)


def _pages(reader: PdfReader, count: int) -> tuple[list[str], list[str], list[NotUnderstood]]:
    lines: list[str] = []
    places: list[str] = []
    unread: list[NotUnderstood] = []
    budget = _Budget()
    for number in range(1, min(count, MAX_PAGES) + 1):
        try:
            text = _text_of(reader.pages[number - 1], budget)
        except _TooMuchError:
            unread.append(left_out(f"page {number}", f"pages {number} to {count}", "more work than one file may take"))
            return lines, places, unread
        except _FAULTS as fault:
            unread.append(left_out(f"page {number}", "", f"a page that cannot be read: {_said(fault)}"))
            continue
        if not text.strip():
            unread.append(left_out(f"page {number}", "", "no text on the page: pictures are not read"))
        found = text.split("\n")
        lines += found
        places += (f"page {number} line {line}" for line in range(1, len(found) + 1))
    if count > MAX_PAGES:
        unread.append(left_out(f"page {MAX_PAGES + 1}", "", f"pages after the {MAX_PAGES}th are not read"))
    return lines, places, unread


def _text_of(page: PageObject, budget: _Budget) -> str:
    contents = page.get_contents()
    budget.take(len(contents.get_data()) if contents is not None else 0)
    return page.extract_text(visitor_operand_before=budget.draw).replace("\x00", " ")


def _said(fault: BaseException) -> str:
    return f"{type(fault).__name__}: {fault}"[:160]
