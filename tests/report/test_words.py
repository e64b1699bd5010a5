"""Is what came out of a log written so that it stays text, and counts so that they can be read?"""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from tests.report.scene import DOSSIER, EMPTY

from cloison.model.wording import many, plural
from cloison.report.words import Voice, defang, indicator, inert, instant, plain, share, voice_of


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("plain", "plain"),
        ("r\u00e9sum\u00e9 \u65e5\u672c", "r\u00e9sum\u00e9 \u65e5\u672c"),
        ("a\u202eb", "a\\u202eb"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("filler\u3164\u2800", "filler\\u3164\\u2800"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("half\ud800", "half\\ud800"),
        ("no\u00a0break", "no\\xa0break"),
        ("line\u2028end", "line\\u2028end"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 3, "e\\u0301\\u0301\\u0301"),
    ],
)
def test_what_cannot_be_seen_is_written_out(raw: str, told: str) -> None:
    assert inert(raw) == told


@given(st.text())
def test_inert_text_can_be_printed_and_encoded(raw: str) -> None:
    told = inert(raw)
    assert told.isprintable()
    assert told.encode("utf-8")[:1] != b"" or raw == ""


def test_a_long_text_is_cut_and_says_how_long_it_was() -> None:
    assert inert("a" * 600) == "a" * 600
    assert inert("a" * 4_000_000) == "a" * 600 + "… (4,000,000 characters)"


@pytest.mark.parametrize(
    ("value", "harmless"),
    [
        ("203.0.113.126", "203.0.113[.]126"),
        ("203.0.113.0/24", "203.0.113[.]0/24"),
        ("2001:db8::7", "2001[:]db8::7"),
        ("kestrel-cdn.example", "kestrel-cdn[.]example"),
        ("a.b.example", "a[.]b[.]example"),
        ("https://kestrel-cdn.example/x.sh", "hxxps://kestrel-cdn[.]example/x[.]sh"),
        ("who@kestrel-cdn.example", "who@kestrel-cdn[.]example"),
    ],
)
def test_no_address_stays_a_link(value: str, harmless: str) -> None:
    assert defang(value) == harmless


def test_only_places_in_a_network_are_defanged() -> None:
    assert indicator("domain", "a.example") == "a[.]example"
    assert indicator("file_name", "run.sh") == "run.sh"


def test_the_voice_defangs_what_was_seen_and_nothing_that_only_looks_like_it() -> None:
    tell = voice_of(DOSSIER)
    assert (
        tell("block 203.0.113.126, not 203.0.113.12 or 1203.0.113.126")
        == "block 203.0.113[.]126, not 203.0.113.12 or 1203.0.113.126"
    )
    assert tell("http to www.KESTREL-cdn.example:443") == "http to www.KESTREL-cdn[.]example:443"
    assert tell("192.0.2.130") == "192.0.2.130"
    assert voice_of(EMPTY)("203.0.113.126") == "203.0.113.126"


def test_an_indicator_with_signs_of_a_pattern_is_taken_word_for_word() -> None:
    dossier = replace(DOSSIER, sightings=(("domain", "a+(b.example", 1, None, None),), held=())
    assert voice_of(dossier)("see a+(b.example") == "see a+(b[.]example"


def test_markup_is_left_and_text_is_not() -> None:
    assert Voice()(Markup("<b>\u202e</b>")) == "<b>\u202e</b>"
    assert Voice()("\u202e") == "\\u202e"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, ""),
        (2059357, "2,059,357"),
        (datetime.fromisoformat("2023-11-14 09:22:49.118000"), "2023-11-14 09:22:49Z"),
        ("x", "x"),
    ],
)
def test_values_are_told_plainly(value: object, told: str) -> None:
    assert plain(value) == told


def test_an_early_year_keeps_its_four_digits() -> None:
    assert instant(datetime.fromisoformat("1970-01-01")) == "1970-01-01 00:00:00Z"


@pytest.mark.parametrize(
    ("count", "word", "told"),
    [
        (1, "ticket", "1 ticket"),
        (2059357, "ticket", "2,059,357 tickets"),
        (2, "repository", "2 repositories"),
        (2, "api_key", "2 api keys"),
        (2, "search", "2 searches"),
        (0, "page", "0 pages"),
    ],
)
def test_words_follow_their_count(count: int, word: str, told: str) -> None:
    assert many(count, word) == told
    assert plural(word, count) == told.split(" ", 1)[1]


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (36, 2_059_357, "0.0017 %"),
        (120, 11_904, "1.0 %"),
        (76, 11_904, "0.64 %"),
        (5, 5, "100.0 %"),
        (0, 5, "none"),
        (3, 0, "total not given"),
    ],
)
def test_a_share_has_the_places_that_it_needs(part: int, whole: int, told: str) -> None:
    assert share(part, whole) == told
