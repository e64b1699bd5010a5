"""Which rules can run over what is at hand, as which queries, and which cannot, and why?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from cloison.hunt.sigma.compiling import condition_sql, spelled_regex, text_sql
from cloison.hunt.sigma.logsources import Spoken
from cloison.hunt.sigma.rules import Refused, Rule, RuleSet
from cloison.hunt.sigma.scanning import Numbered, pass_sql, passes
from cloison.hunt.sigma.taxonomies import Reading, Records, readings
from cloison.hunt.sigma.terms import Match, Not, Regex, Term, UnfitError
from cloison.sources.paths import quoted

IDENTITY = ("event_uid", "time")


@dataclass(frozen=True)
class Runs:
    """A rule that runs, with its number, the kinds of row that it is run over, and over which it is not, and why."""

    number: int
    rule: Rule
    readings: tuple[Reading, ...]
    but: str = ""


@dataclass(frozen=True)
class Fitted:
    """The rules that can run, all that cannot, and the queries that run them: `rule` and the columns of `IDENTITY`."""

    runs: tuple[Runs, ...]
    refused: tuple[Refused, ...]
    passes: tuple[str, ...]


def fit(
    engine: duckdb.DuckDBPyConnection,
    rules: RuleSet,
    spoken: Iterable[Spoken] = (),
    known: Iterable[str] = (),
    records: Mapping[str, Records] | None = None,
) -> Fitted:
    """Compile every rule; what cannot be compiled is refused with the reason.

    Args:
        engine: asked whether it takes the regular expressions.
        rules: what was read.
        spoken: which logsources the sources are.
        known: the names of the sources.
        records: the raw records at hand by source; None where there are none yet, as in checking.
    """
    runs: list[Runs] = []
    refused = list(rules.refused)
    listed, sources = list(spoken), list(known)
    for rule in rules.rules:
        try:
            found, but = readings(rule, listed, sources, records)
            for one in found:
                condition_sql(rule.term, one.taxonomy, lambda sql: sql)
            check_regexes(engine, rule.term)
        except UnfitError as fault:
            refused.append(refusal(rule, str(fault)))
        else:
            runs.append(Runs(len(runs) + 1, rule, tuple(found), but))
    return Fitted(tuple(runs), tuple(refused), tuple(_passes(runs)))


def refusal(rule: Rule, why: str) -> Refused:
    """A rule that was read and cannot run all the same."""
    return Refused(rule.uid, rule.title, rule.level, rule.tags, rule.origin, rule.logsource, why)


def _passes(runs: Iterable[Runs]) -> list[str]:
    """The queries: rules over the same relation together."""
    by_rows: dict[str, list[Numbered]] = {}
    for one in runs:
        for reading in one.readings:
            numbered = Numbered(one.number, one.rule, reading.about, reading.taxonomy)
            by_rows.setdefault(rows_sql(reading), []).append(numbered)
    return [pass_sql(some, rows, IDENTITY) for rows, all_of in by_rows.items() for some in passes(all_of)]


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
    if isinstance(term, Match):
        if isinstance(term.test, Regex):
            _check_regex(engine, term.test)
    elif isinstance(term, Not):
        check_regexes(engine, term.one)
    else:
        for one in term.each:
            check_regexes(engine, one)


def _check_regex(engine: duckdb.DuckDBPyConnection, test: Regex) -> None:
    try:
        engine.execute(f"SELECT regexp_matches('', {text_sql(spelled_regex(test))})")
    except duckdb.Error as fault:
        why = str(fault).partition(":")[2].strip() or str(fault)
        raise UnfitError(
            f"its regular expression is not one of RE2, which knows no look-around and no back-reference: {why}"
        ) from fault
