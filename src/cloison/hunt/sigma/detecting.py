"""How are rules run over the events of a case: in passes, each rule with its count and denominator or its refusal?"""

from collections.abc import Iterable, Mapping

import duckdb

from cloison.hunt.sigma.correlating import correlate
from cloison.hunt.sigma.correlations import Correlation
from cloison.hunt.sigma.detections import DETECTED, RULE_LIST, RULES_RUN
from cloison.hunt.sigma.fitting import Fitted, Runs, fit, raw_table
from cloison.hunt.sigma.logsources import Spoken
from cloison.hunt.sigma.raw import Columns, held_columns
from cloison.hunt.sigma.rules import Rule, RuleSet, read_rules
from cloison.hunt.sigma.said import Logsource, Refused
from cloison.hunt.sigma.taxonomies import Records, readings
from cloison.lake.analysis import Procedure, fill
from cloison.model.limits import Limits
from cloison.model.wording import many

MAKES = (DETECTED, RULES_RUN, RULE_LIST)
"""The tables that running the rules makes."""

READS = ("context", "events", "limits", "rule_texts", "placeholders", "rule_sources", "rule_fields", "raw_columns")
"""The tables it reads: events with their context, what rules there are (`origin`, `text`; what `%name%` stands
for), which logsources the sources are and how these name fields, and which columns of raw records there are."""


def detect(engine: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Make the tables of `MAKES`."""
    sources, spoken = staged_sources(engine)
    records = staged_records(engine)
    fitted = fit(engine, staged_rules(engine), lambda rule: readings(rule, spoken, sources, records))
    list_rules(engine, fitted)
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE event_counts AS SELECT source, class_uid, count(*) AS n FROM events GROUP BY ALL"
    )
    looked_at = look(engine, fitted)
    run_rules(engine, pass_statements(fitted.passes(looked_at)))
    lacking = correlate(engine, fitted.correlated)
    account(engine, fitted, looked_at, lacking, limits)


DETECT = Procedure("detect", READS, MAKES, detect)


def staged_rules(engine: duckdb.DuckDBPyConnection) -> RuleSet:
    """The rules whose files were staged."""
    texts = engine.execute("SELECT origin, text FROM rule_texts ORDER BY origin").fetchall()
    filled = engine.execute("SELECT name, list(value ORDER BY value) FROM placeholders GROUP BY name").fetchall()
    return read_rules(texts, dict(filled))


def staged_sources(engine: duckdb.DuckDBPyConnection) -> tuple[list[str], list[Spoken]]:
    """The names of the sources, and the logsources that they are."""
    rows = engine.execute("SELECT source, product, category, service, form FROM rule_sources ORDER BY ALL").fetchall()
    renamed: dict[str, dict[str, tuple[str, ...]]] = {}
    listed = engine.execute("SELECT source, name, list(place) FROM rule_fields GROUP BY ALL").fetchall()
    for source, name, places in listed:
        renamed.setdefault(source, {})[name] = tuple(sorted(places))
    spoken = [
        Spoken(source, Logsource(product, category, service), renamed.get(source, {}), form)
        for source, product, category, service, form in rows
        if product or category or service
    ]
    return sorted({row[0] for row in rows}), spoken


def staged_records(engine: duckdb.DuckDBPyConnection) -> dict[str, Records]:
    """The raw records that were read, by source."""
    listed = engine.execute("SELECT source, names, asked_for, keywords FROM raw_columns").fetchall()
    records = {}
    for source, names, asked_for, keywords in listed:
        columns = Columns({name: n for n, name in enumerate(names)}, frozenset(asked_for), keywords)
        records[source] = Records(columns, held_columns(engine, raw_table(source), columns.sql_types()))
    return records


def list_rules(engine: duckdb.DuckDBPyConnection, fitted: Fitted) -> None:
    """Make `rule_list`."""
    listed = [(one.number, one.rule.said) for one in fitted.runs]
    listed += [(one.number, one.correlation.said) for one in fitted.correlated]
    rows: list[tuple[object, ...]] = [
        (number, one.uid, one.title, one.level, list(one.tags), number not in fitted.silent) for number, one in listed
    ]
    fill(engine, "rule_list", RULE_LIST.sql_columns(), rows)


def look(engine: duckdb.DuckDBPyConnection, fitted: Fitted) -> dict[str, int]:
    """By condition of `Fitted.abouts`, how many events meet it.

    Reads `event_counts`: how many events there are (`n`) of what conditions on logsources tell apart.
    """
    abouts = sorted(fitted.abouts)
    asked = ", ".join(f"coalesce(sum(n) FILTER (WHERE {about}), 0)" for about in abouts)
    found = engine.execute(f"SELECT {asked} FROM event_counts").fetchone() if abouts else None
    return dict(zip(abouts, map(int, found or ()), strict=True))


def pass_statements(passes: Iterable[str]) -> list[str]:
    """What adds to `detected` what each query yields."""
    return [
        f"INSERT INTO detected SELECT rule, event_uid, time, '', 1, time, time, event_uid FROM ({one})"
        for one in passes
    ]


def run_rules(engine: duckdb.DuckDBPyConnection, statements: Iterable[str | duckdb.Statement]) -> None:
    """Make `detected` of the rules that stand by themselves, by the statements that run them."""
    fill(engine, "detected", DETECTED.sql_columns())
    for one in statements:
        engine.execute(one)


def account(
    engine: duckdb.DuckDBPyConnection,
    fitted: Fitted,
    looked_at: Mapping[str, int],
    lacking: Mapping[int, tuple[int, int]],
    limits: Limits,
) -> None:
    """Make `rules_run`: every rule with its denominator and its detections, or why it did not run.

    Args:
        engine: in which `detected` is.
        fitted: the rules.
        looked_at: see `look`.
        lacking: see `correlate`.
        limits: of how many detections of a rule are listed.
    """
    counted = dict(engine.execute("SELECT rule_number, count(*) FROM detected GROUP BY rule_number").fetchall())

    def counts(number: int, events: int) -> tuple[int, int, int]:
        found = counted.get(number, 0)
        return events, found, 0 if number in fitted.silent else min(found, limits.rule_detections)

    rows: list[tuple[object, ...]] = [
        (*_told(one.rule), True, one.but, *counts(one.number, _events(one, looked_at))) for one in fitted.runs
    ]
    rows += [
        (*_told(one.correlation), True, _without(*lacking[one.number]), *counts(one.number, lacking[one.number][0]))
        for one in fitted.correlated
    ]
    rows += [(*_told(one), False, one.why, 0, 0, 0) for one in fitted.refused]
    fill(engine, "rules_run", RULES_RUN.sql_columns(), rows)


def _without(events: int, lacking: int) -> str:
    return f"{lacking:,} of its {many(events, 'event')} without a time or a field of group-by" if lacking else ""


def _told(one: Rule | Refused | Correlation) -> tuple[object, ...]:
    logsource = "" if isinstance(one, Correlation) else str(one.logsource)
    said = one.said
    return said.uid, said.title, said.level, list(said.tags), logsource, said.origin


def _events(one: Runs, looked_at: Mapping[str, int]) -> int:
    """How many events a rule was held against."""
    return sum(looked_at[reading.about] for reading in one.readings)
