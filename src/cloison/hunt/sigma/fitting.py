"""Which rules can run over what is at hand, as which queries, and which cannot, and why?"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from cloison.hunt.sigma.compiling import condition_sql, spelled_regex, text_sql
from cloison.hunt.sigma.correlating import Correlated, Part
from cloison.hunt.sigma.correlations import Correlation
from cloison.hunt.sigma.rules import Rule, RuleSet
from cloison.hunt.sigma.said import Filtering, Logsource, Refused, Said
from cloison.hunt.sigma.scanning import Numbered, pass_sql, passes
from cloison.hunt.sigma.taxonomies import Reading
from cloison.hunt.sigma.terms import Match, Not, Regex, Term, UnfitError
from cloison.sources.paths import quoted

Read = Callable[[Rule], tuple[list[Reading], str]]

IDENTITY = ("event_uid", "time")


@dataclass(frozen=True)
class Runs:
    """A rule that runs, with its number, and the kinds of row that it is run over; `but` says what it does not tell."""

    number: int
    rule: Rule
    readings: tuple[Reading, ...]
    but: str = ""


@dataclass(frozen=True)
class Fitted:
    """What can run and what cannot.

    Attributes:
        runs: the rules that can, by number from 1.
        correlated: the correlations that can, those that others refer to first; their numbers follow.
        refused: all that cannot, and why.
        silent: numbers of those that are told only by what refers to them.
        filters: those that take away from rules.
    """

    runs: tuple[Runs, ...]
    correlated: tuple[Correlated, ...]
    refused: tuple[Refused, ...]
    silent: frozenset[int] = frozenset()
    filters: tuple[Filtering, ...] = ()

    @property
    def abouts(self) -> frozenset[str]:
        """The conditions that tell apart which rows rules are about."""
        return frozenset(reading.about for one in self.runs for reading in one.readings)

    def passes(self, looked_at: Mapping[str, int]) -> list[str]:
        """The queries that run the rules about rows that there are; they yield `rule` and the columns of `IDENTITY`.

        Args:
            looked_at: by condition of `abouts`, how many rows meet it.
        """
        by_rows: dict[str, list[Numbered]] = {}
        for one in self.runs:
            for reading in one.readings:
                if looked_at[reading.about]:
                    numbered = Numbered(one.number, one.rule, reading.about, reading.taxonomy)
                    by_rows.setdefault(rows_sql(reading), []).append(numbered)
        return [pass_sql(some, rows, IDENTITY) for rows, all_of in by_rows.items() for some in passes(all_of)]


def fit(engine: duckdb.DuckDBPyConnection, rules: RuleSet, read: Read) -> Fitted:
    """Compile every rule; what cannot be compiled is refused with the reason.

    Args:
        engine: asked whether it takes the regular expressions.
        rules: what was read.
        read: the kinds of row that a rule is run over, and over which it cannot be, and why.
    """
    runs: list[Runs] = []
    refused = list(rules.refused)
    doubtful = not _takes(engine, frozenset(one for rule in rules.rules for one in _regexes(rule.term)))
    for rule in rules.rules:
        try:
            found, but = read(rule)
            for one in found:
                condition_sql(rule.term, one.taxonomy, lambda sql: sql)
            if doubtful:
                check_regexes(engine, rule.term)
        except UnfitError as fault:
            refused.append(refusal(rule, str(fault)))
        else:
            less = f"less what the filter {' and '.join(rule.filters)} takes out" if rule.filters else ""
            runs.append(Runs(len(runs) + 1, rule, tuple(found), "; ".join(filter(None, (but, less)))))
    correlated, silent = _correlated(rules.correlations, runs, refused)
    return Fitted(tuple(runs), tuple(correlated), tuple(refused), silent, rules.filters)


Named = Runs | Correlation | Refused
"""What a correlation may refer to; where that was refused, neither can it run."""


def _correlated(
    correlations: Sequence[Correlation], runs: Sequence[Runs], refused: list[Refused]
) -> tuple[list[Correlated], frozenset[int]]:
    """The correlations whose rules all run, in an order in which each follows what it refers to."""
    every: list[Named] = [*runs, *correlations, *refused]
    named: dict[str, list[Named]] = {}
    for other in every:
        for name in _said(other).names:
            named.setdefault(name, []).append(other)
    whys = {id(one): one.why for one in refused}
    done: dict[int, Correlated | Runs] = {id(one): one for one in runs}
    left, made = [(one, _targets(one, named)) for one in correlations], list[Correlated]()
    while ready := [each for each in left if all(id(target) in done for target in each[1])]:
        for one, targets in ready:
            left.remove((one, targets))
            try:
                parts = tuple(_parts(one, [done[id(target)] for target in targets]))
            except UnfitError as fault:
                refused.append(refusal(one, str(fault)))
                whys[id(one)] = str(fault)
                continue
            made.append(Correlated(len(runs) + len(made) + 1, one, parts))
            done[id(one)] = made[-1]
    refused += [refusal(one, _missing(one, targets, done, whys)) for one, targets in left]
    silent = frozenset(part.number for one in made if not one.correlation.generate for part in one.parts)
    return made, silent


def _said(one: Named) -> Said:
    return one.rule.said if isinstance(one, Runs) else one.said


def _targets(one: Correlation, named: Mapping[str, Sequence[Named]]) -> list[Named | None]:
    """What each reference means: what its own file calls so, else any other; None where that is not one."""
    found: list[Named | None] = []
    for name in one.references:
        listed = named.get(name, ())
        own = [other for other in listed if _said(other).origin == one.said.origin]
        alike = {(other.rule.term, other.rule.logsource) for other in listed if isinstance(other, Runs)}
        found.append(own[0] if own else listed[0] if listed and len(alike) < 2 else None)
    return found


def _missing(
    one: Correlation, targets: Sequence[Named | None], done: Mapping[int, object], whys: Mapping[int, str]
) -> str:
    nowhere = "is not one among the rules, or refers back to it"
    fates = {
        name: f"cannot run: {whys[id(target)]}" if id(target) in whys else nowhere
        for name, target in zip(one.references, targets, strict=True)
        if id(target) not in done
    }
    return "; ".join(f"it refers to {name}, which {fate}" for name, fate in fates.items())


def _parts(one: Correlation, referred: Sequence[Correlated | Runs]) -> Iterator[Part]:
    """The rows of each rule that a correlation refers to; of another correlation those of the events it speaks of."""
    for step, (reference, other) in enumerate(zip(one.references, referred, strict=True)):
        group = tuple(one.field_in(name, reference) for name in one.group_by)
        fields = tuple(one.field_in(name, reference) for name in one.fields)
        if isinstance(other, Runs):
            readings_of, leaves = other.readings, frozenset({other.number})
        else:
            readings_of, leaves = tuple(part.reading for part in other.parts), other.leaves
        for reading in dict.fromkeys(readings_of):
            for name in (*group, *fields):
                reading.taxonomy.place(name)
            yield Part(other.number, step, rows_sql(reading), reading, group, fields, leaves)


def refusal(rule: Rule | Correlation, why: str) -> Refused:
    """A rule that was read and cannot run all the same."""
    logsource = rule.logsource if isinstance(rule, Rule) else Logsource()
    return Refused(rule.said, why, logsource)


def rows_sql(reading: Reading) -> str:
    """The relation that a rule is run over: events, with the facts of their context or their raw record where asked."""
    events = "events_in_context" if reading.context else "events"
    if not reading.raw:
        return events
    return f"""(SELECT e.*, r.* EXCLUDE (evidence_uid, record_offset, record_part)
      FROM {events} AS e JOIN {quoted(raw_table(reading.raw))} AS r ON r.evidence_uid = e.evidence_uid
        AND r.record_offset = e.record_offset AND r.record_part = coalesce(e.record_part, 0))"""


def raw_table(source: str) -> str:
    """The name of the table of a source's raw values."""
    return f"raw_{source}"


