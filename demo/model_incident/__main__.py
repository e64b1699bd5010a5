"""Which folder, which seed, how much ordinary life?"""

import argparse
from pathlib import Path

from demo.model_incident import __doc__ as description
from demo.model_incident.generate import generate


def main() -> None:
    """Read the command line and write the incident."""
    parser = argparse.ArgumentParser(prog="python -m demo.model_incident", description=description)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("out", type=Path, help="an empty or new folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0)
    arguments = parser.parse_args()
    generate(arguments.out, arguments.seed, arguments.scale)


if __name__ == "__main__":
    main()
