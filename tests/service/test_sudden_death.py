"""Does a case survive that its writer dies at any moment, and is it then as if nothing had happened?"""

import fcntl
import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from tests.service.harness import access_lines, cloison, command, events, okta_lines, shown, taken, totals

from cloison.evidence.journal import Journal

KILLS = 50
FILES_A_BATCH = 2


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several batches of evidence, large enough that a run takes a while."""
    folder: Path = tmp_path_factory.mktemp("in")
    for number in range(6):
        (folder / f"okta-{number}.jsonl").write_bytes(okta_lines(range(number * 900, number * 900 + 1_000)))
        (folder / f"web-{number}.log").write_bytes(
            access_lines(range(number * 3_000, number * 3_000 + 3_000)) + b"torn\n"
        )
    return folder


@pytest.fixture(scope="module")
def undisturbed(evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    case: Path = tmp_path_factory.mktemp("calm") / "case"
    taken(case, evidence)
    return case


def start(case: Path, evidence: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command("take", case, evidence, "--quiet", files_a_batch=FILES_A_BATCH),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def duration(tmp_path: Path, evidence: Path) -> float:
    begun = time.monotonic()
    assert start(tmp_path / "measured", evidence).wait(60) == 0
    return time.monotonic() - begun


def state(case: Path) -> dict[str, Any]:
    """All that a user can ask of what was taken, save where it lies."""
    return {
        "account": shown(case, "account"),
        "rejects": shown(case, "rejects"),
        "events": events(case, "* EXCLUDE (evidence_uid, superseded)"),
        "coverage": shown(case, "coverage"),
    }


def left_over(case: Path) -> list[str]:
    """Files of the lake and drafts of custody that the journal does not know."""
    journal = Journal(case / "journal.sqlite")
    known = journal.parts()
    journal.close()
    lake = [path.name for path in (case / "lake").iterdir() if path.name not in known]
    return lake + [path.name for path in (case / "evidence").iterdir() if path.name.startswith(".")]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_killed_at_fifty_random_moments(tmp_path: Path, evidence: Path, undisturbed: Path) -> None:
    chance = random.Random(1118)
    whole = duration(tmp_path, evidence)
    case = tmp_path / "case-0"
    died = finished = committed = 0
    for number in range(KILLS):
        run = start(case, evidence)
        try:
            run.wait(chance.uniform(0.15, 1.0) * whole)
        except subprocess.TimeoutExpired:
            run.kill()
        code = run.wait()
        assert code in {0, -signal.SIGKILL}, run.stderr.read() if run.stderr else b""
        died, finished = died + (code != 0), finished + (code == 0)
        committed += code != 0 and (case / "journal.sqlite").is_file()
        if number % 10 == 9 or code == 0:
            taken(case, evidence)
            assert left_over(case) == []
            assert state(case) == state(undisturbed)
            case = tmp_path / f"case-{number + 1}"
    assert died >= KILLS // 2, (died, finished)
    assert committed >= 5


def test_killed_between_the_parts_and_their_commit(tmp_path: Path, evidence: Path, undisturbed: Path) -> None:
    case = tmp_path / "case"
    taken(case, evidence / "okta-0.jsonl")
    (case / "lake" / "okta_system_log-000009-ffffffffffff-0000.parquet").write_bytes(b"half a part")
    (case / "lake" / "chunk.ndjson").write_bytes(b"{")
    (case / "lake" / "spill").mkdir(exist_ok=True)
    (case / "lake" / "spill" / "duckdb_temp_storage-0.tmp").write_bytes(b"x")
    (case / "evidence" / ".incoming-7").write_bytes(b"half a file")
    taken(case, evidence)
    assert left_over(case) == []
    assert {row["evidence"]: row["stored"] for row in shown(case, "account")}[f"{evidence.name}/web-0.log"] == 3_000


def test_killed_while_the_case_was_made(tmp_path: Path, evidence: Path) -> None:
    for number, made in enumerate(
        (["evidence"], ["evidence", "inputs", "lake"], ["evidence", "inputs", "lake", "results", "report"])
    ):
        case = tmp_path / f"case-{number}"
        for name in made:
            (case / name).mkdir(parents=True)
        if len(made) == 5:
            Journal(case / "journal.sqlite").close()
            (case / "case.draft").write_bytes(b"form")
        taken(case, evidence / "okta-0.jsonl")
        assert totals(case) == (1_000, 1_000, 0, 0)


def interrupted(tmp_path: Path, evidence: Path) -> tuple[Path, bytes]:
    """A case whose taking was interrupted, and what it said; a run that was over before the signal came is none."""
    for attempt in range(10):
        case = tmp_path / f"case-{attempt}"
        run = start(case, evidence)
        while not list(case.glob("lake/*.parquet")):  # the first batch is being written
            assert run.poll() is None
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=60)
        if run.returncode != 0:
            assert run.returncode == 130, err
            return case, err
    raise AssertionError("ten runs ended as if nobody had interrupted them")


@pytest.mark.long
def test_interrupt_leaves_the_case_usable(tmp_path: Path, evidence: Path, undisturbed: Path) -> None:
    case, err = interrupted(tmp_path, evidence)
    assert b"cloison: interrupted; what was committed stands, run the same command again to go on\n" in err
    assert b"Traceback" not in err
    taken(case, evidence)
    assert left_over(case) == []
    assert state(case) == state(undisturbed)


@pytest.mark.long
def stopped_while_writing(process: "subprocess.Popen[bytes]", lock: Path) -> bool:
    """Stop a process; it goes on for a moment where it does not hold the lock yet."""
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    if lock.exists():
        with lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    process.send_signal(signal.SIGCONT)
    time.sleep(0.005)
    return False


def test_two_writers_at_once(tmp_path: Path, evidence: Path, undisturbed: Path) -> None:
    case = tmp_path / "case"
    first = start(case, evidence)
    while not stopped_while_writing(first, case / ".lock"):
        assert first.poll() is None
    second = cloison("take", case, evidence, "--quiet")
    first.kill()
    first.wait()
    assert second.code == 4
    assert second.err == f"cloison: {case}: another cloison is writing to this case (wait for it)"
    taken(case, evidence)
    assert state(case) == state(undisturbed)
