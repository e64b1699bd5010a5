"""Is everything that a growing log says told once, whatever becomes of the file?"""

import gzip
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.service.harness import cloison
from tests.watch.harness import case_with, sighted, watching
from tests.watch.records import request, sign_in

Made = Callable[[int], bytes]


def lines(first: int, last: int, made: Made = sign_in) -> bytes:
    return b"".join(made(number) + b"\n" for number in range(first, last))


def marks(first: int, last: int) -> list[str]:
    return [f"mark{number}" for number in range(first, last)]


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


def test_what_is_there_and_what_comes_is_told_once(tmp_path: Path, logs: Path) -> None:
    log = logs / "okta.jsonl"
    log.write_bytes(lines(0, 3))
    with watching(case_with(tmp_path), logs) as watch:
        watch.wait_for(lambda told: len(sighted(told)) >= 3)
        with log.open("ab") as file:
            file.write(lines(3, 5) + sign_in(5)[:40])
        watch.wait_for(lambda told: len(sighted(told)) >= 5)
        with log.open("ab") as file:
            file.write(sign_in(5)[40:] + b"\n")
        (logs / "web.log").write_bytes(lines(6, 8, request))
        told = watch.wait_for(lambda told: len(sighted(told)) >= 8)
    assert sorted(sighted(told)) == marks(0, 8)
    first = next(one for one in told if one["principal"].startswith("mark0") and sighted([one]))
    assert first["records"] == [
        {"evidence": str(log), "offset": 0, "length": len(sign_in(0)), "event_uid": first["records"][0]["event_uid"],
         "time": "2025-03-04T09:00:00Z"}
    ]  # fmt: skip
    assert first["next"] == ["block 203.0.113.77"]
    assert len(first["records"][0]["event_uid"]) == 32


def test_from_now_on_leaves_out_what_is_there(tmp_path: Path, logs: Path) -> None:
    log = logs / "okta.jsonl"
    log.write_bytes(lines(0, 3))
    case = case_with(tmp_path)
    with watching(case, logs, "--from-now") as watch:
        watch.noted("watching")
        (logs / "begun.jsonl").write_bytes(lines(10, 11))
        watch.wait_for(lambda told: len(sighted(told)) >= 1)
        with log.open("ab") as file:
            file.write(lines(3, 4))
        watch.wait_for(lambda told: len(sighted(told)) >= 2)
    (logs / "while-it-was-down.jsonl").write_bytes(lines(11, 12))
    with watching(case, logs, "--from-now") as watch:
        told = watch.wait_for(lambda told: len(sighted(told)) >= 3)
    assert sighted(told) == ["mark10", "mark3", "mark11"]


def test_a_file_that_the_case_holds_is_read_behind_what_it_holds(tmp_path: Path, logs: Path) -> None:
    log = logs / "okta.jsonl"
    log.write_bytes(lines(0, 3))
    case = case_with(tmp_path)
    assert cloison("take", case, logs).code == 0
    with log.open("ab") as file:
        file.write(lines(3, 5))
    with watching(case, logs) as watch:
        told = watch.wait_for(lambda told: len(sighted(told)) >= 2)
    assert sighted(told) == ["mark3", "mark4"]


@pytest.mark.parametrize("made", [sign_in, request])
def test_renamed_and_begun_anew(tmp_path: Path, logs: Path, made: Made) -> None:
    log = logs / "a.log"
    log.write_bytes(lines(0, 3, made))
    with watching(case_with(tmp_path), log) as watch:
        watch.wait_for(lambda told: len(sighted(told)) >= 3)
        with log.open("ab") as file:
            file.write(lines(3, 4, made))
            file.flush()
            log.rename(logs / "a.log.1")
            log.write_bytes(lines(5, 7, made))
            file.write(lines(4, 5, made))  # the writer has not noticed yet
        told = watch.wait_for(lambda told: len(sighted(told)) >= 7)
    assert sorted(sighted(told)) == marks(0, 7)


@pytest.mark.parametrize("made", [sign_in, request])
def test_copied_and_cut(tmp_path: Path, logs: Path, made: Made) -> None:
    log = logs / "a.log"
    log.write_bytes(lines(0, 5, made))
    with watching(case_with(tmp_path), logs) as watch:
        watch.wait_for(lambda told: len(sighted(told)) >= 5)
        with log.open("ab") as file:
            file.write(lines(5, 6, made))
        shutil.copy(log, logs / "a.log.1")
        os.truncate(log, 0)
        with log.open("ab") as file:
            file.write(lines(6, 9, made))
        told = watch.wait_for(lambda told: len(sighted(told)) >= 9)
        with log.open("ab") as file:
            file.write(lines(9, 10, made))
        told = watch.wait_for(lambda told: len(sighted(told)) >= 10)
    assert sorted(sighted(told)) == marks(0, 10)


