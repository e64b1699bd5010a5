"""What does a rule file say? Sigma rules and correlations read with pySigma, as frozen data, or why they cannot run."""

import ipaddress
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import yaml
from sigma.collection import SigmaCollection
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
from sigma.rule.base import SigmaYAMLLoader
from sigma.types import (
    CompareOperators,
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from cloison.hunt.sigma.terms import (
    Absent,
    All,
    Any,
    Exists,
    Match,
    Network,
    Not,
    Number,
    Operator,
    Part,
    Pattern,
    Regex,
    Same,
    Term,
    Test,
    Text,
    Truth,
    Wildcard,
)
from cloison.ocsf.observables import ip_key

_OPERATORS: dict[CompareOperators, Operator] = {
    CompareOperators.LT: "<",
    CompareOperators.LTE: "<=",
    CompareOperators.GT: ">",
    CompareOperators.GTE: ">=",
    CompareOperators.NEQ: "<>",
}
_WILDCARDS: dict[SpecialChars, Wildcard] = {SpecialChars.WILDCARD_MULTI: "many", SpecialChars.WILDCARD_SINGLE: "one"}
_FLAGS = {
    SigmaRegularExpressionFlag.IGNORECASE: "i",
    SigmaRegularExpressionFlag.MULTILINE: "m",
    SigmaRegularExpressionFlag.DOTALL: "s",
}
_MOST_FILLED = 10_000
"""So many texts may one value with placeholders stand for."""

Placeholders = Mapping[str, Sequence[str]]


class UnfitError(Exception):
    """Why a rule cannot run."""


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


@dataclass(frozen=True)
class RuleSet:
    """All that was read: rules, and what was refused."""

    rules: tuple[Rule, ...] = ()
    refused: tuple[Refused, ...] = ()
    correlations: tuple[SigmaCorrelationRule, ...] = field(default=())


def read_rules(texts: Iterable[tuple[str, str]], placeholders: Placeholders | None = None) -> RuleSet:
    """Read rule files: `texts` are (origin, YAML text); `placeholders` are what `%name%` of `|expand` stands for."""
    rules: list[Rule] = []
    refused: list[Refused] = []
    for origin, text in texts:
        for read in _documents(origin, text):
            if isinstance(read, Refused):
                refused.append(read)
            elif isinstance(read, SigmaRule):
                try:
                    rules.append(_rule(read, origin, placeholders or {}))
                except (UnfitError, SigmaError) as fault:
                    refused.append(_refusal(read, origin, str(fault)))
            else:
                refused.append(_refusal(read, origin, "correlations are not built yet"))
    return RuleSet(tuple(rules), tuple(refused))


def _documents(origin: str, text: str) -> Iterator[SigmaRule | SigmaCorrelationRule | Refused]:
    """Every document of a file, as pySigma reads it."""
    nowhere = Logsource()
    try:
        loaded = yaml.load_all(text, Loader=SigmaYAMLLoader)
        documents = [one for one in loaded if one is not None]
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        yield Refused("", origin, "", (), origin, nowhere, f"not YAML: {' '.join(str(fault).split())}")
        return
    if not all(isinstance(one, dict) for one in documents):
        yield Refused("", origin, "", (), origin, nowhere, "not a rule: a document is no mapping")
        return
    try:
        read = SigmaCollection.from_dicts(documents, collect_errors=True, resolve_references=False)
    except (SigmaError, TypeError, ValueError, AttributeError, KeyError, RecursionError) as fault:
        yield Refused("", origin, "", (), origin, nowhere, f"not a rule: {fault}")
        return
    yield from read.rules


def _refusal(read: SigmaRule | SigmaCorrelationRule, origin: str, why: str) -> Refused:
    said = _said(read, origin)
    return Refused(said["uid"], said["title"], said["level"], _tags(read), origin, _logsource(read), why)


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
    return Rule(
        **_said(read, origin),
        tags=_tags(read),
        origin=origin,
        falsepositives=tuple(map(str, read.falsepositives or ())),
        logsource=_logsource(read),
        term=conditions[0] if len(conditions) == 1 else Any(tuple(conditions)),
    )


def _term(parsed: object, placeholders: Placeholders) -> Term:
    if isinstance(parsed, ConditionNOT):
        return Not(_term(parsed.args[0], placeholders))
    if isinstance(parsed, ConditionAND | ConditionOR):
        each = tuple(_term(one, placeholders) for one in parsed.args)
        return All(each) if isinstance(parsed, ConditionAND) else Any(each)
    if isinstance(parsed, ConditionFieldEqualsValueExpression):
        return _match(parsed.field, parsed.value, placeholders)
    if isinstance(parsed, ConditionValueExpression):
        return _match(None, parsed.value, placeholders)
    raise UnfitError("its condition is empty")


def _match(name: str | None, value: SigmaType, placeholders: Placeholders) -> Term:
    """A field, or a keyword, with one value; a value that stands for several is any of them."""
    if isinstance(value, SigmaExpansion):
        return Any(tuple(_match(name, one, placeholders) for one in value.values))
    if isinstance(value, SigmaString) and value.contains_placeholder():
        return Any(tuple(Match(name, _kept(name, one)) for one in _filled(value, placeholders)))
    if isinstance(value, SigmaRegularExpression) and value.contains_placeholder():
        return Any(tuple(Match(name, one) for one in _filled_regexes(value, placeholders)))
    if isinstance(value, SigmaString):
        return Match(name, _kept(name, _pattern(value.s, cased=isinstance(value, SigmaCasedString))))
    if name is None and isinstance(value, SigmaNumber):
        return Match(None, _kept(None, Pattern((Text(str(value.number)),))))
    return Match(name, _test(value))


def _kept(name: str | None, pattern: Pattern) -> Pattern:
    """A pattern of a field as it is; a keyword may stand anywhere in a value."""
    if name is not None:
        return pattern
    parts = pattern.parts
    before: tuple[Wildcard, ...] = () if parts[:1] == ("many",) else ("many",)
    after: tuple[Wildcard, ...] = () if parts[-1:] == ("many",) else ("many",)
    return Pattern((*before, *parts, *after), pattern.cased)


def _pattern(parts: Iterable[object], *, cased: bool) -> Pattern:
    read: list[Text | Wildcard] = []
    for part in parts:
        if isinstance(part, SpecialChars):
            read.append(_WILDCARDS[part])
        elif part:
            read.append(Text(_spelled(str(part))))
    return Pattern(tuple(read), cased)


def _spelled(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        raise UnfitError("a value is no Unicode text") from fault
    return text


def _filled(value: SigmaString, placeholders: Placeholders) -> Iterator[Pattern]:
    """The value with every text that its placeholders stand for."""
    choices = [
        tuple(SigmaString(one).s for one in _stands_for(part, placeholders))
        if isinstance(part, Placeholder)
        else ([part],)
        for part in value.s
    ]
    if _product(map(len, choices)) > _MOST_FILLED:
        raise UnfitError(f"its placeholders stand for more than {_MOST_FILLED} texts")
    for chosen in itertools.product(*choices):
        yield _pattern(itertools.chain.from_iterable(chosen), cased=isinstance(value, SigmaCasedString))


def _filled_regexes(value: SigmaRegularExpression, placeholders: Placeholders) -> Iterator[Regex]:
    choices = [
        tuple(map(re.escape, _stands_for(part, placeholders))) if isinstance(part, Placeholder) else (part,)
        for part in value.regexp.s
    ]
    if _product(map(len, choices)) > _MOST_FILLED:
        raise UnfitError(f"its placeholders stand for more than {_MOST_FILLED} texts")
    for chosen in itertools.product(*choices):
        joined = "".join(
            {"many": "*", "one": "?"}[_WILDCARDS[one]] if isinstance(one, SpecialChars) else str(one) for one in chosen
        )
        yield Regex(joined, _flags(value))


def _product(numbers: Iterable[int]) -> int:
    total = 1
    for number in numbers:
        total *= number
    return total


def _stands_for(placeholder: Placeholder, placeholders: Placeholders) -> Sequence[str]:
    if not placeholders.get(placeholder.name):
        raise UnfitError(
            f"nothing is said for its placeholder %{placeholder.name}%: list its values in a placeholders file"
        )
    return placeholders[placeholder.name]


def _flags(value: SigmaRegularExpression) -> str:
    return "".join(sorted(_FLAGS[flag] for flag in value.flags))


def _test(value: SigmaType) -> Test:
    for kind, read in _TESTS:
        if isinstance(value, kind):
            return read(value)
    raise UnfitError(f"a value of a kind that is not known: {type(value).__name__}")


def _network(value: SigmaCIDRExpression) -> Network:
    network = ipaddress.ip_network(value.cidr)
    low, high = ip_key(str(network.network_address)), ip_key(str(network.broadcast_address))
    if low is None or high is None:
        raise UnfitError(f"not a network: {value.cidr}")
    return Network(low, high)


_TESTS: tuple[tuple[type, Callable[[object], Test]], ...] = (
    (SigmaTimestampPart, lambda value: Part(value.timestamp_part.name.lower(), int(value.number))),
    (SigmaNumber, lambda value: Number("=", value.number)),
    (SigmaCompareExpression, lambda value: Number(_OPERATORS[value.op], value.number.number)),
    (SigmaBool, lambda value: Truth(value.boolean)),
    (SigmaNull, lambda _: Absent()),
    (SigmaExists, lambda value: Exists(value.exists)),
    (SigmaRegularExpression, lambda value: Regex(_spelled(str(value.regexp)), _flags(value))),
    (SigmaCIDRExpression, _network),
    (SigmaFieldReference, lambda value: Same(value.field, value.starts_with, value.ends_with)),
)
