"""How are rules run over records that belong to no case: JSON objects of which a logsource is stated?"""

from dataclasses import replace

from cloison.hunt.sigma.places import Taxonomy
from cloison.hunt.sigma.raw import Needs
from cloison.hunt.sigma.rules import Rule, RuleSet
from cloison.hunt.sigma.said import Logsource, Refused
from cloison.hunt.sigma.taxonomies import Reading, Records
from cloison.hunt.sigma.terms import Every, UnfitError
from cloison.hunt.sigma.windows_logs import narrowed

WINDOWS = "windows"


def about(stated: Logsource, rules: RuleSet) -> RuleSet:
    """The rules that speak of what is stated; one that says otherwise of its logs is refused.

    Of a Windows log that is stated no closer, each rule sees the records of its own category or service only.
    """
    fit: list[Rule] = []
    refused = list(rules.refused)
    for rule in rules.rules:
        try:
            fit.append(_narrowed(stated, rule))
        except UnfitError as fault:
            refused.append(Refused(rule.said, str(fault), rule.logsource))
    return replace(rules, rules=tuple(fit), refused=tuple(refused))


def _narrowed(stated: Logsource, rule: Rule) -> Rule:
    asked = rule.logsource
    for here, wanted in zip(_parts(stated), _parts(asked), strict=True):
        if here is not None and wanted is not None and here != wanted:
            raise UnfitError(f"it speaks of {asked}, and the records are said to be {stated}")
    closer = stated.category or stated.service
    condition = narrowed(asked) if stated.product == WINDOWS and asked.product == WINDOWS and not closer else None
    return rule if condition is None else replace(rule, term=Every((condition, rule.term)))


def _parts(one: Logsource) -> tuple[str | None, ...]:
    return one.product, one.category, one.service


def needed(rules: RuleSet) -> Needs:
    """What the rules read of the records."""
    needs = Needs()
    for rule in rules.rules:
        needs.add(rule.term)
        needs.fields |= rule.also
    return needs


def reading_of(records: Records) -> Reading:
    """The one kind of row that there is."""
    columns, held = records.columns, records.held
    return Reading("TRUE", Taxonomy(lambda name: columns.place(name, held), columns.everything))
