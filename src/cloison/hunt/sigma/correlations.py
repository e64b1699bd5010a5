"""What does a correlation say: which rules, within which time, by which fields, reaching what?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionItem,
    CorrelationConditionNOT,
    SigmaCorrelationCondition,
    SigmaCorrelationRule,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)

from cloison.hunt.sigma.said import Said
from cloison.hunt.sigma.terms import UnfitError
from cloison.hunt.sigma.windows import Asked, Kind

_ORDERED = "temporal_ordered"
_MOST_SECONDS = 20 * 366 * 86_400


@dataclass(frozen=True)
class Correlation:
    """A correlation that was read.

    Attributes:
        said: what it says of itself.
        references: the rules it refers to, by id or name, in their order.
        group_by: the fields that its events have in common.
        aliases: by alias of a field, its name in the events of each referred rule.
        fields: the fields whose values are counted or measured.
        generate: whether the rules that it refers to are told by themselves too.
    """

    said: Said
    references: tuple[str, ...]
    group_by: tuple[str, ...]
    aliases: Mapping[str, Mapping[str, str]]
    fields: tuple[str, ...]
    generate: bool
    asked: Asked

    def field_in(self, name: str, reference: str) -> str:
        """What a field of group-by or of the condition is called in the events of a referred rule."""
        return self.aliases.get(name, {}).get(reference, name)

    def read_of(self, reference: str) -> frozenset[str]:
        """The fields that it reads of the events of a referred rule."""
        return frozenset(self.field_in(name, reference) for name in (*self.group_by, *self.fields))


def correlation_of(read: SigmaCorrelationRule, said: Said) -> Correlation:
    """A correlation as frozen data.

    Raises:
        UnfitError: it is faulty, or asks for something that is not known.
    """
    if read.errors:
        raise UnfitError("; ".join(dict.fromkeys(map(str, read.errors))))
    condition = read.condition
    if isinstance(condition, SigmaExtendedCorrelationCondition):
        references = tuple(condition.get_referenced_rules())
        asked = _in_words(read, condition, references)
        fields: tuple[str, ...] = ()
    else:
        references = tuple(one.reference for one in read.rules or ())
        asked, fields = _counted(read, condition, len(references))
    if not references:
        raise UnfitError("it refers to no rule")
    aliases = {
        one.alias: {reference.reference: name for reference, name in one.mapping.items()} for one in read.aliases or ()
    }
    return Correlation(
        said=said,
        references=references,
        group_by=tuple(read.group_by or ()),
        aliases=aliases,
        fields=fields,
        generate=read.generate,
        asked=asked,
    )


def _counted(
    read: SigmaCorrelationRule, condition: SigmaCorrelationCondition, rules: int
) -> tuple[Asked, tuple[str, ...]]:
    kind = cast("Kind", read.type.name.lower())
    fields = condition.fieldref
    listed = () if fields is None else (fields,) if isinstance(fields, str) else tuple(fields)
    asked = Asked(
        kind,
        _span(read),
        condition.op.name.lower(),
        condition.count,
        rules,
        50 if condition.percentile is None else condition.percentile,
    )
    if kind == _ORDERED and (asked.operator, asked.count) not in {("gte", rules), ("eq", rules)}:
        raise UnfitError("rules in order are all of them, or it is not said which order holds: leave its condition out")
    return asked, listed


def _span(read: SigmaCorrelationRule) -> timedelta:
    seconds = read.timespan.seconds
    if seconds > _MOST_SECONDS:
        raise UnfitError(f"its timespan of {read.timespan.spec} is longer than 20 years")
    return timedelta(seconds=seconds)


def _in_words(
    read: SigmaCorrelationRule, condition: SigmaExtendedCorrelationCondition, references: tuple[str, ...]
) -> Asked:
    if read.type.name.lower() == _ORDERED:
        raise UnfitError("rules in order and a condition in words: it is not said which order holds")
    steps = {reference: number for number, reference in enumerate(references)}
    holds = _holds(condition.parsed, steps)
    return Asked("temporal", _span(read), "gte", len(references), len(references), holds=holds)


def _holds(
    parsed: CorrelationConditionItem | SigmaRuleReference, steps: Mapping[str, int]
) -> Callable[[frozenset[object]], bool]:
    if isinstance(parsed, SigmaRuleReference):
        step = steps[parsed.reference]
        return lambda spoken: step in spoken
    if isinstance(parsed, CorrelationConditionNOT):
        raise UnfitError("it asks what must not follow: at which moment that would be told is not said")
    each = [_holds(one, steps) for one in parsed.args]
    if isinstance(parsed, CorrelationConditionAND):
        return lambda spoken: all(one(spoken) for one in each)
    return lambda spoken: any(one(spoken) for one in each)
