"""How late does a watch tell, at how many events a second, in how much memory?

A process writes to three logs, 10,000 events a second, and among them five a second that hold an indicator, each by a
principal of its own, so that each has to be told. The time from the write of such a record to the moment at which its
message stands in the output file is measured for every one.
"""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.watches.load import INDICATOR, Load

SECONDS, RATE = 600, 10_000


def watched(share: float = 1.0, rate: int = RATE, folder: Path | None = None) -> Iterator[str]:
    """A line for each figure."""
    seconds = max(10.0, SECONDS * share)
    with TemporaryDirectory(dir=folder) as made:
        yield from _measured(Path(made), seconds, rate)


def _measured(folder: Path, seconds: float, rate: int) -> Iterator[str]:
    logs, case, out = folder / "logs", folder / "case", folder / "told.jsonl"
    logs.mkdir()
    (folder / "indicators.txt").write_text(f"{INDICATOR}\n")
    command = [sys.executable, "-m", "cloison"]
    subprocess.run([*command, "investigate", case, "--indicators", folder / "indicators.txt", "-q"],
                   stdout=subprocess.DEVNULL, check=True)  # fmt: skip
    watch = subprocess.Popen([*command, "watch", case, logs, "--json", "-o", out])
    marks: multiprocessing.Queue[tuple[dict[str, float], int, float]] = multiprocessing.Queue()
    _wait_for(case / "watch/status.json", watch)
    writer = multiprocessing.Process(target=_write, args=(logs, seconds, rate, marks))
    writer.start()
    memory = _Memory(watch.pid)
    seen = _follow(out, writer, marks, memory, watch)
    watch.send_signal(signal.SIGTERM)
    watch.wait()
    status = json.loads((case / "watch/status.json").read_text())
    yield from _told(seen, memory, status)


def _wait_for(sign: Path, watch: "subprocess.Popen[bytes]") -> None:
    """Until the watch has begun: what it takes to start is not how late it tells."""
    while not sign.exists() and watch.poll() is None:
        time.sleep(0.1)


class _Memory:
    """The resident megabytes of a process, by the second."""

    def __init__(self, pid: int) -> None:
        self._pid, self._begun = pid, time.monotonic()
        self.megabytes: list[tuple[float, float]] = []

    def look(self) -> None:
        """Take it down, at most once a second."""
        now = time.monotonic() - self._begun
        if not self.megabytes or now - self.megabytes[-1][0] >= 1:
            fields = Path(f"/proc/{self._pid}/statm").read_text().split()
            self.megabytes.append((now, int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6))

    def at(self, second: float) -> float:
        """What it was then."""
        return min(self.megabytes, key=lambda one: abs(one[0] - second))[1]


class _Seen:
    """When each mark was written and told, and how often."""

    def __init__(self) -> None:
        self.told: dict[str, list[float]] = {}
        self.marks: dict[str, float] = {}
        self.written, self.behind = 0, 0.0


def _write(logs: Path, seconds: float, rate: int, marks: "multiprocessing.Queue[object]") -> None:
    load = Load(logs, rate)
    load.run(seconds)
    marks.put((load.marks, load.written, load.behind_seconds))


def _follow(
    out: Path,
    writer: multiprocessing.Process,
    marks: "multiprocessing.Queue[tuple[dict[str, float], int, float]]",
    memory: _Memory,
    watch: "subprocess.Popen[bytes]",
) -> _Seen:
    seen = _Seen()
    at, ended = 0, 0.0
    while True:
        time.sleep(0.02)
        if watch.poll() is not None:
            writer.terminate()
            raise RuntimeError(f"the watch ended by itself, with code {watch.returncode}")
        memory.look()
        if out.exists() and out.stat().st_size > at:
            with out.open("rb") as file:
                file.seek(at)
                held = file.read()
            now = time.time()
            at += held.rfind(b"\n") + 1
            for line in held[: held.rfind(b"\n") + 1].splitlines():
                message = json.loads(line)
                if message["kind"] != "sighting":
                    continue
                who = message["principal"].partition("@")[0]
                seen.told.setdefault(who, []).append(now)
        if not seen.marks and not marks.empty():
            seen.marks, seen.written, seen.behind = marks.get()
            ended = time.monotonic()
        if ended and (len(seen.told) >= len(seen.marks) or time.monotonic() - ended > 60):
            writer.join()
            time.sleep(2)
            return seen


def _told(seen: _Seen, memory: _Memory, status: dict[str, object]) -> Iterator[str]:
    late = sorted(seen.told[mark][0] - at for mark, at in seen.marks.items() if mark in seen.told)
    twice = sum(len(times) > 1 for times in seen.told.values())
    read = f"{status['events']:,} read, {status['rejects']:,} not; {status['batches']:,} batches"
    yield f"{seen.written:,} events written, {read}"
    yield f"{len(late):,} of {len(seen.marks):,} marks told, {twice} twice; writer at most {seen.behind:.2f} s late"
    if late:
        p = {share: late[min(len(late) - 1, int(len(late) * share))] for share in (0.5, 0.9, 0.99)}
        shares = "   ".join(f"p{share * 100:.0f} {at:.2f} s" for share, at in p.items())
        yield f"from write to told: {shares}   longest {late[-1]:.2f} s"
    last = memory.megabytes[-1][0]
    told = "   ".join(
        f"{int(at)} s {memory.at(at):,.0f} MB" for at in dict.fromkeys((min(60.0, last / 2), last / 2, last))
    )
    yield f"memory: {told}"


__all__ = ["watched"]
