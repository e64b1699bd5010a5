"""Do the documents hold: do links lead somewhere, do named tests exist, and does nothing speak of one machine?"""

import re
from collections.abc import Iterator
from pathlib import Path

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_MACHINE = re.compile(r"(?<![\w.$>/)-])/(?:work|root|home|Users|mnt|tmp)/[\w.-]+")
_REGISTRY = re.compile(
    r"--(?:extra-)?index[-]url|--find[-]links|\bhttps?://[\w.-]*(?:pypi|artifactory|nexus|registry)[\w.-]*",
    re.IGNORECASE,
)
_TEXT = {".md", ".py", ".sql", ".toml", ".txt", ".lock", ".html", ".yml", ".yaml", ".json", ".css", ""}


def faults(root: Path) -> Iterator[str]:
    """Every fault, one line each: file, and what is wrong there."""
    files = list(files_of(root))
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        place = path.relative_to(root).as_posix()
        if path.suffix == ".md":
            yield from (f"{place}: {fault}" for fault in (*broken_links(path, text), *missing_tests(root, text)))
        if not place.endswith((".raw", ".cases.yml")):  # records of logs name the machines that wrote them
            yield from (f"{place}: {fault}" for fault in machine_words(text))


def files_of(root: Path) -> Iterator[Path]:
    """The text files of the tree, without what .gitignore leaves out and without corpora of raw records."""
    lines = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = {".git"} | {line.rstrip("/") for line in lines if line.endswith("/")}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and path.suffix in _TEXT and not any(_ignored(part, ignored) for part in parts):
            yield path


def _ignored(part: str, ignored: set[str]) -> bool:
    return part in ignored or part == "corpus" or part.endswith(".egg-info")


def broken_links(page: Path, text: str) -> list[str]:
    """Relative links of a page to a file that is not there, or to a heading that the file does not have."""
    plain = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    found = [link for link in _LINK.findall(plain) if not re.match(r"[a-z]+:", link)]
    return [f"link leads nowhere: {link}" for link in found if not _leads(page, link)]


def _leads(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    if not target.exists():
        return False
    return not anchor or anchor in _anchors(target.read_text(encoding="utf-8"))


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def missing_tests(root: Path, text: str) -> list[str]:
    """Tests that a page names and that are not there."""
    return [f"names no test: {path}::{name}" for path, name in _TEST.findall(text) if not _has(root / path, name)]


def _has(path: Path, name: str) -> bool:
    stated = re.compile(rf"^def {name}\(", re.MULTILINE)
    return path.is_file() and stated.search(path.read_text(encoding="utf-8")) is not None


def machine_words(text: str) -> list[str]:
    """What holds on one machine only: a path of its own, the host of a package registry."""
    return [f"speaks of one machine: {found}" for pattern in (_MACHINE, _REGISTRY) for found in pattern.findall(text)]