def test_rotated_while_nobody_watched(tmp_path: Path, logs: Path) -> None:
    log = logs / "a.log"
    log.write_bytes(lines(0, 3, request))
    case = case_with(tmp_path)
    with watching(case, logs) as watch:
        watch.wait_for(lambda told: len(sighted(told)) >= 3)
    with log.open("ab") as file:
        file.write(lines(3, 5, request))
    log.rename(logs / "a.log.1")
    log.write_bytes(lines(5, 6, request))
    with watching(case, logs) as watch:
        told = watch.wait_for(lambda told: len(sighted(told)) >= 6)
    assert sorted(sighted(told)) == marks(0, 6)


def test_packed_after_it_was_read(tmp_path: Path, logs: Path) -> None:
    log = logs / "a.log"
    log.write_bytes(lines(0, 3, request))
    case = case_with(tmp_path)
    with watching(case, logs) as watch:
        watch.wait_for(lambda told: len(sighted(told)) >= 3)
    with log.open("ab") as file:
        file.write(lines(3, 5, request))
    (logs / "a.log.1.gz").write_bytes(gzip.compress(log.read_bytes()))
    log.unlink()
    with watching(case, logs) as watch:
        told = watch.wait_for(lambda told: len(sighted(told)) >= 5)
    assert sorted(sighted(told)) == marks(0, 5)


def test_a_page_and_a_packed_export_are_read_when_they_are_whole(tmp_path: Path, logs: Path) -> None:
    with watching(case_with(tmp_path), logs) as watch:
        (logs / "page.json").write_bytes(b"[\n" + sign_in(0) + b",\n" + sign_in(1) + b"\n]")
        (logs / "export.jsonl.gz").write_bytes(gzip.compress(lines(2, 4)))
        told = watch.wait_for(lambda told: len(sighted(told)) >= 4)
    assert sorted(sighted(told)) == marks(0, 4)


def snowflake(number: int) -> str:
    at = f"2025-03-04 02:11:0{number}.007 -0800"
    return f'"{number}","{at}","LOGIN","mark{number}","203.0.113.77","PYTHON","3.12","YES"\n'


def test_a_table_is_read_on_by_its_header(tmp_path: Path, logs: Path) -> None:
    log = logs / "logins.csv"
    names = ("EVENT_ID", "EVENT_TIMESTAMP", "EVENT_TYPE", "USER_NAME", "CLIENT_IP", "REPORTED_CLIENT_TYPE")
    header = ",".join(f'"{name}"' for name in (*names, "REPORTED_CLIENT_VERSION", "IS_SUCCESS")) + "\n"
    log.write_text(header + snowflake(0))
    case = case_with(tmp_path)
    with watching(case, logs) as watch:
        watch.wait_for(lambda told: len(sighted(told)) >= 1)
        with log.open("a") as file:
            file.write(snowflake(1) + snowflake(2)[:30])
        watch.wait_for(lambda told: len(sighted(told)) >= 2)
    with log.open("a") as file:
        file.write(snowflake(2)[30:] + snowflake(3))
    with watching(case, logs) as watch:
        told = watch.wait_for(lambda told: len(sighted(told)) >= 4)
    assert sighted(told) == marks(0, 4)
    last = told[-1]["records"][0]
    raw = log.read_bytes()[last["offset"] : last["offset"] + last["length"]]
    assert raw.decode() + "\n" == snowflake(3)


def test_interrupted_it_goes_on(tmp_path: Path, logs: Path) -> None:
    log = logs / "okta.jsonl"
    log.write_bytes(lines(0, 3))
    case = case_with(tmp_path)
    with watching(case, logs) as watch:
        watch.wait_for(lambda told: len(sighted(told)) >= 3)
        assert watch.end(signal.SIGINT) == 130
    with log.open("ab") as file:
        file.write(lines(3, 5))
    with watching(case, logs) as watch:
        told = watch.wait_for(lambda told: len(sighted(told)) >= 5)
        assert watch.end(signal.SIGTERM) == 0
    assert sighted(told) == marks(0, 5)
