"""How are rules run over the events of a case: numbered, compiled, in passes, each with its count or its refusal?"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from cloison.hunt.context import CONTEXT
from cloison.hunt.sigma.compiling import condition_sql, spelled_regex, text_sql
from cloison.hunt.sigma.detections import DETECTED, RULE_LIST, RULES_RUN
from cloison.hunt.sigma.ocsf_fields import OCSF, logsource_sql
from cloison.hunt.sigma.rules import Refused, Rule, RuleSet, UnfitError, read_rules
from cloison.hunt.sigma.scanning import Numbered, pass_sql, passes
from cloison.hunt.sigma.terms import Match, Not, Regex, Term, fields_of
from cloison.lake.analysis import Procedure, fill
from cloison.model.limits import Limits
from cloison.sources.paths import quoted

MAKES = (DETECTED, RULES_RUN, RULE_LIST)
"""The tables that running the rules makes."""

READS = ("context", "events", "limits", "rule_texts", "placeholders")
"""The tables it reads: the facts of events, and what rules there are (`origin`, `text`; what `%name%` stands for)."""

PRODUCT = "ocsf"
"""What `logsource: product` calls the events."""

_IDENTITY = ("event_uid", "time")
_FACTS = ", ".join(f"c.{quoted(name)} AS context_{name}" for name in CONTEXT.columns if name != "event_uid")
_WITH_CONTEXT = f"(SELECT e.*, {_FACTS} FROM events AS e LEFT JOIN context AS c ON c.event_uid = e.event_uid)"


@dataclass(frozen=True)
class Fitted:
    """The rules that can run, and all that cannot."""

    rules: tuple[Numbered, ...]
    refused: tuple[Refused, ...]


def detect(engine: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Make the tables of `MAKES`."""
    fitted = fit(engine, staged_rules(engine))
    _list_rules(engine, fitted.rules)
    fill(engine, "detected", DETECTED.sql_columns())
    with_context = [one for one in fitted.rules if _reads_context(one.rule)]
    without = [one for one in fitted.rules if not _reads_context(one.rule)]
    for some, rows in ((without, "events"), (with_context, _WITH_CONTEXT)):
        for together in passes(some):
            found = pass_sql(together, OCSF, rows, _IDENTITY)
            engine.execute(
                f"""INSERT INTO detected SELECT rule, event_uid, time, '', 1, time, time, event_uid FROM ({found})"""
            )
    _account(engine, fitted, limits)


DETECT = Procedure("detect", READS, MAKES, detect)


def staged_rules(engine: duckdb.DuckDBPyConnection) -> RuleSet:
    """The rules whose files were staged."""
    texts = engine.execute("SELECT origin, text FROM rule_texts ORDER BY origin").fetchall()
    filled = engine.execute("SELECT name, list(value ORDER BY value) FROM placeholders GROUP BY name").fetchall()
    return read_rules(texts, dict(filled))


def fit(engine: duckdb.DuckDBPyConnection, rules: RuleSet) -> Fitted:
    """Compile every rule; what cannot be compiled is refused with the reason."""
    fit_ones: list[Numbered] = []
    refused = list(rules.refused)
    for rule in rules.rules:
        try:
            about = _about(rule)
            condition_sql(rule.term, OCSF, lambda sql: sql)
            check_regexes(engine, rule.term)
        except UnfitError as fault:
            refused.append(refusal(rule, str(fault)))
        else:
            fit_ones.append(Numbered(len(fit_ones) + 1, rule, about))
    return Fitted(tuple(fit_ones), tuple(refused))


def refusal(rule: Rule, why: str) -> Refused:
    """A rule that was read and cannot run all the same."""
    return Refused(rule.uid, rule.title, rule.level, rule.tags, rule.origin, rule.logsource, why)


def _about(rule: Rule) -> str:
    said = rule.logsource
    if said.product != PRODUCT:
        raise UnfitError(f"no source speaks of the logsource {said}")
    return logsource_sql(said.category, said.service)


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


def _reads_context(rule: Rule) -> bool:
    return any(name.startswith("context.") for name in fields_of(rule.term))


def _list_rules(engine: duckdb.DuckDBPyConnection, rules: Iterable[Numbered]) -> None:
    rows: list[tuple[object, ...]] = [
        (one.number, one.rule.uid, one.rule.title, one.rule.level, list(one.rule.tags), True) for one in rules
    ]
    fill(engine, "rule_list", RULE_LIST.sql_columns(), rows)


def _account(engine: duckdb.DuckDBPyConnection, fitted: Fitted, limits: Limits) -> None:
    """Make `rules_run`: every rule with its denominator and its detections, or why it did not run."""
    counted = dict(engine.execute("SELECT rule_number, count(*) FROM detected GROUP BY rule_number").fetchall())
    looked_at = _denominators(engine, {one.about for one in fitted.rules})
    rows: list[tuple[object, ...]] = [
        (*_told(one.rule), True, "", looked_at[one.about], n, min(n, limits.rule_detections))
        for one in fitted.rules
        for n in (counted.get(one.number, 0),)
    ]
    rows += [(*_told(one), False, one.why, 0, 0, 0) for one in fitted.refused]
    fill(engine, "rules_run", RULES_RUN.sql_columns(), rows)


def _told(one: Rule | Refused) -> tuple[object, ...]:
    return one.uid, one.title, one.level, list(one.tags), str(one.logsource), one.origin


def _denominators(engine: duckdb.DuckDBPyConnection, abouts: Iterable[str]) -> dict[str, int]:
    """How many events each condition on the logsource leaves."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE event_counts AS SELECT source, class_uid, count(*) AS n FROM events GROUP BY ALL"
    )
    return {
        about: int(found[0])
        for about in abouts
        if (found := engine.execute(f"SELECT coalesce(sum(n), 0) FROM event_counts WHERE {about}").fetchone())
    }
