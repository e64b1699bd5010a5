"""What does a rule file say? Sigma rules and correlations read with pySigma, as frozen data, or why they cannot run."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule

from cloison.hunt.sigma.correlations import Correlation, correlation_of
from cloison.hunt.sigma.files import FAULTS_OF_RULES, Filter, filtered, logsource_of, read_file, said_of
from cloison.hunt.sigma.said import Filtering, Logsource, Refused, Said
from cloison.hunt.sigma.terms import Either, Every, Not, Term, UnfitError
from cloison.hunt.sigma.values import Placeholders, match_of


@dataclass(frozen=True)
class Rule:
    """A rule that was read: what it says of itself, which logs it is about, and its condition."""

    said: Said
    logsource: Logsource
    term: Term
    also: frozenset[str] = frozenset()  # fields that a correlation reads of its events
    filters: tuple[str, ...] = ()  # the filters that take away from it


@dataclass(frozen=True)
class RuleSet:
    """All that was read: rules, and what was refused."""

    rules: tuple[Rule, ...] = ()
    refused: tuple[Refused, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    filters: tuple[Filtering, ...] = ()


def read_rules(texts: Iterable[tuple[str, str]], placeholders: Placeholders | None = None) -> RuleSet:
    """Read rule files: `texts` are (origin, YAML text); `placeholders` are what `%name%` of `|expand` stands for."""
    filled = tuple(sorted((name, tuple(values)) for name, values in (placeholders or {}).items()))
    listed = tuple(texts)
    files = [_read((one,), filled) for one in listed]
    if any(one.holds_filters for one in files):
        files = [_read(listed, filled)]
    correlations = tuple(one for file in files for one in file.correlations)
    rules = _with_also((one for file in files for one in file.rules), correlations)
    refused = tuple(one for file in files for one in file.refused)
    return RuleSet(tuple(rules), refused, correlations, tuple(one for file in files for one in file.filters))


@dataclass(frozen=True)
class _Files:
    """What files say that are read together; filters that they hold may be about rules of any file."""

    rules: tuple[Rule, ...]
    refused: tuple[Refused, ...]
    correlations: tuple[Correlation, ...]
    filters: tuple[Filtering, ...]
    holds_filters: bool


@lru_cache(maxsize=4_096)
def _read(texts: tuple[tuple[str, str], ...], filled: tuple[tuple[str, tuple[str, ...]], ...]) -> _Files:
    """Kept, because the same files are read for each case and each run, and reading takes long."""
    rules: list[Rule] = []
    correlations: list[Correlation] = []
    every = [one for origin, text in texts for one in read_file(origin, text)]
    read, refused, filters = filtered(every)
    for one in read:
        said = said_of(one.document, one.origin)
        try:
            if isinstance(one.document, SigmaRule):
                rules.append(replace(_rule(one.document, said, dict(filled)), filters=one.filters))
            else:
                correlations.append(correlation_of(one.document, said))
        except (UnfitError, *FAULTS_OF_RULES) as fault:
            refused.append(Refused(said, str(fault), logsource_of(one.document)))
    holds_filters = any(isinstance(one, Filter) for one in every)
    return _Files(tuple(rules), tuple(refused), tuple(correlations), tuple(filters), holds_filters)


def _with_also(rules: Iterable[Rule], correlations: Sequence[Correlation]) -> Iterator[Rule]:
    """The rules, each with the fields that correlations read of its events, also by way of other correlations."""
    named = {name: one for one in correlations for name in one.said.names}
    read: dict[str, frozenset[str]] = {}
    waiting = [(name, one.read_of(name)) for one in correlations for name in one.references]
    while waiting:
        name, fields = waiting.pop()
        if not fields <= read.get(name, frozenset()):
            read[name] = read.get(name, frozenset()) | fields
            waiting += [(below, fields) for below in (named[name].references if name in named else ())]
    for rule in rules:
        also = frozenset[str]().union(*(read.get(name, frozenset()) for name in rule.said.names))
        yield replace(rule, also=also) if also else rule


def _rule(read: SigmaRule, said: Said, placeholders: Placeholders) -> Rule:
    if read.errors:
        raise UnfitError("; ".join(dict.fromkeys(map(str, read.errors))))
    if not all(isinstance(one, str) for one in read.detection.condition):
        raise UnfitError("its condition is no text")
    conditions = [_term(one.parsed, placeholders) for one in read.detection.parsed_condition]
    term = conditions[0] if len(conditions) == 1 else Either(tuple(conditions))
    return Rule(said, logsource_of(read), term)


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
