"""What becomes of each rule in a folder: does it run, or why not, and does it find what its cases say?"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from cloison.errors import InputError
from cloison.hunt.sigma.correlations import Correlation
from cloison.hunt.sigma.detecting import staged_sources
from cloison.hunt.sigma.fitting import Fitted, fit
from cloison.hunt.sigma.rules import Rule, read_rules
from cloison.hunt.sigma.said import Refused
from cloison.hunt.sigma.taxonomies import readings
from cloison.lake.engine import open_engine
from cloison.model.wording import many
from cloison.service.investigate import stage_catalogue
from cloison.service.rule_cases import Tried, cases_beside, try_cases
from cloison.service.rule_files import PLACEHOLDERS, Text, paths_below, read_placeholders, text_of
from cloison.sources.catalogue import Catalogue


@dataclass(frozen=True)
class CheckedRule:
    """A rule as it was found: whether it runs, or why not. A filter takes away from so many rules (`filters`)."""

    uid: str
    title: str
    origin: str
    runs: bool
    why: str
    filters: int = 0


@dataclass(frozen=True)
class CheckedFile:
    """A rule file: its rules and its cases."""

    path: str
    rules: tuple[CheckedRule, ...]
    cases: tuple[Tried, ...]
    fault: str = ""

    @property
    def wrong(self) -> int:
        """How many cases are wrong, or could not be tried."""
        return sum(not one.right for one in self.cases) + bool(self.fault)


def check_rules(folder: Path, catalogue: Catalogue) -> Iterator[CheckedFile]:
    """Every rule file at or below a path.

    Raises:
        InputError: there is none.
    """
    paths = [folder] if folder.is_file() else list(paths_below(folder))
    rules = [path for path in paths if path.name != PLACEHOLDERS]
    if not rules:
        raise InputError("no rule file here", where=str(folder), remedy="rules are files that end in .yml")
    filled: dict[str, list[str]] = {}
    for path in paths:
        for name, value in read_placeholders(str(path), text_of(path)) if path.name == PLACEHOLDERS else ():
            filled.setdefault(name, []).append(value)
    texts = [(str(path), text_of(path)) for path in rules]
    engine = open_engine(threads=1)
    try:
        stage_catalogue(engine, catalogue.specs.values())
        sources, spoken = staged_sources(engine)
        fitted = fit(engine, read_rules(texts, filled), lambda rule: readings(rule, spoken, sources, None))
        told, files = _told_by_file(fitted), _files(fitted)
        for path in rules:
            origin = str(path)
            referred = [one for one in texts if one[0] in files.get(origin, frozenset())]
            yield _checked(engine, path, tuple(told.get(origin, ())), referred, catalogue)
    finally:
        engine.close()


def _checked(
    engine: duckdb.DuckDBPyConnection,
    path: Path,
    rules: tuple[CheckedRule, ...],
    referred: Sequence[Text],
    catalogue: Catalogue,
) -> CheckedFile:
    try:
        cases = tuple(try_cases(engine, path, cases_beside(path), catalogue, referred))
    except InputError as fault:
        return CheckedFile(str(path), rules, (), str(fault))
    return CheckedFile(str(path), rules, cases)


def _told_by_file(fitted: Fitted) -> dict[str, list[CheckedRule]]:
    """What becomes of each rule, by its file.

    All were fitted together: a correlation may refer to rules of other files, and a filter be about them.
    """
    rules = [_told(one.rule, one.but) for one in fitted.runs]
    rules += [_told(one.correlation, "") for one in fitted.correlated]
    rules += [_told(one, one.why) for one in fitted.refused]
    rules += [CheckedRule(one.said.uid, one.said.title, one.said.origin, True, "", one.rules) for one in fitted.filters]
    found: dict[str, list[CheckedRule]] = {}
    for one in rules:
        found.setdefault(one.origin, []).append(one)
    return found


def _files(fitted: Fitted) -> dict[str, frozenset[str]]:
    """By file, the other files with the rules that its correlations refer to, also by way of other correlations."""
    resting = {one.number: frozenset({one.rule.said.origin}) for one in fitted.runs}
    found: dict[str, frozenset[str]] = {}
    for one in fitted.correlated:
        origin = one.correlation.said.origin
        resting[one.number] = frozenset({origin}).union(*(resting[part.number] for part in one.parts))
        found[origin] = found.get(origin, frozenset()) | (resting[one.number] - {origin})
    return found


def _told(one: Rule | Correlation | Refused, why: str) -> CheckedRule:
    return CheckedRule(one.said.uid, one.said.title, one.said.origin, not isinstance(one, Refused), why)


def checked_lines(one: CheckedFile) -> Iterator[str]:
    """A line for each rule, and one for each case that is wrong."""
    right = f"; {len(one.cases) - sum(not c.right for c in one.cases)} of {many(len(one.cases), 'case')} right"
    for rule in one.rules:
        yield f"{one.path}: {rule.title}: {_fate(rule)}{right if one.cases else ''}"
    if one.fault:
        yield f"{one.path}: its cases: {one.fault}"
    for tried in one.cases:
        if not tried.right:
            why = tried.fault or f"{tried.found} found"
            yield f"{one.path}: wrong: {tried.case.case}: {tried.case.expect} expected, {why}"


def _fate(rule: CheckedRule) -> str:
    if not rule.runs:
        return f"refused: {rule.why}"
    if rule.filters:
        return f"a filter: it takes away from {many(rule.filters, 'rule')}"
    return f"runs, but {rule.why}" if rule.why else "runs"


def checked_total(checked: list[CheckedFile]) -> str:
    """The counts over all files."""
    every = [rule for one in checked for rule in one.rules]
    rules = [rule for rule in every if not rule.filters]
    cases = [tried for one in checked for tried in one.cases]
    run, right = sum(rule.runs for rule in rules), sum(tried.right for tried in cases)
    filters = len(every) - len(rules)
    working = f", {many(filters, 'filter')} at work" if filters else ""
    return f"{run} of {many(len(rules), 'rule')} run{working}, {right} of {many(len(cases), 'case')} right"


def checked_json(one: CheckedFile) -> dict[str, object]:
    """A checked file as JSON holds it."""
    cases = [
        {"case": t.case.case, "expect": t.case.expect, "found": t.found, "fault": t.fault, "right": t.right}
        for t in one.cases
    ]
    return {"path": one.path, "rules": [asdict(rule) for rule in one.rules], "cases": cases, "fault": one.fault}
