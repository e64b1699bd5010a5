"""Do the made pages say what the code says? Writes them; `--check` says which are stale or broken."""

import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.pages.checks import faults
from scripts.pages.cli_page import cli_page
from scripts.pages.sources_page import sources_page
from scripts.pages.tables_page import tables_page

ROOT = Path(__file__).parents[1]


def pages(root: Path) -> dict[str, str]:
    """Each made page by its path below the root."""
    made = {"docs/cli.md": cli_page(), "docs/sources.md": sources_page(), "docs/tables.md": tables_page(root)}
    return {path: text.rstrip() + "\n" for path, text in made.items()}


def stale(root: Path) -> list[str]:
    """The made pages that are absent or say something else than the code."""
    return [
        f"{path}: stale; run `python -m scripts.write_docs`"
        for path, text in pages(root).items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` say what is wrong; the exit code."""
    if list(arguments) == ["--check"]:
        wrong = [*stale(ROOT), *faults(ROOT)]
        print("\n".join(wrong), end="\n" if wrong else "")
        return 1 if wrong else 0
    for path, text in pages(ROOT).items():
        (ROOT / path).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
