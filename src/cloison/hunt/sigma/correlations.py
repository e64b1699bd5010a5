"""What does a correlation say: which rules, within which time, by which fields, reaching what?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast

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
from cloison.hunt.sigma.windows import Asked, Kind, Words

_ORDERED: Final = "temporal_ordered"
_OF_EVENTS = {"event_count", "temporal", _ORDERED}
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
    if not 0 <= asked.percentile <= 100:
        raise UnfitError(f"its percentile is {asked.percentile}, and not one of 0 to 100")
    if kind in _OF_EVENTS and listed:
        raise UnfitError(f"{kind} counts no values, and its condition names a field: value_count does")
    if kind in _OF_EVENTS and asked.count < 1 + (asked.operator == "lt") and asked.operator in {"lt", "lte", "eq"}:
        raise UnfitError("it asks for no event at all: none would complete it")
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
        if not _in_turn(condition.parsed, references, [one.reference for one in read.rules or ()]):
            raise UnfitError("rules in order, and a condition in words that does not name all in that order with `and`")
        return Asked(_ORDERED, _span(read), "gte", len(references), len(references))
    words = _words(condition.parsed, {reference: number for number, reference in enumerate(references)})
    if words.holds(frozenset(), frozenset()):
        raise UnfitError("it also holds where none of its rules speaks: no event would complete it")
    return Asked("temporal", _span(read), "gte", len(references), len(references), words=words)


def _in_turn(
    parsed: CorrelationConditionItem | SigmaRuleReference, references: Sequence[str], listed: Sequence[str]
) -> bool:
    """Whether a condition only says what is said without it: all rules, in their order."""
    each = parsed.args if isinstance(parsed, CorrelationConditionAND) else [parsed]
    plain = all(isinstance(one, SigmaRuleReference) for one in each)
    return plain and list(references) == list(listed or references)


def _words(
    parsed: CorrelationConditionItem | SigmaRuleReference, steps: Mapping[str, int], *, denied: bool = False
) -> Words:
    if isinstance(parsed, SigmaRuleReference):
        step = steps[parsed.reference]
        if denied:
            return Words(lambda _, around: step in around, denies=frozenset({step}))
        return Words(lambda spoken, _: step in spoken, frozenset({step}))
    each = [_words(one, steps, denied=denied != isinstance(parsed, CorrelationConditionNOT)) for one in parsed.args]
    asks = frozenset[int]().union(*(one.asks for one in each))
    denies = frozenset[int]().union(*(one.denies for one in each))
    if isinstance(parsed, CorrelationConditionNOT):
        return Words(lambda spoken, around: not each[0].holds(spoken, around), asks, denies)
    linked = all if isinstance(parsed, CorrelationConditionAND) else any
    return Words(lambda spoken, around: linked(one.holds(spoken, around) for one in each), asks, denies)
