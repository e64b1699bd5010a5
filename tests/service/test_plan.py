"""Is every query right before any data is read: its columns exist, its output is its contract, its words are plain?"""

import re
from functools import cache

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.qualify import qualify
from tests.kit import CONTRACTS, World, stage

from cloison.lake.engine import open_engine
from cloison.lake.repeats import PART
from cloison.ocsf.events import EVENTS
from cloison.scope.spread import RULES, rule_texts
from cloison.service.plan import ANALYSES, ANSWERS, STEPS, made_by, ordered

RULE_COLUMNS = {"kind", "system", "uid", "since", "standing", "cause_kind", "cause_uid", "event_uid"}
QUERIES = {one.contract.name: one.sql for one in ANALYSES} | {
    f"rules/{rule.name}": sql for rule, sql in zip(RULES, rule_texts(), strict=True)
}


@cache
def given() -> dict[str, dict[str, str]]:
    """The tables that the service stages before any analysis runs, with their columns."""
    engine = open_engine(threads=1)
    try:
        stage(engine, World(()), [])
        rows = engine.execute("SELECT table_name, column_name, data_type FROM duckdb_columns()").fetchall()
    finally:
        engine.close()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind
    return tables


def schema() -> dict[str, object]:
    return {**given(), **{name: one.sql_columns() for name, one in CONTRACTS.items()}}


def checked(sql: str) -> exp.Query:
    """The query with every column traced to its table."""
    found = qualify(sqlglot.parse_one(sql, dialect="duckdb"), schema=schema(), dialect="duckdb")
    assert isinstance(found, exp.Query)
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_every_column_exists_and_the_output_is_the_contract(name: str) -> None:
    columns = set(CONTRACTS[name].columns) if name in CONTRACTS else RULE_COLUMNS
    assert {one.alias_or_name for one in checked(QUERIES[name]).selects} == columns


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("touched", "a.resource_uid", "a.resource_id"),
        ("said", "x.exposed_at", "x.exposed_on"),
        ("rules/session_principal", "a.principal", "a.user_name"),
    ],
)
def test_a_typo_in_a_column_is_caught(name: str, right: str, wrong: str) -> None:
    assert right in QUERIES[name]
    with pytest.raises(OptimizeError):
        checked(QUERIES[name].replace(right, wrong))


def test_what_is_staged_as_events_is_the_events_contract() -> None:
    assert given()["raw_events"] == {
        **PART,
        "filename": "VARCHAR",
        "file_row_number": "BIGINT",
        "part": "INTEGER",
    }
    assert given()["events"] == EVENTS.sql_columns()


def test_every_input_is_given_or_made_and_nothing_is_made_twice() -> None:
    made = [name for step in STEPS for name in made_by(step)]
    assert len(made) == len(set(made))
    assert not set(made) & set(given())
    for one in STEPS:
        assert set(one.inputs) <= set(made) | set(given()), made_by(one)
    assert set(ANSWERS) <= set(made)


def test_the_plan_has_no_circle() -> None:
    assert len(ordered()) == len(STEPS)


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_says_what_another_engine_would_not_understand_alike(name: str) -> None:
    """No as-of join, no LIKE over data, no regular expression beyond RE2, no parameter that is pasted in."""
    tree = sqlglot.parse_one(QUERIES[name], dialect="duckdb")
    assert [
        one.sql() for one in tree.find_all(exp.Like, exp.ILike, exp.SimilarTo, exp.Placeholder, exp.Parameter)
    ] == []
    assert [one.sql() for one in tree.find_all(exp.Join) if one.method] == []
    for literal in tree.find_all(exp.Literal):
        assert not re.search(r"\(\?[=!<]|\\[1-9]", str(literal.this)), literal.sql()


@pytest.mark.parametrize("name", QUERIES)
def test_the_first_line_says_what_it_is_for_or_its_contract_does(name: str) -> None:
    assert not name.startswith("rules/") or QUERIES[name].startswith("-- ")


@pytest.mark.parametrize("one", ANALYSES, ids=lambda one: one.contract.name)
def test_the_order_of_a_table_is_told_by_columns_that_another_engine_compares_alike(one: object) -> None:
    """A key is made of texts, numbers and times; a list would be ordered by each engine in its own way."""
    contract = CONTRACTS[one.contract.name]  # type: ignore[attr-defined]
    assert {contract.columns[column] for column in contract.key} <= {"string", "int", "timestamp"}
