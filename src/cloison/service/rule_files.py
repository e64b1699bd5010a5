"""Which rule files are there: those that ship, those of a case, and those in a folder that the user names?"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from cloison.errors import InputError
from cloison.hunt.sigma.documents import FAULTS, rule_documents
from cloison.service.case import Case, locked

SHIPPED_RULES = Path(__file__).parents[1] / "hunt" / "rules"
PLACEHOLDERS = "placeholders.yml"
CASES = ".cases.yml"
_ENDINGS = (".yml", ".yaml")

Text = tuple[str, str]
"""Where a rule file stands, and what it says."""


def rule_files(case: Case) -> list[Text]:
    """The rules that ship and the case's own."""
    own = case.folder / "rules"
    return [*shipped_rules(), *(texts_below(own, "case") if own.is_dir() else ())]


def keep_rules(case: Case, folders: Sequence[Path]) -> None:
    """Copy the rules at or below each path into the case, under its name; those of an earlier time stay.

    Raises:
        InputError: there is no rule file at a path.
    """
    kept = [(folder.name, texts_below(folder, "")) for folder in folders]
    for (_, texts), folder in zip(kept, folders, strict=True):
        if not texts:
            raise InputError("no rule file here", where=str(folder), remedy="rules are files that end in .yml")
    if not kept:
        return
    with locked(case):
        for name, texts in kept:
            for origin, text in texts:
                place = case.folder / "rules" / name / origin.lstrip("/")
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")


@cache
def shipped_rules() -> tuple[Text, ...]:
    """The rules that ship."""
    return tuple(texts_below(SHIPPED_RULES, "cloison"))


def texts_below(folder: Path, label: str) -> list[Text]:
    """The rule files at or below a path, called after where they stand below it.

    Raises:
        InputError: nothing is there, or no rule file.
    """
    if folder.is_file():
        return [(f"{label}/{folder.name}", text_of(folder))]
    return [(f"{label}/{path.relative_to(folder).as_posix()}", text_of(path)) for path in paths_below(folder)]


def paths_below(folder: Path) -> Iterator[Path]:
    """The rule files below a folder, in order."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in _ENDINGS and not path.name.endswith(CASES) and path.is_file():
            yield path


def text_of(path: Path) -> str:
    """A rule file's text; bytes that are no UTF-8 are left as what no YAML takes.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as fault:
        raise InputError(
            f"cannot be read: {fault.strerror}", where=str(path), remedy="name rule files or a folder of them"
        ) from fault


def is_placeholders(origin: str) -> bool:
    """Whether a file says what `%name%` of `|expand` stands for."""
    return origin.rpartition("/")[2] == PLACEHOLDERS


def read_placeholders(origin: str, text: str) -> list[tuple[str, str]]:
    """Rows of (name, value).

    Raises:
        InputError: it is no mapping of names to lists of texts.
    """
    try:
        said = next(iter(rule_documents(text)), {})
    except FAULTS as fault:
        raise InputError(f"not YAML: {' '.join(str(fault).split())}", where=origin) from fault
    if not isinstance(said, dict) or not all(isinstance(values, list | str) for values in said.values()):
        raise InputError("not placeholders", where=origin, remedy="write `name: [value, value]`, a line for each name")
    return [(str(name), str(value)) for name, values in said.items() for value in _listed(values)]


def _listed(values: object) -> Iterable[object]:
    return values if isinstance(values, list) else [values]
