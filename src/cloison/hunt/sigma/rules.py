"""What does a rule file say? Sigma rules and correlations read with pySigma, as frozen data, or why they cannot run."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from sigma.collection import NestedDict, SigmaCollection
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule

from cloison.hunt.sigma.correlations import Correlation, correlation_of
from cloison.hunt.sigma.documents import FAULTS, documents
from cloison.hunt.sigma.terms import Either, Every, Not, Term, UnfitError
from cloison.hunt.sigma.values import Placeholders, match_of


@dataclass(frozen=True)
class Logsource:
    """Which logs a rule is about, as it says."""

    product: str | None = None
    category: str | None = None
    service: str | None = None

    def __str__(self) -> str:
        return "/".join(part or "*" for part in (self.product, self.category, self.service))


@dataclass(frozen=True)
class Rule:
    """A rule that was read: what it says of itself, which logs it is about, and its condition."""

    uid: str
    title: str
    name: str
    level: str
    tags: tuple[str, ...]
    origin: str
    description: str
    falsepositives: tuple[str, ...]
    logsource: Logsource
    term: Term
    also: frozenset[str] = frozenset()  # fields that a correlation reads of its events


@dataclass(frozen=True)
class Refused:
    """A rule that cannot run, and why."""

    uid: str
    title: str
    level: str
    tags: tuple[str, ...]
    origin: str
    logsource: Logsource
    why: str
    name: str = ""


@dataclass(frozen=True)
class RuleSet:
    """All that was read: rules, and what was refused."""

    rules: tuple[Rule, ...] = ()
    refused: tuple[Refused, ...] = ()
    correlations: tuple[Correlation, ...] = ()


def read_rules(texts: Iterable[tuple[str, str]], placeholders: Placeholders | None = None) -> RuleSet:
    """Read rule files: `texts` are (origin, YAML text); `placeholders` are what `%name%` of `|expand` stands for."""
    filled = tuple(sorted((name, tuple(values)) for name, values in (placeholders or {}).items()))
    files = [_read(origin, text, filled) for origin, text in texts]
    correlations = tuple(one for file in files for one in file.correlations)
    rules = _with_also((one for file in files for one in file.rules), correlations)
    return RuleSet(tuple(rules), tuple(one for file in files for one in file.refused), correlations)


@lru_cache(maxsize=4_096)
def _read(origin: str, text: str, filled: tuple[tuple[str, tuple[str, ...]], ...]) -> RuleSet:
    """What one file says; kept, because the same files are read for each case and each run, and reading takes long."""
    rules: list[Rule] = []
    refused: list[Refused] = []
    correlations: list[Correlation] = []
    for read in _documents(origin, text):
        if isinstance(read, Refused):
            refused.append(read)
            continue
        try:
            if isinstance(read, SigmaRule):
                rules.append(_rule(read, origin, dict(filled)))
            else:
                correlations.append(correlation_of(read, _said(read, origin), _tags(read), origin))
        except (UnfitError, SigmaError) as fault:
            refused.append(_refusal(read, origin, str(fault)))
    return RuleSet(tuple(rules), tuple(refused), tuple(correlations))


def _with_also(rules: Iterable[Rule], correlations: Iterable[Correlation]) -> Iterator[Rule]:
    """The rules, each with the fields that correlations read of its events."""
    read: dict[str, frozenset[str]] = {}
    for one in correlations:
        for reference in one.references:
            read[reference] = read.get(reference, frozenset()) | one.read_of(reference)
    for rule in rules:
        also = read.get(rule.uid, frozenset()) | read.get(rule.name, frozenset())
        yield replace(rule, also=also) if also else rule


def _documents(origin: str, text: str) -> Iterator[SigmaRule | SigmaCorrelationRule | Refused]:
    """Every document of a file, as pySigma reads it."""
    nowhere = Logsource()
    try:
        listed = documents(text)
    except FAULTS as fault:
        yield Refused("", origin, "", (), origin, nowhere, f"not YAML: {' '.join(str(fault).split())}")
        return
    if not all(isinstance(one, dict) for one in listed):
        yield Refused("", origin, "", (), origin, nowhere, "not a rule: a document is no mapping")
        return
    try:
        read = SigmaCollection.from_dicts(
            cast("list[NestedDict]", listed), collect_errors=True, resolve_references=False
        )
    except (SigmaError, TypeError, ValueError, AttributeError, KeyError, RecursionError) as fault:
        yield Refused("", origin, "", (), origin, nowhere, f"not a rule: {fault}")
        return
    yield from read.rules


def _refusal(read: SigmaRule | SigmaCorrelationRule, origin: str, why: str) -> Refused:
    said = _said(read, origin)
    return Refused(said["uid"], said["title"], said["level"], _tags(read), origin, _logsource(read), why, said["name"])


def _said(read: SigmaRule | SigmaCorrelationRule, origin: str) -> dict[str, str]:
    uid = str(read.id) if read.id else str(read.name or f"{origin}#{read.title}")
    return {
        "uid": uid,
        "title": str(read.title or uid),
        "name": str(read.name or ""),
        "level": read.level.name.lower() if read.level else "",
        "description": str(read.description or ""),
    }


def _tags(read: SigmaRule | SigmaCorrelationRule) -> tuple[str, ...]:
    return tuple(str(tag) for tag in read.tags or ())


def _logsource(read: SigmaRule | SigmaCorrelationRule) -> Logsource:
    if not isinstance(read, SigmaRule):
        return Logsource()
    said = read.logsource
    return Logsource(_lower(said.product), _lower(said.category), _lower(said.service))


def _lower(text: str | None) -> str | None:
    return text.strip().lower() if text else None


def _rule(read: SigmaRule, origin: str, placeholders: Placeholders) -> Rule:
    if read.errors:
        raise UnfitError("; ".join(dict.fromkeys(map(str, read.errors))))
    conditions = [_term(one.parsed, placeholders) for one in read.detection.parsed_condition]
    said = _said(read, origin)
    return Rule(
        uid=said["uid"],
        title=said["title"],
        name=said["name"],
        level=said["level"],
        tags=_tags(read),
        origin=origin,
        description=said["description"],
        falsepositives=tuple(map(str, read.falsepositives or ())),
        logsource=_logsource(read),
        term=conditions[0] if len(conditions) == 1 else Either(tuple(conditions)),
    )


def _term(parsed: object, placeholders: Placeholders) -> Term:
    if isinstance(parsed, ConditionNOT):
        return Not(_term(parsed.args[0], placeholders))
    if isinstance(parsed, ConditionAND | ConditionOR):
        each = tuple(_term(one, placeholders) for one in parsed.args)
        return Every(each) if isinstance(parsed, ConditionAND) else Either(each)
    if isinstance(parsed, ConditionFieldEqualsValueExpression):
        return match_of(parsed.field, parsed.value, placeholders)
    if isinstance(parsed, ConditionValueExpression):
        return match_of(None, parsed.value, placeholders)
    raise UnfitError("its condition is empty")
