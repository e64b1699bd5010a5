"""Do the benchmarks measure what they say, at a size that takes a moment?"""

from pathlib import Path

import pytest
from benchmarks.__main__ import main
from benchmarks.generated import write_log
from benchmarks.ingest import LOGS, Log, speed
from benchmarks.lookups import looked_up
from benchmarks.model import investigated
from benchmarks.rotations import judged

from cloison.lake.trial import rows_of
from cloison.sources.catalogue import shipped


@pytest.mark.parametrize("log", LOGS, ids=str)
def test_every_record_of_a_generated_log_is_an_event_of_its_own(log: Log, tmp_path: Path) -> None:
    records = write_log(tmp_path / "given.log", log.source, log.carrier, 60_000)
    trial = rows_of(shipped(), (tmp_path / "given.log").read_bytes())
    assert {(row["source"], row["carrier"]) for row in trial.rows} == {(log.source, log.carrier)}
    assert len(trial.rows) == records
    assert len({row["event_uid"] for row in trial.rows}) == records


@pytest.mark.parametrize("log", LOGS, ids=str)
def test_ingest_reads_as_many_records_every_way(log: Log) -> None:
    found = speed(log, 0.06, 1)
    assert found.megabytes >= 0.06
    assert found.taken > 0
    assert found.plain > 0
    assert found.like > 0


def test_rotations_are_judged_as_the_log_was_written() -> None:
    assert judged(40).verdicts == {"proven": 20, "refuted": 10, "unknown": 10}


@pytest.mark.long
def test_the_model_incident_is_investigated_in_a_process_of_its_own() -> None:
    found = investigated(0.01)
    assert 0.1 < found.seconds < 250
    assert 30 < found.peak_megabytes < 8_000


def test_the_command_names_the_machine_before_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    main(["rotations", "--share", "0.0004"])
    told = capsys.readouterr().out.splitlines()
    assert " cores (" in told[0]
    assert "duckdb " in told[1]
    assert told[2:] == ["rotations", told[3]]
    assert told[3].startswith("  4 credentials judged in ")
    assert "(2 proven, 1 refuted, 1 unknown)" in told[3]


@pytest.mark.long
def test_what_is_planted_is_looked_up_as_often_as_the_full_scan_sees_it(tmp_path: Path) -> None:
    told = list(looked_up((20_000,), folder=tmp_path))
    planted = [line.split(" s, ")[1].split()[0] for line in told if " planted " in line]
    present = [line.split(" s, ")[1].split()[0] for line in told if " present " in line]
    absent = [line.split(" s, ")[1].split()[0] for line in told if " absent " in line]
    assert planted[0] == planted[1] != "0"
    assert absent == ["0", "0", "0"]
    assert "0" not in present
