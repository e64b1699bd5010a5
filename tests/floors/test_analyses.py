"""Does each analysis read exactly what it declares, and nothing of the world: no clock, chance or file?"""

import re
from pathlib import Path

import duckdb
import pytest

from cloison.lake.analysis import Analysis
from cloison.scope import acts
from cloison.scope.spread import MAKES, READS, rule_texts
from cloison.service.plan import ANALYSES, contracts, made_by, ordered

SOURCE = Path(__file__).parents[2] / "src/cloison"
WORLDLY = re.compile(
    r"\b(now|current_timestamp|current_date|today|random|uuid|gen_random_uuid|getenv|read_\w+|glob|parquet_scan"
    r"|copy|attach|install|load|pragma)\b\s*(\(|'|[a-z])",
    re.IGNORECASE,
)
GIVEN = {"exposed", "totals", "networks", "indicators", "opening", "limits", "addresses", "shown_access"}


def tables_of(sql: str) -> set[str]:
    with duckdb.connect() as engine:
        engine.execute("CREATE MACRO thread_of(a, b, c, d, e, f, g, h) AS 0")
        engine.execute("CREATE MACRO client_of(a) AS a")
        return set(engine.get_table_names(sql))


def without_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*", "", sql)


@pytest.mark.parametrize("one", ANALYSES, ids=lambda one: one.contract.name)
def test_an_analysis_reads_exactly_the_tables_that_it_declares(one: Analysis) -> None:
    assert tables_of(one.sql) == set(one.inputs)


def test_the_rules_read_what_spread_declares_and_what_was_given() -> None:
    read: set[str] = set().union(*(tables_of(sql) for sql in (*rule_texts(), *acts.TEXTS)))
    made = {one.name for one in MAKES} | {"reached", "near_deeds", "near_events"}
    assert read - made <= set(READS) | GIVEN
    assert set(READS) <= read | {"deeds", "events"}


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.sql")), ids=lambda path: path.stem)
def test_no_query_reads_a_clock_chance_or_a_file(path: Path) -> None:
    assert not WORLDLY.search(without_comments(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "sql", ["SELECT now()", "SELECT random()", "SELECT * FROM read_csv('a')", "COPY t TO 'a'", "SELECT uuid()"]
)
def test_a_worldly_query_would_be_seen(sql: str) -> None:
    assert WORLDLY.search(sql)


def test_every_query_on_disk_is_an_analysis_or_a_rule() -> None:
    run = {one.contract.name for one in ANALYSES}
    on_disk = {path.stem for path in SOURCE.rglob("*.sql") if path.parent.name != "rules"}
    assert on_disk == run | {"acts", "flows"}


def test_the_order_runs_each_analysis_after_what_it_reads() -> None:
    done: set[str] = set()
    for step in ordered():
        assert set(step.inputs) & set(contracts()) <= done
        done |= set(made_by(step))
    assert done == set(contracts())
