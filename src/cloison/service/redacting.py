"""What is a sealed copy of a case to hide, and how much of it would that be, before anything is sealed?"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import tomli_w

from cloison.errors import InputError
from cloison.lake.engine import open_engine
from cloison.lake.seal import hiding
from cloison.lake.seal.hiding import PERSONAL, Hidden, Rules
from cloison.service.case import Case
from cloison.service.sealed_tables import columns, stage
from cloison.service.sealing import not_shown, own_sources
from cloison.service.sources_known import catalogue_of
from cloison.service.writing import whole_logbook

__all__ = ["PRESETS", "Hidden", "Hide", "Preview", "RuleCount", "preview", "read_rules", "rules_of"]
MOST_RULES = 100
RULE_CHARACTERS = 1_000
MEMORY: Final = "1GB"
PRESETS: Final[Mapping[str, tuple[str, ...]]] = {
    "people": PERSONAL,
    "what people wrote": ("logbook.who", "logbook.about", "logbook.text"),
    "files": ("evidence.label", "evidence.origin", "evidence.taken_by", "members.name", "files.name"),
}
"""Columns that are often hidden together: who acted and from where, what people said, what the evidence is called."""


class Hide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to hide: columns (`column`, `table.column`), values wherever they stand, what rows say of principals."""

    columns: list[str] = []
    values: list[str] = []
    principals: list[str] = []

    @property
    def rules(self) -> int:
        """How many they are."""
        return len(self.columns) + len(self.values) + len(self.principals)


@dataclass(frozen=True)
class RuleCount:
    """How much one rule hides by itself, in all and of each table of which it hides something."""

    kind: str
    text: str
    whole: Hidden
    tables: Mapping[str, Hidden]


@dataclass(frozen=True)
class Preview:
    """How much all rules together hide, in all and of each table, and each rule by itself."""

    whole: Hidden
    tables: Mapping[str, Hidden]
    rules: tuple[RuleCount, ...]


def read_rules(path: Path) -> Rules:
    """The rules in a file.

    Raises:
        InputError: it cannot be read or understood.
    """
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise InputError(f"cannot be read: {fault.strerror}", where=str(path)) from fault
    return hiding.read_rules(data, str(path), columns())


def rules_of(asked: Hide) -> Rules | None:
    """The rules that someone wrote; None where there are none, and nothing is hidden.

    Raises:
        InputError: they cannot be understood, or are too many.
    """
    if asked.rules > MOST_RULES:
        raise InputError(f"{asked.rules} rules", where="the rules", remedy=f"write at most {MOST_RULES}")
    for text in (*asked.columns, *asked.values, *asked.principals):
        if len(text) > RULE_CHARACTERS or "\0" in text:
            raise InputError("a rule is too long, or no text", where=text[:40], remedy="leave it out")
    if not asked.rules:
        return None
    return hiding.read_rules(as_file(asked), "the rules", columns())


def as_file(asked: Hide) -> bytes:
    """The rules as `cloison seal --redact` reads them."""
    return tomli_w.dumps({"hide": [msgspec.to_builtins(asked)]}).encode()


def preview(case: Case, asked: Hide) -> Preview:
    """How much of the case as it is now would be hidden.

    Raises:
        InputError: see `rules_of`; or what is to be hidden stands where nothing can be.
        CaseError: the logbook is broken.
    """
    rules = rules_of(asked) or Rules()
    not_shown(rules, own_sources(case, catalogue_of(case)))
    apart = rules.apart()
    found = _counted(case, (rules, *apart))
    told = []
    for number, one in enumerate(apart, start=1):
        by_table = {name: counts[number] for name, counts in found.items()}
        told.append(
            RuleCount(*_named(one), _sum(by_table.values()), {name: n for name, n in by_table.items() if n.cells})
        )
    whole = {name: counts[0] for name, counts in found.items()}
    return Preview(_sum(whole.values()), whole, tuple(told))


def _counted(case: Case, several: Sequence[Rules]) -> dict[str, tuple[Hidden, ...]]:
    with tempfile.TemporaryDirectory(prefix="cloison-preview-") as name:
        journal, engine = case.journal(), open_engine(memory=MEMORY, spill=Path(name))
        try:
            staged = stage(engine, case, journal, whole_logbook(case))
            return {name: hiding.count(engine, name, relation, several) for name, relation in staged.items()}
        finally:
            engine.close()
            journal.close()


def _named(one: Rules) -> tuple[str, str]:
    for table, column in one.columns:
        return "column", f"{table}.{column}" if table else column
    return ("value", one.values[0]) if one.values else ("principal", one.principals[0])


def _sum(several: Iterable[Hidden]) -> Hidden:
    told = list(several)
    names = ("rows", "of_rows", "cells", "of_cells")
    return Hidden(*(sum(getattr(one, name) for one in told) for name in names))
