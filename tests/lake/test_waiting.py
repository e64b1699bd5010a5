"""Does the engine see the very records that wait, in place, and does what it maps meanwhile change nothing?"""

import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from tests.service.harness import access_lines, okta, okta_lines

from cloison.evidence.formats.pieces import Pieces
from cloison.lake import framing
from cloison.lake import ingest as ingesting
from cloison.lake.engine import open_engine
from cloison.lake.framing import Framer
from cloison.lake.ingest import Ingest, Tally
from cloison.lake.judging import Framed
from cloison.lake.loading import in_parts
from cloison.lake.waiting import Waiting
from cloison.model.limits import LIMITS
from cloison.sources.catalogue import shipped
from cloison.sources.mapping import Mapping
from cloison.sources.recognise import Recogniser

WEB = next(one for one in shipped().only("web_access") if one.carrier.name == "line")
OKTA = next(one for one in shipped().only("okta_system_log") if one.carrier.name == "log_event")
TEXTS = [b"", b"a", b"twelve bytes", b"thirteen byte", "\u00e9".encode() * 9, b"a line of some length"]


def columns(mapping: Mapping, *given: tuple[str, list[bytes] | Pieces]) -> list[tuple[object, ...]]:
    """What the engine reads of records that wait."""
    waits = Waiting(mapping)
    for uid, payloads in given:
        places = list(range(len(payloads)))
        waits.add(uid, Framed(mapping, places, places, payloads, sure=False))
    engine = duckdb.connect()
    engine.register("framed", pa.Table.from_batches(waits.batches()))
    found: list[tuple[object, ...]] = engine.execute("SELECT _e, _o, rec FROM framed").fetchall()
    return found


def test_short_and_long_texts_are_read_as_they_are() -> None:
    wanted = [("e", number, text.decode()) for number, text in enumerate(TEXTS)]
    assert columns(WEB, ("e", TEXTS)) == wanted
    assert columns(WEB, ("e", Pieces.of(TEXTS))) == wanted
    assert columns(WEB, ("e", Pieces.of([b"before", *TEXTS]).only(slice(1, None)))) == wanted


def test_several_streams_wait_together() -> None:
    long = "0" * 32 + ".7"
    assert columns(WEB, (long, [b"x"]), ("b", Pieces.of([b"y", b"z"]))) == [
        (long, 0, "x"),
        ("b", 0, "y"),
        ("b", 1, "z"),
    ]


def test_what_cannot_be_spelled_in_a_line_is_replaced_and_a_nul_left_out() -> None:
    assert columns(WEB, ("e", [b"a\xffb", b"c\0d", b"e"])) == [("e", 0, "a\ufffdb"), ("e", 1, "cd"), ("e", 2, "e")]


def test_an_object_that_is_no_utf_8_is_not_given_to_the_engine() -> None:
    with pytest.raises(UnicodeDecodeError):
        columns(OKTA, ("e", [b'{"a":"\xff"}']))


def test_a_character_that_two_records_share_the_bytes_of_is_none() -> None:
    with pytest.raises(UnicodeDecodeError):
        columns(OKTA, ("e", [b'"\xc3', b'\xa9"']))


def test_rows_are_chosen_by_their_place() -> None:
    waits = Waiting(WEB)
    waits.add("a", Framed(WEB, [0, 5], [1, 1], [b"x", b"y"], sure=True))
    waits.add("b", Framed(WEB, [5], [1], [b"z"], sure=False))
    assert [(row.evidence_uid, row.offset, row.payload) for row in waits.rows({"b": {5}, "a": {5}})] == [
        ("a", 5, b"y"),
        ("b", 5, b"z"),
    ]
    assert len(list(waits.rows())) == 3


def taken(data: bytes, folder: Path) -> tuple[Tally, list[tuple[object, ...]]]:
    folder.mkdir()
    recogniser = Recogniser.of(shipped().mappings)
    engine = open_engine()
    ingest = Ingest(engine, in_parts(folder), "of")
    ingest.take("e", Framer(recogniser, LIMITS), (data[at : at + 4_096] for at in range(0, len(data), 4_096)))
    tally = ingest.close()
    parts = [str(folder / part) for part in tally.parts]
    rows: list[tuple[object, ...]] = engine.execute(
        "SELECT record_offset, record_length, source, time, principal FROM read_parquet(?) ORDER BY ALL", [parts]
    ).fetchall()
    return tally, rows


def test_the_engine_maps_while_more_is_framed_and_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapped = json.dumps({"event": okta(77)}).encode()
    timeless = json.dumps(okta(78, published="never")).encode()
    odd = b"\n".join([wrapped, b'{"torn":', access_lines(range(2)), timeless, b'{"a":"\xff"}', b""])
    data = b"".join(okta_lines(range(at, at + 40)) + odd for at in range(0, 400, 40))
    whole, rows = taken(data, tmp_path / "whole")
    monkeypatch.setattr(framing, "HEAD", 4_096)
    monkeypatch.setattr(ingesting, "FLUSH_BYTES", 9_000)
    cut, same = taken(data, tmp_path / "cut")
    assert (len(whole.parts), len(cut.parts) > 5) == (3, True)
    assert same == rows
    assert len(rows) == 400 + 10 + 20
    assert sorted((one.offset, one.reason) for one in cut.rejects) == sorted(
        (one.offset, one.reason) for one in whole.rejects
    )
    assert len(whole.rejects) == 30
    assert cut.received == whole.received


def test_what_is_abandoned_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingesting, "FLUSH_BYTES", 9_000)
    engine = open_engine()
    recogniser = Recogniser.of(shipped().mappings)
    ingest = Ingest(engine, in_parts(tmp_path), "of")
    ingest.take("e", Framer(recogniser, LIMITS), iter([okta_lines(range(60))]))
    ingest.abandon()
    assert engine.execute("SELECT 1").fetchall() == [(1,)]
