"""Replayed in time, is the model incident's admin grant told at once, with the account that its holder created?"""

import time
from pathlib import Path

import pytest
from demo.model_incident.generate import generate
from tests.service.harness import cloison
from tests.watch.harness import watching


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
    with watching(case, log) as watch:
        watch.wait_for(lambda told: any("m.alder" in one["target"] for one in told), 200)
        time.sleep(1)
        before = len(watch.told())
        written = time.monotonic()
        with log.open("ab") as file:
            file.write(lines[at] + b"\n")
        told = watch.wait_for(lambda told: any("jira-administrators" in one["target"] for one in told[before:]))
        took = time.monotonic() - written
    grant = next(one for one in told[before:] if "jira-administrators" in one["target"])
    assert took < 30, took  # how fast it is on a machine at rest is measured by `python -m benchmarks watch`
    assert grant["principal"] == "svc-sheets"
    assert any("svc-sheets created account m.alder in jira at 2023-11-16T14:36:37Z" in fact for fact in grant["facts"])
    assert "disable m.alder in jira: svc-sheets created it" in grant["next"]
