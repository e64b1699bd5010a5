"""Print the table of figures: `python -m tests.incidents [--seeds 1-32] [--faults N] [--keep FOLDER]`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.incidents.incident import incident
from tests.incidents.judged import Judgement, judged

HEAD = "seed records objects precision  recall at_most boundx  verdicts  s  systems"


def line(one: Judgement) -> str:
    """A row of the table."""
    wide = one.upper / one.reached if one.reached else 0
    return (
        f"{one.seed:4} {one.records:7,} {one.objects:7} {one.precision:9.3f} {one.recall:7.3f} {one.bound:7.3f} "
        f"{wide:5.1f}x {one.verdicts:4}/{one.exposed:<4} {one.seconds:4.1f}  {one.about}"
    )


def main() -> None:
    """Investigate every seed."""
    parser = argparse.ArgumentParser(description="Judge invented incidents.")
    parser.add_argument("--seeds", default="1-32", help="one, or the first and the last")
    parser.add_argument("--faults", type=int, default=8)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    sys.stdout.write(HEAD + "\n")
    for seed in range(int(first), int(last or first) + 1):
        with tempfile.TemporaryDirectory() as folder:
            found = judged(incident(seed), (options.keep or Path(folder)) / f"incident{seed}")
        sys.stdout.write(line(found) + "\n" + "".join(f"       {one}\n" for one in found.faults[: options.faults]))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
