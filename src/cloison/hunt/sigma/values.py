"""What does a value of a rule test: text with wildcards, a number, a network, a regular expression, another field?"""

import ipaddress
import itertools
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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
    Either,
    Exists,
    Match,
    Network,
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
    UnfitError,
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


def match_of(name: str | None, value: SigmaType, placeholders: Placeholders) -> Term:
    """A field, or a keyword, with one value; a value that stands for several is any of them."""
    if isinstance(value, SigmaExpansion):
        return Either(tuple(match_of(name, one, placeholders) for one in value.values))
    if isinstance(value, SigmaString) and value.contains_placeholder():
        return Either(tuple(Match(name, _kept(name, one)) for one in _filled(value, placeholders)))
    if isinstance(value, SigmaRegularExpression) and value.contains_placeholder():
        return Either(tuple(Match(name, one) for one in _filled_regexes(value, placeholders)))
    if isinstance(value, SigmaString):
        return Match(name, _kept(name, _pattern(value.s, cased=isinstance(value, SigmaCasedString))))
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
    choices: list[Sequence[Sequence[object]]] = [
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
            f"its placeholder %{placeholder.name}% stands for nothing: list its values in placeholders.yml"
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


_TESTS: tuple[tuple[type, Callable[[typing.Any], Test]], ...] = (
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
