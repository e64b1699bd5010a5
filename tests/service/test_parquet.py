"""Is a folder of Parquet files a lake that is read where it lies, each row accounted for and found again?"""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from tests.service.harness import cloison, shown, taken

from cloison.evidence.custody import sha256_of

DAY = Path("ext") / "pumps" / "region=eu-west-1" / "accountId=111122223333" / "eventDay=20250304"


def _event(number: int, **more: object) -> dict[str, object]:
    return {
        "class_uid": 6003,
        "type_uid": 600302,
        "activity_id": 2,
        "time": 1_741_060_800_000 + number * 1_000,
        "metadata": {"uid": f"e-{number}", "version": "1.1.0", "product": {"name": "CloudTrail"}},
        "actor": {"user": {"name": "svc-pump", "credential_uid": "AKIAPUMP000000000001"}},
        "src_endpoint": {"ip": "192.0.2.10"},
        "api": {"operation": "GetObject"},
        "status_id": 1,
        **more,
    }


def _lake(folder: Path) -> Path:
    """Two files of one lake: the second has no `api`, holds its time as a timestamp, and rows that are no event."""
    day = folder / "lake" / DAY
    day.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist([_event(n) for n in range(5_000)]), day / "a.gz.parquet", row_group_size=700)
    other = [{**_event(n), "time": None, "class_uid": 6003 if n % 2 else None} for n in range(5_000, 5_010)]
    table = pa.Table.from_pylist(other).drop_columns(["api", "time"])
    times = pa.array([1_741_070_000_000 + n for n in range(10)], pa.timestamp("ms"))
    pq.write_table(table.append_column("time", times), day / "b.parquet")
    return folder / "lake"


def _account(case: Path) -> dict[str, int]:
    rows = shown(case, "account")
    return {word: sum(row[word] for row in rows) for word in ("received", "stored", "duplicate", "rejected")}


def test_a_lake_is_accounted_for_row_by_row_and_not_copied(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    said = cloison("take", tmp_path / "case", lake)
    assert said.code == 0
    assert "2 Parquet files are read where they lie" in said.err
    assert _account(tmp_path / "case") == {"received": 5_010, "stored": 5_005, "duplicate": 0, "rejected": 5}
    assert not [path for path in (tmp_path / "case" / "evidence").rglob("*") if path.is_file()]


def test_explain_prints_the_row_as_json_with_its_number(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    case = tmp_path / "case"
    taken(case, lake)
    cloison("investigate", case, "-q")
    rejects = shown(case, "rejects")
    assert sorted(one["offset"] for one in rejects) == [0, 2, 4, 6, 8]
    (record,) = cloison("explain", case, f"{rejects[0]['evidence']}:6", "--json", "-q").json["records"]
    assert (record["unit"], record["offset"], record["length"]) == ("rows", 6, 1)
    assert json.loads(record["raw"])["metadata"]["uid"] == "e-5006"
    assert record["sha256"] == sha256_of(lake / DAY / "b.parquet")


def test_a_file_that_is_named_itself_is_copied(tmp_path: Path) -> None:
    path = _lake(tmp_path) / DAY / "b.parquet"
    said = cloison("take", tmp_path / "case", path)
    assert "read where they lie" not in said.err
    assert [one.read_bytes() for one in (tmp_path / "case" / "evidence").glob("*/*")] == [path.read_bytes()]


def test_the_printed_place_of_a_row_is_its_number(tmp_path: Path) -> None:
    case = tmp_path / "case"
    taken(case, _lake(tmp_path))
    cloison("investigate", case, "-q")
    said = cloison("explain", case, "ocsf", "-q").out
    assert "row 0, counted from 0" in said
    assert "row 9, counted from 0" in said


def test_rows_of_any_source_are_its_records(tmp_path: Path) -> None:
    flow = {
        "version": 2, "account_id": "111122223333", "interface_id": "eni-01", "srcaddr": "192.0.2.130",
        "dstaddr": "203.0.113.9", "srcport": 50_022, "dstport": 443, "protocol": 6, "packets": 10, "bytes": 840,
        "start": 1_741_061_300, "end": 1_741_061_360, "action": "ACCEPT", "log_status": "OK",
    }  # fmt: skip
    pq.write_table(pa.Table.from_pylist([flow]), tmp_path / "flow.parquet")
    taken(tmp_path / "case", tmp_path / "flow.parquet")
    (row,) = shown(tmp_path / "case", "account")
    assert (row["source"], row["received"], row["stored"]) == ("aws_vpc_flow", 1, 1)
