"""How long did a command of cloison take in a process of its own, and how much memory at most?

The system counts what a process held before it became another program, so a large parent would be counted as its child:
the command is started by a small process, this file run by itself, that says what it measured.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """Wall seconds, seconds of a processor (the same when others use the machine), and bytes in memory at most."""

    seconds: float
    cpu: float
    peak: int


def run(words: list[str]) -> Ran:
    """Run `cloison` with these words; a command that fails ends the benchmark."""
    starter = [sys.executable, __file__, *words]
    done = subprocess.run(starter, stdout=subprocess.PIPE, env={"PYTHONPATH": str(_ROOT / "src")}, check=False)
    if done.returncode:
        raise SystemExit(f"cloison {words[0]} ended with {done.returncode}")
    seconds, cpu, peak = done.stdout.split()
    return Ran(float(seconds), float(cpu), int(peak))


def _measure(words: list[str]) -> int:
    begun = perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "cloison", *words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    print(perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)
    return child.returncode


if __name__ == "__main__":
    sys.exit(_measure(sys.argv[1:]))
