"""Is the raw log of the same life read by its own source, record by record?"""

from pathlib import Path

import pytest
from benchmarks.lakes.raw import RECORD_BYTES, write_raw

from cloison.lake.trial import rows_of
from cloison.sources.catalogue import shipped


@pytest.mark.parametrize("source", RECORD_BYTES)
def test_every_record_is_an_event_of_its_own_source(source: str, tmp_path: Path) -> None:
    raw = write_raw(tmp_path, source, 0.2)
    trial = rows_of(shipped(), raw.path.read_bytes())
    assert {(row["source"], row["carrier"]) for row in trial.rows} == {(source, raw.carrier)}
    assert len({row["event_uid"] for row in trial.rows}) == raw.records
    assert 0.8 < raw.size / 0.2e6 < 1.2


def test_a_raw_record_maps_to_the_row_that_the_lake_would_hold(tmp_path: Path) -> None:
    raw = write_raw(tmp_path, "jira_access", 0.05)
    rows = rows_of(shipped(), raw.path.read_bytes()).rows
    assert {str(row["action"]) for row in rows} == {"viewed", "searched", "modified", "None"}
    assert {str(row["resource_kind"]) for row in rows} == {"ticket", "search", "None"}
    assert all(row["principal"] and row["src_ip"] and row["user_agent"] for row in rows)