def check_regexes(engine: duckdb.DuckDBPyConnection, term: Term) -> None:
    """Have the engine compile every regular expression of a condition.

    Raises:
        UnfitError: it cannot.
    """
    for spelled in _regexes(term):
        try:
            _compile(engine, [spelled])
        except duckdb.Error as fault:
            why = str(fault).partition(":")[2].strip() or str(fault)
            raise UnfitError(
                f"its regular expression is not one of RE2, which knows no look-around and no back-reference: {why}"
            ) from fault


def _takes(engine: duckdb.DuckDBPyConnection, spelled: Iterable[str]) -> bool:
    """Whether the engine compiles all of these: asked in one statement, since hundreds of them take long."""
    try:
        _compile(engine, spelled)
    except duckdb.Error:
        return False
    return True


def _compile(engine: duckdb.DuckDBPyConnection, spelled: Iterable[str]) -> None:
    tests = ", ".join(f"regexp_matches('', {text_sql(one)})" for one in spelled)
    if tests:
        engine.execute(f"SELECT {tests}")


def _regexes(term: Term) -> Iterator[str]:
    """The regular expressions of a condition, as the engine is given them."""
    if isinstance(term, Match):
        if isinstance(term.test, Regex):
            yield spelled_regex(term.test)
    elif isinstance(term, Not):
        yield from _regexes(term.one)
    else:
        for one in term.each:
            yield from _regexes(one)
