"""How long does a command take, how much memory, and which lines does it report?"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# A small process starts the command, because what a process takes is counted from the size of the one that started it.
_LAUNCHER = """
import os, subprocess, sys, time
begun = time.perf_counter()
process = subprocess.Popen(sys.argv[2:])
_, status, used = os.wait4(process.pid, 0)
seconds = time.perf_counter() - begun
told = seconds, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status)
print(*told, file=open(sys.argv[1], "w"))
"""


@dataclass(frozen=True)
class Ran:
    """Seconds from start to end, seconds of a core, peak memory (10^6 bytes), and what came out."""

    seconds: float
    core_seconds: float
    megabytes: float
    output: bytes


def ran(command: Sequence[str], *, packed: Sequence[str] = ()) -> Ran:
    """Run a command to its end, fed by `packed` if there is one; an exit code but 0, 1 and 10 stops all."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output:
        told = Path(folder) / "told"
        feeder = subprocess.Popen(packed, stdout=subprocess.PIPE) if packed else None
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(told), *command],
            stdin=feeder.stdout if feeder else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=True,
        )
        if feeder:
            feeder.wait()
        seconds, core_seconds, kibibytes, code = map(float, told.read_text(encoding="ascii").split())
        if int(code) not in {0, 1, 10}:
            raise SystemExit(f"{' '.join(command[:4])} ended with {code}")
        output.seek(0)
        return Ran(seconds, core_seconds, kibibytes * 1024 / 1e6, output.read())


def numbered(output: bytes) -> frozenset[int]:
    """The numbers before the first colon of each line, as `grep -n` writes them."""
    return frozenset(int(line.split(b":", 1)[0]) for line in output.splitlines())


def best(runs: Sequence[Ran]) -> Ran:
    """The fastest run."""
    return min(runs, key=lambda run: run.seconds)
