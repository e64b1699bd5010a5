"""Is the truth of the swept logs the truth, and does the benchmark count what each tool reports against it?"""

from pathlib import Path

import pytest
from benchmarks.sweep import swept
from benchmarks.sweeps.logs import DECOYS, SEEN, write_indicators, write_log
from benchmarks.sweeps.running import numbered, ran

from cloison.hunt.intel import read_indicators
from cloison.hunt.textsweep import TextSweep


@pytest.mark.parametrize("kind", ["access", "nested"])
def test_every_line_of_the_truth_is_seen_and_no_decoy(kind: str, tmp_path: Path) -> None:
    truth = write_log(tmp_path / "a.log", kind, 200_000)
    write_indicators(tmp_path / "list.txt", 500)
    listed = read_indicators((tmp_path / "list.txt").read_bytes(), origin="list").indicators
    raw = (tmp_path / "a.log").read_bytes()
    assert raw.count(b"\n") > len(SEEN) + len(DECOYS) == 24
    assert len(truth) == 13
    assert {one.line for one in TextSweep(listed).block(raw)} == truth


def test_lists_of_any_length_hold_as_many_values(tmp_path: Path) -> None:
    write_indicators(tmp_path / "list.txt", 3_000)
    assert len(set((tmp_path / "list.txt").read_text(encoding="ascii").split())) > 2_950


def test_numbers_of_lines() -> None:
    assert numbered(b"3:a:b\n17:c\n") == {3, 17}


def test_a_run_tells_its_output_and_its_own_memory() -> None:
    run = ran(["cat"], packed=["printf", "1:x"])
    assert run.output == b"1:x"
    assert 0.5 < run.megabytes < 40


def test_a_command_that_fails_stops_all() -> None:
    with pytest.raises(SystemExit, match="ended with 3"):
        ran(["sh", "-c", "exit 3"])


@pytest.mark.long
def test_ours_is_right_in_every_form() -> None:
    told = [line for line in swept(0.0004, (10,), 1) if line.lstrip().startswith("cloison")]
    assert len(told) == 6
    assert all(line.endswith("right 13 of 13, wrong 0") for line in told)
