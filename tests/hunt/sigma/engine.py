"""Which records does the engine say that rules describe? Rules as Python data, records as JSON, no case."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from cloison.hunt.sigma.loose import needed
from cloison.hunt.sigma.raw import Columns, shape_of
from cloison.hunt.sigma.rules import RuleSet, read_rules
from cloison.lake.engine import open_engine
from cloison.service.rule_running import run


@cache
def opened() -> duckdb.DuckDBPyConnection:
    """An engine for all tests: each makes its tables anew."""
    return open_engine(threads=1)


def rule_text(detection: dict[str, Any], number: int = 1) -> str:
    """A rule file with this detection, as the JSON that YAML is, too: it is written forty times as fast."""
    rule = {"title": f"rule {number}", "id": uid(number), "logsource": {"product": "x"}, "detection": detection}
    return json.dumps(rule, ensure_ascii=False)


def uid(number: int) -> str:
    """The id of a rule."""
    return f"00000000-0000-4000-8000-{number:012}"


def found(detections: Sequence[Any], records: Sequence[Any], **filled: list[str]) -> list[list[int]]:
    """For each rule the numbers of the records that it describes; a rule that is refused raises."""
    texts = [(f"{number}.yml", rule_text(one, number)) for number, one in enumerate(detections)]
    rules = read_rules(texts, filled)
    refused, by_rule = over(rules, records)
    if refused:
        raise ValueError(refused)
    return [by_rule.get(uid(number), []) for number in range(len(detections))]


def over(rules: RuleSet, records: Sequence[Any]) -> tuple[list[str], dict[str, list[int]]]:
    """Why rules are refused, and by rule the records that it describes."""
    engine = opened()
    incoming = {"n": list(range(len(records))), "rec": [json.dumps(one) for one in records]}
    engine.register("incoming", pa.table(incoming))
    engine.execute("CREATE OR REPLACE TEMP TABLE raw_chunk AS SELECT n, CAST(rec AS JSON) AS record FROM incoming")
    columns = Columns.of(needed(rules))
    made = columns.select(shape_of(engine, "raw_chunk", "record"), "record")
    kept = "CAST(n AS VARCHAR) AS event_uid, CAST(record ->> '$.time' AS TIMESTAMP) AS time"
    engine.execute(f"CREATE OR REPLACE TEMP TABLE events AS SELECT {kept}{', ' if made else ''}{made} FROM raw_chunk")
    fitted = run(engine, rules)
    rows = engine.execute(
        """SELECT r.rule_uid, d.event_uid FROM detected AS d JOIN rule_list AS r ON r.number = d.rule_number
        WHERE r.told"""
    ).fetchall()
    by_rule: dict[str, list[int]] = {}
    for rule, event in rows:
        by_rule.setdefault(rule, []).append(int(event))
    return [one.why for one in fitted.refused], {rule: sorted(events) for rule, events in by_rule.items()}
