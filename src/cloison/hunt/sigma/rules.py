"""What does a rule file say? Sigma rules and correlations read with pySigma, as frozen data, or why they cannot run."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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
from sigma.rule import SigmaLevel, SigmaRule

from cloison.hunt.sigma.correlations import Correlation, correlation_of
from cloison.hunt.sigma.documents import FAULTS, documents
from cloison.hunt.sigma.said import Said
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

    said: Said
    logsource: Logsource
    term: Term
    also: frozenset[str] = frozenset()  # fields that a correlation reads of its events


@dataclass(frozen=True)
class Refused:
    """A rule that cannot run, and why."""

    said: Said
    why: str
    logsource: Logsource = Logsource()


@dataclass(frozen=True)
class RuleSet:
    """All that was read: rules, and what was refused."""

    rules: tuple[Rule, ...] = ()
    refused: tuple[Refused, ...] = ()
    correlations: tuple[Correlation, ...] = ()


def read_rules(texts: Iterable[tuple[str, str]], placeholders: Placeholders | None = None) -> RuleSet:
    """Read rule files: `texts` are (origin, YAML text); `placeholders` are what `%name%` of `|expand` stands for."""
    rules: list[Rule] = []
    refused: list[Refused] = []
    correlations: list[Correlation] = []
    for origin, text in texts:
        for read in _documents(origin, text):
            if isinstance(read, Refused):
                refused.append(read)
                continue
            try:
                if isinstance(read, SigmaRule):
                    rules.append(_rule(read, origin, placeholders or {}))
                else:
                    correlations.append(correlation_of(read, _said(read, origin)))
            except (UnfitError, SigmaError) as fault:
                refused.append(Refused(_said(read, origin), str(fault), _logsource(read)))
    return RuleSet(tuple(_with_also(rules, correlations)), tuple(refused), tuple(correlations))


def _with_also(rules: Iterable[Rule], correlations: Iterable[Correlation]) -> Iterator[Rule]:
    """The rules, each with the fields that correlations read of its events."""
    read: dict[str, frozenset[str]] = {}
    for one in correlations:
        for reference in one.references:
            read[reference] = read.get(reference, frozenset()) | one.read_of(reference)
    for rule in rules:
        also = frozenset().union(*(read.get(name, frozenset()) for name in rule.said.names))
        yield replace(rule, also=also) if also else rule


def _documents(origin: str, text: str) -> Iterator[SigmaRule | SigmaCorrelationRule | Refused]:
    """Every document of a file, as pySigma reads it."""
    try:
        listed = documents(text)
    except FAULTS as fault:
        yield Refused(Said("", origin, origin=origin), f"not YAML: {' '.join(str(fault).split())}")
        return
    if not all(isinstance(one, dict) for one in listed):
        yield Refused(Said("", origin, origin=origin), "not a rule: a document is no mapping")
        return
    try:
        read = SigmaCollection.from_dicts(
            cast("list[NestedDict]", listed), collect_errors=True, resolve_references=False
        )
    except (SigmaError, TypeError, ValueError, AttributeError, KeyError, RecursionError) as fault:
        yield Refused(Said("", origin, origin=origin), f"not a rule: {fault}")
        return
    yield from read.rules


def _said(read: SigmaRule | SigmaCorrelationRule, origin: str) -> Said:
    uid = str(read.id) if read.id else str(read.name or f"{origin}#{read.title}")
    return Said(
        uid=uid,
        title=str(read.title or uid),
        name=str(read.name or ""),
        level=read.level.name.lower() if isinstance(read.level, SigmaLevel) else "",
        tags=tuple(map(str, read.tags or ())),
        origin=origin,
    )


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
    term = conditions[0] if len(conditions) == 1 else Either(tuple(conditions))
    return Rule(_said(read, origin), _logsource(read), term)


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
