"""In which year was a line written that states none, and which zone is it in?"""

import gzip
import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from tests.service.harness import cloison, taken

from cloison.evidence.containers import members
from cloison.lake.trial import rows_of
from cloison.model.limits import LIMITS
from cloison.sources.catalogue import shipped

ACCEPTED = "web-1 sshd[4711]: Accepted password for ada from 203.0.113.9 port 51826 ssh2"


@pytest.mark.parametrize(
    ("stamp", "written", "time"),
    [
        ("Mar  2 05:54:25", "2025-03-02T06:00", "2025-03-02T05:54:25"),
        ("Mar  2 05:54:25", "2026-01-09T00:00", "2025-03-02T05:54:25"),
        ("Mar  3 05:54:25", "2025-03-02T20:00", "2025-03-03T05:54:25"),  # its zone may be ahead of UTC
        ("Mar  4 05:54:25", "2025-03-02T20:00", "2024-03-04T05:54:25"),
        ("Dec 31 23:59:59", "2025-01-01T00:00", "2024-12-31T23:59:59"),
        ("Feb 29 01:00:00", "2027-06-01T00:00", "2024-02-29T01:00:00"),
        ("Mar  2 05:54:25.250", "2025-03-02T06:00", "2025-03-02T05:54:25.250000"),
    ],
)
def test_the_year_is_the_last_that_is_not_after_the_file(stamp: str, written: str, time: str) -> None:
    (row,) = rows_of(shipped(), f"{stamp} {ACCEPTED}\n".encode(), dated=datetime.fromisoformat(written)).rows
    assert (row["time"], row["time_assumed"]) == (datetime.fromisoformat(time), True)


@pytest.mark.parametrize(
    ("stamp", "time", "assumed"),
    [
        ("2025-03-02T05:54:25.123456+02:00", "2025-03-02T03:54:25.123456", False),
        ("2025-03-02T05:54:25+0200", "2025-03-02T03:54:25", False),
        ("2025-03-02T05:54:25Z", "2025-03-02T05:54:25", False),
        ("2025-03-02 05:54:25", "2025-03-02T05:54:25", True),
    ],
)
def test_a_year_that_is_stated_needs_no_file(stamp: str, time: str, assumed: bool) -> None:
    (row,) = rows_of(shipped(), f"{stamp} {ACCEPTED}\n".encode()).rows
    assert (row["time"], row["time_assumed"]) == (datetime.fromisoformat(time), assumed)


@pytest.mark.parametrize("stamp", ["Mar  2 05:54:25", "Feb 30 05:54:25", "Xyz  2 05:54:25"])
def test_a_line_that_cannot_be_dated_is_a_reject(stamp: str) -> None:
    dated = None if stamp.startswith("Mar") else datetime(2025, 3, 10)
    trial = rows_of(shipped(), f"{stamp} {ACCEPTED}\n".encode(), dated=dated)
    assert [one.reason for one in trial.rejects] == ["its time is missing or not understood"]
    assert not trial.rows


def test_an_archive_says_when_its_members_were_written(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("auth.log", (2024, 5, 6, 7, 8, 10)), b"x")
        archive.writestr(zipfile.ZipInfo("auth.log.1.gz", (2024, 5, 6, 7, 8, 10)), gzip.compress(b"x", mtime=86_400))
        archive.writestr(zipfile.ZipInfo("auth.log.2.gz", (2024, 5, 6, 7, 8, 10)), gzip.compress(b"x", mtime=0))
    (tmp_path / "logs.zip").write_bytes(out.getvalue())
    zipped, packed = datetime(2024, 5, 6, 7, 8, 10, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC)
    written = [one.written_at for one in members(tmp_path / "logs.zip", LIMITS)]
    assert written == [zipped, packed, zipped]


def test_the_file_is_dated_when_it_is_taken_and_stays_so_when_the_lake_is_built_again(tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    log.write_text(f"Mar  2 05:54:25 {ACCEPTED}\n")
    os.utime(log, (1_583_200_000, 1_583_200_000))  # 2020-03-03
    taken(tmp_path / "case", log)
    log.unlink()
    assert _times(tmp_path) == [datetime(2020, 3, 2, 5, 54, 25)]
    for part in (tmp_path / "case/lake").glob("*.parquet"):
        part.unlink()
    assert cloison("investigate", tmp_path / "case", "--quiet").code == 0
    assert _times(tmp_path) == [datetime(2020, 3, 2, 5, 54, 25)]


def _times(folder: Path) -> list[object]:
    return [time for (time,) in duckdb.execute(f"SELECT time FROM '{folder}/case/lake/*.parquet'").fetchall()]
