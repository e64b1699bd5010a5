"""Is a command measured by itself, whatever its parent holds?"""

import pytest
from benchmarks.lakes.running import run


def test_the_memory_of_the_parent_is_not_counted() -> None:
    held = b"x" * 400_000_000
    ran = run(["sources"])
    assert 20e6 < ran.peak < 300e6
    assert 0.05 < ran.seconds < 60
    assert len(held) == 400_000_000


def test_a_command_that_fails_ends_the_benchmark() -> None:
    with pytest.raises(SystemExit) as ended:
        run(["sweep"])
    assert str(ended.value) == "cloison sweep ended with 2"
