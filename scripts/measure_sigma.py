"""How many public Sigma rules run, why do the others not, and do rules fire as often as their own events say?

python -m scripts.measure_sigma --corpora PATH [--all]
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import duckdb
import pyarrow as pa

from cloison.hunt.sigma.detecting import staged_sources
from cloison.hunt.sigma.fitting import Fitted, fit
from cloison.hunt.sigma.loose import needed
from cloison.hunt.sigma.raw import Columns, shape_of
from cloison.hunt.sigma.rules import RuleSet, read_rules
from cloison.hunt.sigma.taxonomies import readings
from cloison.lake.engine import open_engine
from cloison.service.investigate import stage_catalogue
from cloison.service.rule_files import paths_below, text_of
from cloison.service.rule_running import run
from cloison.sources.catalogue import shipped


def fitted(rules: RuleSet) -> Fitted:
    """The rules fitted to the shipped sources."""
    engine = open_engine()
    try:
        stage_catalogue(engine, shipped().specs.values())
        sources, spoken = staged_sources(engine)
        return fit(engine, rules, lambda rule: readings(rule, spoken, sources, None))
    finally:
        engine.close()


def loaded(folder: Path, *, every: bool) -> None:
    """Print how many rules are read, run over the shipped sources, and why others do not."""
    rules = read_rules([(str(path.relative_to(folder)), text_of(path)) for path in paths_below(folder)])
    print(f"read: {len(rules.rules)} rules, {len(rules.correlations)} correlations; unread: {len(rules.refused)}")
    for one in rules.refused:
        print(f"  unread: {one.said.origin}: {one.why}")
    found = fitted(rules)
    partly = [one for one in found.runs if one.but]
    print(f"over the shipped sources: {len(found.runs)} run ({len(partly)} over a part of their logs),", end=" ")
    print(f"{len(found.refused)} refused")
    reasons = Counter(_reason(one.why) for one in found.refused)
    for why, count in reasons.most_common():
        print(f"  {count:4} {why}")
    if every:
        for one in found.refused:
            print(f"    {one.said.origin}: {one.why}")


def _reason(why: str) -> str:
    """A reason without what it names."""
    if why.startswith("no source reads the logsource"):
        return "no source reads its logsource"
    if "its lines have no field" in why:
        return "the lines of its sources have no such field"
    return why.split(":", maxsplit=1)[0]


def regression(folder: Path) -> None:
    """Print how many rules fire on their own events, and as often as is said."""
    rules = read_rules([(path.name, text_of(path)) for path in paths_below(folder / "regression_rules")])
    lines = (folder / "regression_events.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    fired = agreed = counted = 0
    for rule in rules.rules:
        mine = [one for one in events if one["expected_rule_id"] == rule.said.uid]
        said = sorted({count for one in mine for count in one["match_count"] if count is not None})
        found = matches(RuleSet((rule,)), [one["event"] for one in mine])
        fired += bool(found)
        counted += bool(said)
        agreed += bool(said) and found == said[0]
        if not found or (said and found != said[0]):
            print(f"  differs: {rule.said.origin}: {found} of {len(mine)} events, said {said}")
    print(f"regression: {fired} of {len(rules.rules)} rules fire; counts agree for {agreed} of {counted} that say one")
    for one in rules.refused:
        print(f"  unread: {one.said.origin}: {one.why}")


def matches(rules: RuleSet, records: list[object]) -> int:
    """How many detections rules make of records, each taken by itself as a JSON object."""
    engine = open_engine(threads=1)
    try:
        _stage(engine, rules, records)
        run(engine, rules)
        found = engine.execute("SELECT count(*) FROM detected").fetchone()
        return int(found[0]) if found else 0
    finally:
        engine.close()


def _stage(engine: duckdb.DuckDBPyConnection, rules: RuleSet, records: list[object]) -> None:
    engine.register("incoming", pa.table({"rec": [json.dumps(one) for one in records]}))
    engine.execute("CREATE TEMP TABLE raw_chunk AS SELECT CAST(rec AS JSON) AS record FROM incoming")
    columns = Columns.of(needed(rules))
    made = columns.select(shape_of(engine, "raw_chunk", "record"), "record")
    engine.execute(
        f"""CREATE TEMP TABLE events AS SELECT CAST(row_number() OVER () AS VARCHAR) AS event_uid,
        CAST(NULL AS TIMESTAMP) AS time{", " if made else ""}{made} FROM raw_chunk"""
    )


def main(arguments: list[str] | None = None) -> None:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--all", action="store_true", help="name every rule that is refused")
    said = parser.parse_args(arguments)
    loaded(said.corpora / "sigma", every=said.all)
    regression(said.corpora / "sigma")


if __name__ == "__main__":
    main()
