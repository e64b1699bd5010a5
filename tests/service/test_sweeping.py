"""Does a sweep say where each indicator stands, and what it looked at when there is none?"""

import gzip
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import zstandard

from cloison.errors import InputError
from cloison.service.progress import Silent
from cloison.service.sweeping import Seen, Swept, sweep_paths

ACCESS = (
    b'192.0.2.10 - ada [15/Nov/2023:10:00:00 +0000] "GET / HTTP/1.1" 200 99 "-" "curl/8"\n'
    b'203.0.113.5 - - [15/Nov/2023:11:30:00 +0000] "GET /to?u=evil.example HTTP/1.1" 200 99 "-" "curl/8"\n'
    b'192.0.2.10 - ada [15/Nov/2023:12:00:00 +0000] "GET / HTTP/1.1" 200 99 "-" "curl/8"\n'
)
LATER = ACCESS.replace(b"15/Nov", b"17/Nov").replace(b"203.0.113.5", b"192.0.2.11").replace(b"evil.", b"fine.")


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    (tmp_path / "list.txt").write_text("203.0.113.5\nevil[.]example\n", encoding="ascii")
    return tmp_path / "logs"


def swept(logs: Path) -> Swept:
    return sweep_paths(logs.parent / "list.txt", [logs], Silent())


def places(found: Swept) -> list[tuple[str, str, int, int, str | None]]:
    return [(one.indicator_value, one.evidence, one.offset, one.line, one.field) for one in found.sightings]


def test_a_sighting_in_a_known_source_says_field_source_and_time(logs: Path) -> None:
    (logs / "access.log").write_bytes(ACCESS)
    found = swept(logs)
    at = datetime(2023, 11, 15, 11, 30)
    where = "logs/access.log"
    assert found.sightings == (
        Seen("ip", "203.0.113.5", where, 83, 11, 2, "src_endpoint.ip", "web_access", at),
        Seen("domain", "evil.example", where, 139, 12, 2, "http_request.url", "web_access", at),
    )
    assert next(found.as_lines()) == (
        "logs/access.log:2: ip 203[.]0[.]113[.]5 at byte 83, in src_endpoint.ip, web_access, 2023-11-15T11:30:00Z"
    )
    assert found.exit_code == 10


def test_a_sighting_in_json_says_its_path(logs: Path) -> None:
    (logs / "a.json").write_text(json.dumps({"x": [{"host": "a.evil.example"}]}) + "\n", encoding="ascii")
    assert places(swept(logs)) == [("evil.example", "logs/a.json", 19, 1, "x[0].host")]


def test_none_is_said_with_what_was_looked_at_and_its_gaps(logs: Path) -> None:
    (logs / "a.log").write_bytes(LATER.replace(b"17/Nov", b"15/Nov"))
    (logs / "b.log").write_bytes(LATER)
    (logs / "c.txt").write_bytes(b"nothing to see\nat all")
    found = swept(logs)
    assert found.answer() == (
        "0 sightings of 2 indicators in 8 lines (549 bytes) of 3 files between 2023-11-15T10:00:00Z and "
        "2023-11-17T12:00:00Z; gaps: no time known in 1 of 3 streams; "
        "web_access silent from 2023-11-15T12:00:00Z to 2023-11-17T10:00:00Z"
    )
    assert found.exit_code == 0


def test_packed_logs_say_the_same(logs: Path) -> None:
    (logs / "a.log.gz").write_bytes(gzip.compress(ACCESS))
    (logs / "b.log.zst").write_bytes(zstandard.compress(ACCESS))
    with zipfile.ZipFile(logs / "c.zip", "w") as archive:
        archive.writestr("in/a.log", ACCESS)
    assert [one[1:4] for one in places(swept(logs))] == [
        ("logs/a.log.gz", 83, 2), ("logs/a.log.gz", 139, 2), ("logs/b.log.zst", 83, 2), ("logs/b.log.zst", 139, 2),
        ("logs/c.zip!in/a.log", 83, 2), ("logs/c.zip!in/a.log", 139, 2),
    ]  # fmt: skip


def test_what_is_cut_off_is_a_gap_whatever_was_seen(logs: Path) -> None:
    (logs / "a.log.gz").write_bytes(gzip.compress(ACCESS * 50)[:-20])
    found = swept(logs)
    assert found.exit_code == 11
    assert found.gaps[0] == "1 streams not read to their end"


def test_a_list_without_an_indicator_is_refused(logs: Path) -> None:
    (logs.parent / "list.txt").write_text("# nothing\n", encoding="ascii")
    with pytest.raises(InputError, match="no indicator in it"):
        swept(logs)


def test_cautions_flag_a_sighting_or_lift_a_flag(logs: Path, tmp_path: Path) -> None:
    (logs / "a.log").write_bytes(b"evil.example 203.0.113.5 10.0.0.9\n")
    (tmp_path / "list.txt").write_text("203.0.113.5\nevil.example\n10.0.0.9\n", encoding="ascii")
    (tmp_path / "own.csv").write_text(
        "value,why,follow\n203.0.113.0/24,our own scanner,no\n10.0.0.9,,yes\n", encoding="ascii"
    )
    found = sweep_paths(tmp_path / "list.txt", [logs], Silent(), [tmp_path / "own.csv"])
    assert {one.indicator_value: one.flagged for one in found.sightings} == {
        "evil.example": None,
        "203.0.113.5": "our own scanner",
        "10.0.0.9": None,
    }
    assert {one.flagged for one in swept(logs).sightings} == {None, "in 10.0.0.0/8: a private network"}
