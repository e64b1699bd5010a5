"""How does a rule's logsource tell which rows it is about, and where its fields stand in them?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cloison.hunt.sigma.logsources import Spoken, sources_of
from cloison.hunt.sigma.ocsf_fields import OCSF, logsource_sql
from cloison.hunt.sigma.places import Place, Taxonomy, joined
from cloison.hunt.sigma.raw import Columns, Needs
from cloison.hunt.sigma.rules import Rule
from cloison.hunt.sigma.terms import Term, UnfitError, fields_of, has_keywords
from cloison.sources.paths import literal

PRODUCT = "ocsf"
"""What `logsource: product` calls the events."""

RAW = "raw."
"""What a field of the raw record begins with in the taxonomy of events."""


@dataclass(frozen=True)
class Records:
    """The raw records of a source that were read: their columns, and which of these hold anything."""

    columns: Columns
    held: frozenset[str]


@dataclass(frozen=True)
class Reading:
    """One kind of row that a rule is run over.

    Attributes:
        about: the SQL condition of the rows.
        taxonomy: where its fields stand in them.
        raw: the source whose raw records are read beside the events; "" where none are.
        context: whether it reads facts of the context.
        read: the fields of the raw record that it reads.
    """

    about: str
    taxonomy: Taxonomy
    raw: str = ""
    context: bool = False
    read: frozenset[str] = frozenset()
    keywords: bool = False


def readings(
    rule: Rule, spoken: Iterable[Spoken], known: Iterable[str], records: Mapping[str, Records] | None
) -> tuple[list[Reading], str]:
    """Every kind of row that a rule is about, and over which it cannot run although it is about them, and why.

    `records` is None where no records are at hand, as in checking.

    Raises:
        UnfitError: no source is what the rule asks for, or a field is not to be had.
    """
    if rule.logsource.product == PRODUCT:
        return [_of_events(rule, frozenset(known), records)], ""
    found = {one.source: one for one in sources_of(rule.logsource, spoken)}
    if not found:
        raise UnfitError(f"no source reads the logsource {rule.logsource}")
    fit: list[Reading] = []
    unfit: list[str] = []
    for one in found.values():
        try:
            fit.append(_of_records(rule, one, records))
        except UnfitError as fault:
            unfit.append(f"{one.source}: {fault}")
    if not fit:
        raise UnfitError("; ".join(unfit))
    return fit, "; ".join(f"not over {one}" for one in unfit)


def _of_events(rule: Rule, known: frozenset[str], records: Mapping[str, Records] | None) -> Reading:
    said = rule.logsource
    if said.service and said.service not in known:
        raise UnfitError(f"no source {said.service!r}: `cloison sources` lists them")
    about = logsource_sql(said.category, said.service)
    fields = fields_of(rule.term) | rule.also
    read = frozenset(name.removeprefix(RAW) for name in fields if name.startswith(RAW))
    context = any(name.startswith("context.") for name in fields)
    if read and not said.service:
        raise UnfitError("it reads raw.* of no source: name one as the logsource's `service`")
    place = _raw_place(said.service or "", records) if read else None

    def resolve(name: str) -> Place:
        return place(name.removeprefix(RAW)) if place and name.startswith(RAW) else OCSF.place(name)

    taxonomy = Taxonomy(resolve, OCSF.everything)
    return Reading(about, taxonomy, said.service or "" if read else "", context, read)


def _of_records(rule: Rule, spoken: Spoken, records: Mapping[str, Records] | None) -> Reading:
    """A rule in a vendor's own words: its fields are those of the raw record, but for those that the source renames."""
    renamed = {name.lower(): places for name, places in spoken.fields.items()}

    def targets(name: str) -> tuple[str, ...]:
        return renamed.get(name.lower(), (RAW + name,))

    def raw(names: frozenset[str]) -> frozenset[str]:
        every = (target for name in names for target in targets(name))
        return frozenset(target.removeprefix(RAW) for target in every if target.startswith(RAW))

    if spoken.form == "lines" and raw(fields_of(rule.term)):
        raise UnfitError(f"its lines have no field {', '.join(sorted(raw(fields_of(rule.term))))}")
    read = frozenset() if spoken.form == "lines" else raw(fields_of(rule.term) | rule.also)
    at = _raw_place(spoken.source, records)

    def resolve(name: str) -> Place:
        return joined(at(one.removeprefix(RAW)) if one.startswith(RAW) else OCSF.place(one) for one in targets(name))

    keywords = has_keywords(rule.term)
    taxonomy = Taxonomy(resolve, _words(spoken.source, records))
    beside = spoken.source if read or keywords else ""
    return Reading(f"source = {literal(spoken.source)}", taxonomy, beside, False, read, keywords)


def _raw_place(source: str, records: Mapping[str, Records] | None) -> Callable[[str], Place]:
    def place(name: str) -> Place:
        if records is None:
            return Place(())
        if source not in records:
            raise UnfitError(f"the raw records of {source} are not at hand")
        here = records[source]
        return here.columns.place(name, here.held)

    return place


def _words(source: str, records: Mapping[str, Records] | None) -> Callable[[], Place]:
    def everything() -> Place:
        if records is None:
            return Place(())
        if source not in records:
            raise UnfitError(f"the raw records of {source} are not at hand")
        return records[source].columns.everything()

    return everything


def needs_of(rules: Iterable[Rule], spoken: Iterable[Spoken], known: Iterable[str]) -> dict[str, Needs]:
    """By source, what the rules read of its raw records."""
    needs: dict[str, Needs] = {}
    listed, sources = list(spoken), list(known)
    for rule in rules:
        for reading in _tried(rule, listed, sources):
            if reading.raw:
                here = needs.setdefault(reading.raw, Needs())
                here.fields |= reading.read
                here.asked_for |= {name for name in _existence(rule.term) if name in reading.read}
                here.keywords = here.keywords or reading.keywords
    return needs


def _existence(term: Term) -> Iterator[str]:
    needs = Needs()
    needs.add(term)
    return iter({name.removeprefix(RAW) for name in needs.asked_for})


def _tried(rule: Rule, spoken: list[Spoken], known: list[str]) -> list[Reading]:
    try:
        return readings(rule, spoken, known, None)[0]
    except UnfitError:
        return []
