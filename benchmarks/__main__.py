"""Which benchmark, how large?"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.console import EVENTS as SERVED
from benchmarks.console import looked_at
from benchmarks.ingest import speeds
from benchmarks.lookups import looked_up
from benchmarks.machine import machine
from benchmarks.model import investigated
from benchmarks.rotations import CREDENTIALS, judged
from benchmarks.rules import run_over
from benchmarks.scale import EVENTS, MEMORY, RAW_MEGABYTES, scaled
from benchmarks.sweep import swept
from benchmarks.watch import watched


@dataclass(frozen=True)
class Asked:
    """What the command line says: how much of the full size, and how large which lakes are, where, with what limit."""

    share: float
    events: tuple[int, ...]
    raw_mb: tuple[float, ...]
    folder: Path | None
    keep: bool
    memory: str


def _scaled(asked: Asked) -> Iterator[str]:
    sizes = tuple(round(events * asked.share) for events in asked.events)
    raw = tuple(size * asked.share for size in asked.raw_mb)
    return scaled(sizes, raw, folder=asked.folder, keep=asked.keep, memory=asked.memory)


def _lookups(asked: Asked) -> Iterator[str]:
    sizes = tuple(round(events * asked.share) for events in asked.events)
    return looked_up(sizes, folder=asked.folder, memory=asked.memory)


def _console(asked: Asked) -> Iterator[str]:
    sizes = asked.events if asked.events != EVENTS else SERVED
    return looked_at(tuple(round(events * asked.share) for events in sizes), folder=asked.folder, memory=asked.memory)


BENCHMARKS: dict[str, Callable[[Asked], Iterator[str]]] = {
    "console": _console,
    "ingest": lambda asked: (one.told() for one in speeds(100 * asked.share)),
    "rotations": lambda asked: iter([judged(round(CREDENTIALS * asked.share)).told()]),
    "rules": lambda asked: run_over(asked.share, folder=asked.folder),
    "model": lambda asked: iter([investigated(asked.share).told()]),
    "scale": _scaled,
    "sweep": lambda asked: swept(asked.share, folder=asked.folder),
    "lookups": _lookups,
    "watch": lambda asked: watched(asked.share, folder=asked.folder),
}


def main(words: list[str] | None = None) -> None:
    """Run what was asked for, or all, and print the machine first."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what a responder waits for.")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS))
    parser.add_argument("--share", type=float, default=1.0, help="of the full size, such as 0.01")
    parser.add_argument("--events", type=_numbers, default=EVENTS, help="of each lake, such as 1000000,10000000")
    parser.add_argument("--raw-mb", type=_sizes, default=RAW_MEGABYTES, help="of each raw log, such as 40,200")
    parser.add_argument("--folder", type=Path, help="where lakes are written, and found again")
    parser.add_argument("--keep", action="store_true", help="leave the lakes that were written in --folder")
    parser.add_argument("--memory", default=MEMORY, help="the limit given to `cloison investigate`")
    given = vars(parser.parse_args(words))
    name = given.pop("name")
    asked = Asked(**given)
    print("\n".join(machine()))
    for one in [name] if name else BENCHMARKS:
        print(one)
        for line in BENCHMARKS[one](asked):
            print(f"  {line}", flush=True)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(word) for word in text.split(",")))


def _sizes(text: str) -> tuple[float, ...]:
    return tuple(sorted(float(word) for word in text.split(",")))


if __name__ == "__main__":
    main()
