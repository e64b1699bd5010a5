"""Are offsets right across chunks, lines and windows, and is every indicator at a place reported?"""

import pytest

from cloison.hunt.textsweep import TextSweep, blocks
from cloison.model.indicator import Indicator, IndicatorKind

EVIL = Indicator(IndicatorKind.DOMAIN, "evil.example", "evil[.]example", "list")
DEEP = Indicator(IndicatorKind.DOMAIN, "a.evil.example", "a.evil.example", "list")


def offsets(chunks: list[bytes]) -> list[tuple[int, int]]:
    return [(found.offset, found.length) for found in TextSweep([EVIL]).stream(chunks)]


def test_offsets_count_from_the_start_of_the_stream() -> None:
    assert offsets([b"one\nevil.ex", b"ample\n", b"x evil.example"]) == [(4, 12), (19, 12)]


def test_a_value_cut_by_a_line_break_is_none() -> None:
    assert offsets([b"evil.\nexample"]) == []


def test_a_base_is_added() -> None:
    assert [found.offset for found in TextSweep([EVIL]).block(b" evil.example", 100)] == [101]


def test_a_name_and_its_sub_domain_are_two_sightings() -> None:
    found = TextSweep([EVIL, DEEP]).block(b"x.a.evil.example")
    assert [(one.indicator, one.offset) for one in found] == [(DEEP, 2), (EVIL, 4)]


def test_the_same_indicator_given_twice_is_swept_once() -> None:
    assert len(TextSweep([EVIL, EVIL]).block(b"evil.example")) == 1


def test_no_indicators_no_sightings() -> None:
    assert TextSweep([]).block(b"evil.example\n") == []


def test_bytes_that_are_no_utf8_are_swept() -> None:
    assert [found.offset for found in TextSweep([EVIL]).block(b"\xff\xfe evil.example \xe9")] == [3]


def test_a_long_line_is_swept_in_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 64)
    monkeypatch.setattr(blocks, "WINDOW_BYTES", 512)
    monkeypatch.setattr(blocks, "OVERLAP_BYTES", 64)
    line = b"".join(b"%03d evil%%2Eexample notevil.example " % number for number in range(400))
    chunks = [line[at : at + 100] for at in range(0, len(line), 100)]
    assert offsets(chunks) == [(4 + 35 * number, 14) for number in range(400)]


def test_what_is_held_stays_small_on_an_endless_line() -> None:
    looked_for = TextSweep([EVIL])
    chunk = b"a" * (1 << 20)
    found = looked_for.stream([chunk] * 12 + [b" evil.example"])
    assert [one.offset for one in found] == [12 * (1 << 20) + 1]
