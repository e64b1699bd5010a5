"""Does every stored row lead back to its raw bytes, and is the lake the same however the evidence came?"""

import csv
import gzip
import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import zstandard
from tests.service.harness import access_line, access_lines, events, okta, okta_lines, shown, taken, totals

from cloison.evidence.containers import read_at
from cloison.evidence.journal import Journal
from cloison.model.limits import LIMITS

TOLD = "* EXCLUDE (superseded)"
"""What the records tell; which row of a part stands for another depends on what was read together."""

RECORDS = [okta(number) for number in range(12)]
SPELLED = [json.dumps(record).encode() for record in RECORDS]
PRETTY = [json.dumps(record, indent=2).encode() for record in RECORDS]
ACCESS = [access_line(number, "caf\u00e9").encode() for number in range(12)]
HEADER = ["uuid", "timestamp", "event_type", "outcome.result", "actor.alternate_id", "display_message"]


def _csv_rows() -> list[bytes]:
    rows = []
    for record in RECORDS:
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(
            [
                record["uuid"],
                record["published"],
                record["eventType"],
                record["outcome"]["result"],
                record["actor"]["alternateId"],
                'two\nlines, "quoted"',
            ]
        )
        rows.append(out.getvalue().encode())
    return rows


CSV = _csv_rows()
LAYOUTS: dict[str, tuple[bytes, list[bytes]]] = {
    "one a line": (b"\n".join(SPELLED), SPELLED),
    "one a line, carriage returns": (b"\xef\xbb\xbf" + b"\r\n".join(SPELLED), SPELLED),
    "array": (b"[" + b", ".join(SPELLED) + b"]", SPELLED),
    "api page": (b'{"next": "https://idp.example/2", "items": [\n' + b",\n".join(SPELLED) + b"\n]}", SPELLED),
    "page a line": (b"\n".join(b'{"events": [' + one + b"]}" for one in SPELLED), SPELLED),
    "pretty-printed": (b"\n".join(PRETTY), PRETTY),
    "nothing between": (b"".join(SPELLED), SPELLED),
    "csv": (b"\n".join([",".join(HEADER).encode(), *CSV]), CSV),
    "access lines": (b"\n".join(ACCESS), ACCESS),
}


def _zip(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep/er/x.log", data)
        archive.writestr("deep/er/y.log.gz", gzip.compress(b""))
    return out.getvalue()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gz": gzip.compress,
    "zst": zstandard.compress,
    "zip": _zip,
    "gz in zip": lambda data: _zip(gzip.compress(data)),
}


def raw_of_rows(case: Path) -> list[bytes]:
    """The raw bytes that every row of the lake names, in the order of the evidence."""
    journal = Journal(case / "journal.sqlite")
    members = {one.uid: one for one in journal.members()}
    kept = {one.sha256: case / "evidence" / one.kept for one in journal.evidence()}
    journal.close()
    rows = duckdb.connect().execute(
        "SELECT evidence_uid, record_offset, record_length FROM read_parquet(?) ORDER BY ALL",
        [str(case / "lake" / "*.parquet")],
    )
    return [
        read_at(kept[members[uid].sha256], members[uid].name, offset, length, LIMITS)
        for uid, offset, length in rows.fetchall()
    ]


@pytest.mark.parametrize(("data", "records"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_raw_bytes_of_every_row_are_its_record(tmp_path: Path, data: bytes, records: list[bytes]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, pack in PACKERS.items():
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / "x").write_bytes(pack(data))
        taken(tmp_path / name, folder)
        assert raw_of_rows(tmp_path / name) == records, name


@pytest.mark.long
def test_same_evidence_twice_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, (data, _) in LAYOUTS.items():
        (tmp_path / "in" / name).write_bytes(data)
    case = tmp_path / "case"
    assert taken(case, tmp_path / "in").out.startswith("9 files taken, 0 already in the case.")
    before = (shown(case, "account"), shown(case, "rejects"), sorted(path.name for path in case.rglob("*")))
    (tmp_path / "again").mkdir()
    for path in (tmp_path / "in").iterdir():
        shutil.copy(path, tmp_path / "again" / f"other {path.name}")
    for again in (tmp_path / "in", tmp_path / "again"):
        assert taken(case, again).out.startswith("0 files taken, 9 already in the case.")
        assert (shown(case, "account"), shown(case, "rejects"), sorted(path.name for path in case.rglob("*"))) == before


@pytest.mark.long
def test_shuffled_and_split_evidence_gives_the_same_events(tmp_path: Path) -> None:
    chance = random.Random(7)
    lines = okta_lines(range(300)).splitlines() + access_lines(range(300)).splitlines() + [b"unknown", b'{"torn": ']
    (tmp_path / "whole").write_bytes(b"\n".join(lines))
    taken(tmp_path / "a", tmp_path / "whole")
    expected = events(tmp_path / "a")
    assert len(expected) == 600
    for number in range(3):
        chance.shuffle(lines)
        folder = tmp_path / f"in-{number}"
        folder.mkdir()
        cuts = sorted(chance.sample(range(1, len(lines)), 4))
        for part, (begin, end) in enumerate(zip([0, *cuts], [*cuts, len(lines)], strict=True)):
            (folder / f"{part}").write_bytes(b"\n".join(lines[begin:end]))
        taken(tmp_path / f"case-{number}", folder)
        assert events(tmp_path / f"case-{number}") == expected
        assert totals(tmp_path / f"case-{number}") == (602, 600, 0, 2)


def test_event_told_by_two_files_is_one_event_and_one_duplicate(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "monday").write_bytes(okta_lines(range(20)))
    (tmp_path / "in" / "tuesday.json").write_bytes(json.dumps([okta(number) for number in range(15, 30)]).encode())
    taken(tmp_path / "case", tmp_path / "in")
    assert totals(tmp_path / "case") == (35, 30, 5, 0)
    assert len(events(tmp_path / "case", "event_uid")) == 30


@pytest.mark.long
def test_lake_and_results_that_are_deleted_come_back_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, (data, _) in LAYOUTS.items():
        (tmp_path / "in" / name).write_bytes(data + b"\nbroken {\n")
    (tmp_path / "in" / "x.zip").write_bytes(_zip(okta_lines(range(100, 200))))
    case = tmp_path / "case"
    taken(case, tmp_path / "in")
    tables = ("account", "rejects", "timeline", "coverage", "sessions", "touched")
    before = [shown(case, table) for table in tables]
    rows = events(case, TOLD)
    for gone in (["lake", "results", "report"], ["lake"], ["results"]):
        for name in gone:
            shutil.rmtree(case / name)
        assert [shown(case, table) for table in tables] == before
        assert events(case, TOLD) == rows


def test_one_part_that_is_deleted_comes_back_and_leaves_nothing_over(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(okta_lines(range(50)))
    (tmp_path / "b.log").write_bytes(access_lines(range(50)))
    case = tmp_path / "case"
    taken(case, tmp_path / "a.log")
    taken(case, tmp_path / "b.log")
    rows = events(case, TOLD)
    next(iter((case / "lake").glob("*.parquet"))).unlink()
    assert totals(case) == (100, 100, 0, 0)
    assert events(case, TOLD) == rows
    journal = Journal(case / "journal.sqlite")
    assert {path.name for path in (case / "lake").iterdir()} == journal.parts()
    journal.close()
