"""Is a hostile file refused, by name, and not unpacked: bombs, places, links, doubles, overlaps, bytes around it?"""

import io
import struct
import zipfile
from pathlib import Path
from time import perf_counter

import pytest
from tests.lake.seal.kit import damage_of, entries

from cloison.lake.seal.container import LOCAL, Entry, header, last, listing
from cloison.lake.seal.reading import layout


def zipped(*members: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def said(raw: bytes) -> str:
    return " | ".join(f"{one.member}: {one.what}" for one in damage_of(raw))


def test_a_bomb_is_not_unpacked() -> None:
    begun = perf_counter()
    told = said(zipped(("MANIFEST", bytes(200 << 20)), method=zipfile.ZIP_DEFLATED))
    assert "packed or encrypted" in told
    assert perf_counter() - begun < 10


@pytest.mark.parametrize(
    "name", ["../etc/passwd", "/etc/passwd", "a/../b", "a\\b", "a//b", "é", "a b", "a\x1b[2J", "x" * 300]
)
def test_a_name_that_is_a_place_or_more_than_a_name_is_refused(name: str) -> None:
    assert "which is no name in a seal" in said(zipped((name, b"x")))


def test_a_link_is_named() -> None:
    link = zipfile.ZipInfo("KEY.pem", (1980, 1, 1, 0, 0, 0))
    link.external_attr = 0o120777 << 16
    assert "KEY.pem: its entry in the directory is not what a seal writes" in said(zipped((link, b"/etc/passwd")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_named() -> None:
    assert "the member KEY.pem is there twice" in said(zipped(("KEY.pem", b"a"), ("KEY.pem", b"b")))


def test_members_that_overlap_are_named() -> None:
    one = Entry("a", 5, 0x3610A686, 0)
    over = Entry("b", 5, 0x3610A686, 0)
    body = header(one) + b"hello"
    tail = listing(one) + listing(over)
    told = said(body + tail + last(2, len(tail), len(body)))
    assert "the end is not what a seal writes" in told


def test_a_member_that_states_more_than_there_is_is_named() -> None:
    huge = Entry("a", 1 << 40, 0, 0)
    told = said(header(huge) + b"x" + last(0, 0, 0))
    assert told == ": the member a states 1099511627776 bytes, more than there are"


def test_bytes_before_and_behind_are_named(seal: Path, raw: bytes) -> None:
    assert said(b"#!/bin/sh\n" + raw) == ": 10 bytes stand before the first member"
    assert said(raw + b"more") == ": 4 bytes stand behind the end"
    first = min(entries(seal).values(), key=lambda one: one.offset)
    assert said(raw[: first.ends] + b"between" + raw[first.ends :]) == ": 7 bytes stand between two members"


def test_a_file_that_is_cut_off_is_named(raw: bytes) -> None:
    assert "more than there are" in said(raw[: len(raw) // 2])
    assert said(raw[:-1]) == ": the end is not what a seal writes"


def test_millions_of_members_are_not_read() -> None:
    one = struct.pack("<4s5H3I2H", LOCAL, 20, 0, 0, 0, 0x21, 0, 0, 0, 7, 0)
    raw = b"".join(one + b"%07d" % number for number in range(600_000))
    assert said(raw) == ": more than 500000 members"


def test_wide_members_are_found_where_they_are() -> None:
    places = [Entry("a", 5 << 30, 1, 0)]
    places.append(Entry("b", 3, 2, places[0].ends))
    file = Sparse({0: header(places[0]), places[1].offset: header(places[1]) + b"abc"}, places)
    found = layout(file)  # type: ignore[arg-type]
    assert found is not None
    assert (found.entries, found.damage) == (tuple(places), ())


class Sparse:
    """A file of which only a few bytes are there."""

    def __init__(self, pieces: dict[int, bytes], places: list[Entry]) -> None:
        tail = b"".join(map(listing, places))
        end = places[-1].ends
        self.pieces = pieces | {end: tail + last(len(places), len(tail), end)}
        self.size = end + len(self.pieces[end])
        self.at = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset + (self.size if whence == 2 else 0)
        return self.at

    def read(self, size: int) -> bytes:
        for start, data in self.pieces.items():
            if start <= self.at < start + len(data):
                return data[self.at - start : self.at - start + size]
        return b""
