"""Replayed in time, is the model incident's admin grant told at once, with the account that its holder created?"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from demo.model_incident.generate import generate
from tests.service.harness import cloison
from tests.watch.harness import watching

from cloison.service.watching import TICK_SECONDS

WITHIN_SECONDS = 2.0
"""From the write of the record to its message. Other programs of the machine are no part of it: what is held against it
is what the watch waits between two looks, and the processor time that it spends, all its threads together."""


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("model")
    generate(folder, scale=0.1)
    return folder


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_grant_is_told_as_it_is_written_and_names_the_created_user(model: Path, tmp_path: Path) -> None:
    audit = sorted((model / "evidence/jira").rglob("*.audit.log"))
    lines = sorted(
        (line for path in audit for line in path.read_bytes().splitlines()),
        key=lambda line: int(line.partition(b'"epochSecond":')[2].split(b",")[0].strip()),
    )
    at = next(n for n, line in enumerate(lines) if b"jira-administrators" in line and b"svc-sheets" in line)
    log = tmp_path / "audit.log"
    log.write_bytes(b"\n".join(lines[:at]) + b"\n")
    case = tmp_path / "case"
    given = [f"--{name}={model / name}.csv" for name in ("exposed", "networks")]
    assert cloison("investigate", case, *given, "--indicators", model / "indicators.txt", "--quiet").code == 0
    with watching(case, log, shipped=True) as watch:
        watch.wait_for(lambda told: any("m.alder" in one["target"] for one in told), 200)
        time.sleep(1)
        before = len(watch.told())
        spent, written = _processor_seconds(watch.process.pid), datetime.now(UTC)
        with log.open("ab") as file:
            file.write(lines[at] + b"\n")
        told = watch.wait_for(lambda told: any("jira-administrators" in one["target"] for one in told[before:]))
        spent = _processor_seconds(watch.process.pid) - spent
    grant = next(one for one in told[before:] if "jira-administrators" in one["target"])
    took = (datetime.fromisoformat(grant["told_at"]) - written).total_seconds()
    assert spent + TICK_SECONDS < WITHIN_SECONDS, (spent, took)
    assert 0 <= took < 30, took  # on a machine at rest it is less than what was asserted before
    assert grant["principal"] == "svc-sheets"
    assert any("svc-sheets created account m.alder in jira at 2023-11-16T14:36:37Z" in fact for fact in grant["facts"])
    assert "disable m.alder in jira: svc-sheets created it" in grant["next"]
