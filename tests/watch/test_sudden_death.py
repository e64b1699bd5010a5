"""Is nothing lost and nothing told twice where the watch is killed under load, while logs are rotated?"""

import os
import random
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest
from tests.watch.harness import Watching, case_with, sighted
from tests.watch.pushing import post
from tests.watch.records import request, sign_in

KILLS = 12


class Writer(threading.Thread):
    """Writes numbered records to two logs and rotates both, one by renaming, one by copying and cutting."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.folder, self.chance = folder, chance
        self.written = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        """Write until stopped."""
        turn = 0
        while not self.stopping.is_set():
            self._append()
            turn += 1
            if turn % 60 == 30:
                (self.folder / "okta.jsonl").rename(self.folder / f"okta.jsonl.{turn}")
            if turn % 60 == 59:
                shutil.copy(self.folder / "web.log", self.folder / f"web.log.{turn}")
                os.truncate(self.folder / "web.log", 0)
            time.sleep(0.02)

    def _append(self) -> None:
        count = self.chance.randrange(1, 4)
        with (self.folder / "okta.jsonl").open("ab") as okta, (self.folder / "web.log").open("ab") as web:
            for number in range(self.written, self.written + count):
                file, made = (okta, sign_in) if number % 2 else (web, request)
                file.write(made(number) + b"\n")
            okta.write(b"".join(sign_in(10**6 + n, who="ada", ip="198.51.100.9") + b"\n" for n in range(20)))
        self.written += count


@pytest.mark.long
@pytest.mark.timeout(600)
def test_killed_at_random_moments_under_load_and_rotation(tmp_path: Path) -> None:
    chance = random.Random(1123)
    logs = tmp_path / "logs"
    logs.mkdir()
    case = case_with(tmp_path)
    writer = Writer(logs, chance)
    writer.start()
    for number in range(KILLS):
        watch = Watching(case, logs, out=tmp_path / "told.jsonl")
        if number % 3:
            watch.ready()
        time.sleep(chance.uniform(0.1, 2.5))
        watch.end(signal.SIGKILL)
    writer.stopping.set()
    writer.join()
    watch = Watching(case, logs, out=tmp_path / "told.jsonl")
    expected = [f"mark{number}" for number in range(writer.written)]
    told = watch.wait_for(lambda told: len(set(sighted(told))) >= len(expected), 120)
    time.sleep(1)
    told = watch.told()
    assert watch.end() == 0
    assert sorted(sighted(told), key=lambda mark: int(mark[4:])) == expected
    assert len({one["id"] for one in told}) == len(told)


@pytest.mark.long
def test_pushed_events_that_were_taken_survive_a_kill(tmp_path: Path) -> None:
    case = case_with(tmp_path)
    taken = []
    for number in range(4):
        watch = Watching(case, "--http", "0", out=tmp_path / "told.jsonl")
        url = watch.noted("listening at", number=number)
        for more in range(5):
            mark = number * 5 + more
            assert post(url, sign_in(mark)) == (202, {"taken": 1})
            taken.append(f"mark{mark}")
        watch.end(signal.SIGKILL)
    watch = Watching(case, "--http", "0", out=tmp_path / "told.jsonl")
    told = watch.wait_for(lambda told: len(set(sighted(told))) >= len(taken))
    assert watch.end() == 0
    assert sorted(sighted(told), key=lambda mark: int(mark[4:])) == taken
