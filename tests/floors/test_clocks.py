"""Is a clock, chance or the environment caught below service, and is the tree free of them?"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUFF = Path(sys.executable).with_name("ruff")
BELOW = ("model", "ocsf", "evidence", "sources", "lake", "hunt", "scope", "respond", "report", "watch")


def banned(cwd: Path, *paths: str) -> str:
    """What ruff says about banned calls, one line each; empty when there is none."""
    told = subprocess.run(
        [RUFF, "check", "--no-cache", "--quiet", "--select", "TID251", "--output-format", "concise",
         "--config", str(ROOT / "pyproject.toml"), *paths],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert not told.stderr, told.stderr
    return told.stdout


def test_below_service_nothing_reads_a_clock_chance_or_the_environment() -> None:
    assert banned(ROOT, "src/cloison/errors.py", *(f"src/cloison/{room}" for room in BELOW)) == ""


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("from datetime import datetime\nAT = datetime.now()", "datetime.datetime.now"),
        ("import datetime\nAT = datetime.datetime.utcnow()", "datetime.datetime.utcnow"),
        ("import time\nAT = time.time()", "time.time"),
        ("import random\nCHANCE = random.random()", "random.random"),
        ("import uuid\nUID = uuid.uuid4()", "uuid.uuid4"),
        ("import os\nHOME = os.environ['HOME']", "os.environ"),
    ],
)
def test_a_banned_call_in_an_analysis_is_flagged(tmp_path: Path, line: str, call: str) -> None:
    place = tmp_path / "src/cloison/scope/late.py"
    place.parent.mkdir(parents=True)
    place.write_text(line + "\n", encoding="utf-8")
    assert f"`{call}` is banned" in banned(tmp_path, "src/cloison/scope/late.py")
