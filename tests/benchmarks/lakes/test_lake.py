"""Is a generated lake what ingest would have left: the contract's columns, sorted parts, some events twice?"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from benchmarks.lakes.lake import found, made_from, write_lake
from benchmarks.lakes.ready import make_ready
from benchmarks.lakes.rhythm import SOURCES, exports, hours

from cloison.lake.repeats import PART
from cloison.service.progress import Silent
from cloison.service.take import rebuild_if_needed
from cloison.sources.catalogue import shipped

EVENTS_WANTED = 20_000


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    write_lake(folder, EVENTS_WANTED)
    return folder


@pytest.fixture
def engine(lake: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as engine:
        engine.execute(f"CREATE VIEW lake AS SELECT * FROM read_parquet('{lake}/parts/*.parquet', filename = true)")
        yield engine


def test_every_part_has_the_columns_that_ingest_writes(lake: Path) -> None:
    for part in (lake / "parts").iterdir():
        described = duckdb.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(part)]).fetchall()
        assert {name: kind for name, kind, *_ in described} == PART


def test_every_part_is_sorted_and_of_one_source_and_one_export(engine: duckdb.DuckDBPyConnection) -> None:
    wrong = engine.execute(
        """SELECT count(*) FROM (
          SELECT struct_pack(t := time, e := event_uid) < lag(struct_pack(t := time, e := event_uid)) OVER w AS back
          FROM (SELECT *, row_number() OVER () AS place FROM lake) WINDOW w AS (PARTITION BY filename ORDER BY place)
        ) WHERE back"""
    ).fetchall()
    mixed = engine.execute(
        "SELECT filename FROM lake GROUP BY filename HAVING count(DISTINCT source) + count(DISTINCT evidence_uid) > 2"
    ).fetchall()
    assert (wrong, mixed) == ([(0,)], [])


def test_one_event_in_a_hundred_is_told_twice_and_each_record_has_its_place(engine: duckdb.DuckDBPyConnection) -> None:
    [(events, rows, places)] = engine.execute(
        "SELECT count(DISTINCT event_uid), count(*), count(DISTINCT struct_pack(evidence_uid, record_offset)) FROM lake"
    ).fetchall()
    assert rows == places
    assert 0.008 < (rows - events) / rows < 0.014


def test_a_quarter_of_ordinary_life_is_sixty_integrations_from_addresses_of_their_own(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    [(share, addresses)] = engine.execute(
        """SELECT avg(CAST(starts_with(src_ip, '198.51.100.') OR starts_with(src_ip, '2001:db8:5::') AS INT)),
          count(DISTINCT CASE WHEN starts_with(src_ip, '198.51.100.') THEN src_ip END)
        FROM lake WHERE record_offset < 1000000000"""
    ).fetchall()
    assert 0.24 < share < 0.26
    assert addresses == 60


def test_the_case_is_found_in_order_and_nothing_is_read_again(lake: Path) -> None:
    case = make_ready(lake)
    rebuild_if_needed(case, shipped(), Silent())
    assert {path.name for path in case.lake.glob("*.parquet")} == {path.name for path in (lake / "parts").iterdir()}


def test_the_same_size_gives_the_same_rows(lake: Path, tmp_path: Path) -> None:
    write_lake(tmp_path, EVENTS_WANTED)
    for part in sorted((lake / "parts").iterdir()):
        pair = [str(part), str(tmp_path / "parts" / part.name)]
        [(apart,)] = duckdb.execute(
            "SELECT count(*) FROM (FROM read_parquet(?) EXCEPT ALL FROM read_parquet(?))", pair
        ).fetchall()
        assert apart == 0


def test_a_lake_is_used_again_only_as_it_would_be_written_now(lake: Path) -> None:
    again = found(lake, EVENTS_WANTED)
    assert again is not None
    assert again.made_from == made_from(EVENTS_WANTED)
    assert found(lake, EVENTS_WANTED + 1) is None
    assert found(lake / "parts", EVENTS_WANTED) is None


@pytest.mark.parametrize("events", [0, 1, 7_777, 2_000_000])
def test_hours_hold_every_event_once_and_exports_every_hour(events: int) -> None:
    listed = hours(events)
    assert len(listed) == 960
    assert sum(hour.people + hour.machines for hour in listed) == events
    assert [hour for stretch in exports(listed) for hour in stretch] == listed


def test_the_shares_of_the_sources_are_all_events() -> None:
    assert round(sum(source.share for source in SOURCES), 9) == 1.0
