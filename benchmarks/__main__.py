"""Which benchmark, how large?"""

import argparse
from collections.abc import Callable, Iterator

from benchmarks.ingest import speeds
from benchmarks.machine import machine
from benchmarks.model import investigated
from benchmarks.rotations import CREDENTIALS, judged

# Each by the share of its full size that is wanted.
BENCHMARKS: dict[str, Callable[[float], Iterator[str]]] = {
    "ingest": lambda share: (one.told() for one in speeds(100 * share)),
    "rotations": lambda share: iter([judged(round(CREDENTIALS * share)).told()]),
    "model": lambda share: iter([investigated(share).told()]),
}


def main(words: list[str] | None = None) -> None:
    """Run what was asked for, or all, and print the machine first."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what a responder waits for.")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS))
    parser.add_argument("--share", type=float, default=1.0, help="of the full size, such as 0.01")
    asked = parser.parse_args(words)
    print("\n".join(machine()))
    for name in [asked.name] if asked.name else BENCHMARKS:
        print(name)
        for line in BENCHMARKS[name](asked.share):
            print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
