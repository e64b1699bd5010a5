"""What does a rule file hold, as pySigma reads it: rules and correlations, the filters among them put to work?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from sigma.collection import NestedDict, SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaCollectionError, SigmaError
from sigma.filters import SigmaFilter
from sigma.rule import SigmaLevel, SigmaRule
from sigma.rule.base import check_alias_expansion

from cloison.hunt.sigma.documents import FAULTS, rule_documents
from cloison.hunt.sigma.meanings import meant
from cloison.hunt.sigma.said import Filtering, Logsource, Refused, Said
from cloison.hunt.sigma.terms import UnfitError

FAULTS_OF_RULES = (SigmaError, TypeError, ValueError, AttributeError, KeyError, RecursionError)
"""What pySigma raises of a rule that is none."""


@dataclass(frozen=True)
class Read:
    """A rule or a correlation, the file that it stands in, and the filters that take away from it."""

    document: SigmaRule | SigmaCorrelationRule
    origin: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filter:
    """What rules shall not tell, and the file that says so."""

    document: SigmaFilter
    origin: str


def read_file(origin: str, text: str) -> Iterator[Read | Filter | Refused]:
    """Every document of a file; one that is faulty keeps no other from being read."""
    try:
        listed = rule_documents(text)
    except FAULTS as fault:
        yield Refused(Said("", origin, origin=origin), f"not YAML: {' '.join(str(fault).split())}")
        return
    if not listed:
        yield Refused(Said("", origin, origin=origin), "not a rule: the file is empty")
    together = any(isinstance(one, Mapping) and "action" in one for one in listed)
    for some in [listed] if together and listed else [[one] for one in listed]:
        yield from _documents(origin, some)


def _documents(origin: str, listed: Sequence[object]) -> Iterator[Read | Filter | Refused]:
    """Documents that may rest on each other, as those with an `action` do."""
    said = _told(origin, listed[0])
    if not all(isinstance(one, Mapping) for one in listed):
        yield Refused(said, "not a rule: a document is no mapping")
        return
    try:
        for one in listed:
            check_alias_expansion(one, SigmaCollectionError)
        given = [cast("NestedDict", meant(cast("Mapping[str, object]", one))) for one in listed]
        read = SigmaCollection.from_dicts(given, collect_errors=True, collect_filters=True, resolve_references=False)
    except FAULTS_OF_RULES as fault:
        yield Refused(said, f"not a rule: {fault}")
        return
    theirs = {id(error) for one in (*read.rules, *read.filters) for error in one.errors}
    yield from (Refused(said, f"not a rule: {error}") for error in read.errors if id(error) not in theirs)
    yield from (Read(one, origin) for one in read.rules)
    yield from (Filter(one, origin) for one in read.filters)
    if not (read.rules or read.filters or read.errors):
        yield Refused(said, "not a rule: it only says what others have in common")


def _told(origin: str, document: object) -> Said:
    said = document if isinstance(document, Mapping) else {}
    return Said(str(said.get("id") or ""), str(said.get("title") or origin), str(said.get("name") or ""), origin=origin)


def filtered(read: Iterable[Read | Filter | Refused]) -> tuple[list[Read], list[Refused], list[Filtering]]:
    """The rules with all filters put to work, whatever file these stand in; what is refused; and what filters do."""
    listed = list(read)
    rules = [one for one in listed if isinstance(one, Read)]
    refused = [one for one in listed if isinstance(one, Refused)]
    filters = [one for one in listed if isinstance(one, Filter)]
    working: list[Filtering] = []
    for one in filters:
        said = said_of(one.document, one.origin)
        try:
            touched = _filter(one.document, rules)
        except UnfitError as fault:
            refused.append(Refused(said, str(fault), logsource_of(one.document)))
            continue
        working.append(Filtering(said, len(touched)))
        for place in touched:
            rules[place] = replace(rules[place], filters=(*rules[place].filters, said.title))
    return rules, refused, working


def _filter(one: SigmaFilter, rules: Sequence[Read]) -> frozenset[int]:
    """Put a filter to work; the places of the rules from which it takes away.

    Raises:
        UnfitError: it does nothing.
    """
    if one.errors:
        raise UnfitError("; ".join(dict.fromkeys(map(str, one.errors))))
    touched = set()
    for place, rule in enumerate(rules):
        if isinstance(rule.document, SigmaRule):
            before = list(rule.document.detection.condition)
            one.apply_on_rule(rule.document)
            if rule.document.detection.condition != before:
                touched.add(place)
    if not touched:
        raise UnfitError("it filters, and no rule that was read is what it is about")
    return frozenset(touched)


def said_of(read: SigmaRule | SigmaCorrelationRule | SigmaFilter, origin: str) -> Said:
    """What a rule says of itself; one without an id or a name is called after its file."""
    uid = str(read.id) if read.id else str(read.name or f"{origin}#{read.title}")
    return Said(
        uid=uid,
        title=str(read.title or uid),
        name=str(read.name or ""),
        level=read.level.name.lower() if isinstance(read.level, SigmaLevel) else "",
        tags=tuple(map(str, read.tags or ())),
        origin=origin,
    )


def logsource_of(read: SigmaRule | SigmaCorrelationRule | SigmaFilter) -> Logsource:
    """Which logs it is about; a correlation is about those of its rules."""
    if isinstance(read, SigmaCorrelationRule):
        return Logsource()
    said = read.logsource
    return Logsource(_lower(said.product), _lower(said.category), _lower(said.service))


def _lower(text: str | None) -> str | None:
    return text.strip().lower() if text else None
