"""Is a lake investigated in a process of its own, and its answer held against what was planted?"""

from pathlib import Path

import pytest
from benchmarks.scale import investigated, scaled


@pytest.mark.long
def test_the_planted_incident_is_answered_exactly_and_nothing_is_left(tmp_path: Path) -> None:
    done = investigated(tmp_path / "lake", 20_000)
    assert done.wrong == ()
    assert 20_000 < done.rows < 30_000
    assert 0 < done.lake < done.raw
    assert 0.5 < done.ran.seconds < 250
    assert 30e6 < done.ran.peak < 8e9
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_lakes_are_kept_found_again_and_their_growth_told(tmp_path: Path) -> None:
    first = list(scaled((4_000, 8_000), (), folder=tmp_path, keep=True))
    again = list(scaled((4_000, 8_000), (), folder=tmp_path))
    assert first[0] == "investigations with --memory 4GB"
    assert [line.split()[0] for line in first[2:4]] == ["4,000", "8,000"]
    assert first[4].startswith("4,000 to 8,000: 2.0 times the events, ")
    assert [line.split()[6] for line in again[2:4]] == ["-", "-"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake-4000", "lake-8000"]
