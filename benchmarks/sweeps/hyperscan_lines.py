"""Which lines of a file does hyperscan report for literal patterns? A process of its own, given a list and a file."""

import sys
from pathlib import Path
from typing import Any

import hyperscan

_BLOCK = 1 << 20


def main(listed: str, path: str) -> None:
    """Print the numbers of the lines in which a pattern ends."""
    patterns = Path(listed).read_bytes().split()
    database = hyperscan.Database()
    database.compile(expressions=patterns, ids=list(range(len(patterns))), elements=len(patterns), literal=True)
    found: set[int] = set()
    held, lines, ends = b"", 0, []

    def note(_pattern: int, _start: int, end: int, _flags: int, _context: Any) -> None:
        ends.append(end)

    with Path(path).open("rb") as file:
        while chunk := file.read(_BLOCK):
            text = held + chunk
            cut = text.rfind(b"\n") + 1
            database.scan(text[:cut], match_event_handler=note)
            found |= {lines + text.count(b"\n", 0, end - 1) + 1 for end in ends}
            ends.clear()
            lines, held = lines + text.count(b"\n", 0, cut), text[cut:]
    print("\n".join(map(str, sorted(found))))


if __name__ == "__main__":
    main(*sys.argv[1:])
