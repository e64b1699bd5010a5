"""Does each row of a Parquet file become one line in the file's order, whatever its types, and is damage told?"""

import io
import json
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cloison.evidence.containers import in_rows, members, read_at
from cloison.evidence.formats.parquet import ParquetRows
from cloison.model.limits import LIMITS, Limits

ROWS = pa.table(
    {
        "time": pa.array([datetime(2025, 3, 4, 4, 8, 21, 250_000, tzinfo=UTC), None], pa.timestamp("us", tz="UTC")),
        "row": ["a\nb", 'quo"te'],
        "actor": [{"user": {"name": "m.alder", "uid": None}}, None],
        "unmapped": pa.array([[("k", "v")], []], pa.map_(pa.string(), pa.string())),
        "observables": [[{"name": "src_endpoint.ip", "type_id": 2}], []],
        "amount": [Decimal("1.50"), Decimal("2.25")],
    }
)


def _parquet(table: pa.Table, **more: int) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **more)
    return out.getvalue()


def _lines(data: bytes, start: int = 0) -> list[bytes]:
    return b"".join(ParquetRows(io.BytesIO(data), len(data)).lines(start)).splitlines()


def test_nested_and_typed_columns_are_one_object_a_line() -> None:
    first, second = (json.loads(line) for line in _lines(_parquet(ROWS)))
    assert first["time"] == "2025-03-04 04:08:21.25+00"
    assert first["row"] == "a\nb"
    assert first["actor"] == {"user": {"name": "m.alder", "uid": None}}
    assert first["unmapped"] == {"k": "v"}
    assert first["observables"] == [{"name": "src_endpoint.ip", "type_id": 2}]
    assert second == {"time": None, "row": 'quo"te', "actor": None, "unmapped": {}, "observables": [], "amount": 2.25}


@pytest.mark.parametrize("size", [7, 1_000, 2_001, 10_000])
def test_rows_keep_their_order_and_their_number_over_all_groups(size: int) -> None:
    data = _parquet(pa.table({"n": list(range(5_003))}), row_group_size=size)
    assert [json.loads(line)["n"] for line in _lines(data)] == list(range(5_003))
    assert [json.loads(line)["n"] for line in _lines(data, 4_990)] == list(range(4_990, 5_003))


def test_a_row_is_found_again_by_its_number_also_in_a_zip(tmp_path: Path) -> None:
    data = _parquet(pa.table({"n": list(range(4_000))}), row_group_size=900)
    (tmp_path / "plain").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "packed", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/x.parquet", data)
    assert read_at(tmp_path / "plain", "", 3_777, 1, LIMITS) == b'{"n":3777}'
    assert read_at(tmp_path / "packed", "a/x.parquet", 3_777, 1, LIMITS) == b'{"n":3777}'
    assert in_rows(tmp_path / "plain", "", LIMITS)
    assert in_rows(tmp_path / "packed", "a/x.parquet", LIMITS)


def test_a_name_with_the_signs_of_a_pattern_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "*[a].parquet"
    path.write_bytes(_parquet(pa.table({"n": [1]})))
    (tmp_path / "other.parquet").write_bytes(_parquet(pa.table({"n": [2]})))
    assert [b"".join(one.opened.chunks()) for one in members(path, LIMITS)] == [b'{"n":1}\n']


@pytest.mark.parametrize("cut", [4, 40, -1])
def test_what_is_cut_off_is_a_fault_and_no_crash(tmp_path: Path, cut: int) -> None:
    (tmp_path / "x").write_bytes(_parquet(ROWS)[:cut])
    (found,) = members(tmp_path / "x", LIMITS)
    assert b"".join(found.opened.chunks()) == b""
    assert found.opened.fault.startswith("not a readable Parquet file: ")


def test_a_table_that_unpacks_without_end_is_cut(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(_parquet(pa.table({"n": ["x" * 900] * 30_000})))
    limits = Limits(unpacked_bytes=1 << 20, unpacked_ratio=2)
    for found in members(tmp_path / "x", limits):
        assert sum(map(len, found.opened.chunks())) < 12 << 20
        assert "treated as a bomb" in found.opened.fault
