"""Are the pages of a PDF read, and is the work for one bounded?"""

import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from cloison.errors import InputError
from cloison.hunt.intel import read_indicators
from cloison.hunt.intel.formats import pdf


def made(*pages: list[str] | bytes) -> bytes:
    """A PDF of pages with these lines, or with these bytes as their content."""
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(600, 800)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(lines if isinstance(lines, bytes) else _content(lines))
        page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _content(lines: list[str]) -> bytes:
    said = "".join(f"({line}) Tj T* " for line in lines)
    return f"BT /F1 10 Tf 14 TL 20 780 Td {said} ET".encode()


def test_pages_lines_and_places() -> None:
    sha256 = "00112233445566778899aabbccddeeffffeeddccbbaa99887766554433221100"
    reading = read_indicators(
        made(["It was evil[.]example that day", "and 192.0.2[.]7"], ["Hash", sha256[:40], sha256[40:]], []),
        origin="r.pdf",
    )
    assert reading.form == "pdf"
    assert [(one.kind.value, one.value, one.place) for one in reading.indicators] == [
        ("domain", "evil.example", "page 1 line 1"),
        ("ip", "192.0.2.7", "page 1 line 2"),
        ("sha256", sha256, "page 2 line 2"),
    ]
    assert [(one.place, one.why) for one in reading.not_understood] == [
        ("page 3", "no text on the page: pictures are not read")
    ]


def test_a_budget_that_is_spent_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf._Budget, "__init__", _small)
    reading = read_indicators(made(["evil[.]example"], ["a[.]example"] * 50, ["b[.]example"]), origin="r.pdf")
    assert [one.value for one in reading.indicators] == ["evil.example"]
    assert [(one.place, one.text, one.why) for one in reading.not_understood] == [
        ("page 2", "pages 2 to 3", "more work than one file may take")
    ]


def _small(self: pdf._Budget) -> None:
    self.content_bytes, self.operators = 1 << 20, 20


def test_a_stream_that_unpacks_without_end_is_cut() -> None:
    bomb = zlib.compress(b"(x) Tj " * (40 << 20))
    data = made(["evil[.]example"], b"MARK")
    head, tail = data.split(b"MARK")
    length = head.rfind(b"/Length 4")
    head = head[:length] + f"/Filter /FlateDecode /Length {len(bomb)}".encode() + head[length + len(b"/Length 4") :]
    reading = read_indicators(head + bomb + tail, origin="r.pdf")
    assert [one.value for one in reading.indicators] == ["evil.example"]
    assert [one.place for one in reading.not_understood] == ["page 2"]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 700), st.integers(0, 60))
def test_damaged_files_are_read_or_refused(noise: bytes, at: int, cut: int) -> None:
    whole = made(["evil[.]example"])
    try:
        reading = read_indicators(whole[:at] + noise + whole[at + cut :], origin="r.pdf")
    except InputError:
        return
    assert len(reading.indicators) <= 2
