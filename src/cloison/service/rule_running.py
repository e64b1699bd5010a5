"""Which records of JSON lines do rules describe, without a case: files as they lie, a logsource as it is stated?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from cloison.errors import EvidenceError, InputError
from cloison.evidence.containers import members
from cloison.evidence.custody import files_below
from cloison.hunt.sigma.correlating import correlate
from cloison.hunt.sigma.detecting import account, list_rules, look, pass_statements, run_rules
from cloison.hunt.sigma.fitting import Fitted, fit
from cloison.hunt.sigma.loose import about, needed, reading_of
from cloison.hunt.sigma.raw import Columns, held_columns, shape_of
from cloison.hunt.sigma.rules import RuleSet, read_rules
from cloison.hunt.sigma.said import Logsource
from cloison.hunt.sigma.taxonomies import Records
from cloison.lake.engine import open_engine
from cloison.model.limits import LIMITS
from cloison.model.wording import many
from cloison.service.answers import Table
from cloison.service.progress import Progress
from cloison.service.rule_files import PLACEHOLDERS, Text, is_placeholders, read_placeholders, texts_below
from cloison.sources.paths import literal

_CHUNK_BYTES = 32 << 20
TIMES = (
    "@timestamp",
    "SystemTime",
    "UtcTime",
    "TimeCreated",
    "eventTime",
    "published",
    "TimeGenerated",
    "timestamp",
    "createdDateTime",
    "time",
    "_time",
    "ts",
)
"""Fields that say when a record was written, the first that a record has."""


@dataclass(frozen=True)
class Ran:
    """What rules made of records: the tables `detections` and `rules_run`, and lines that were no record."""

    records: int
    refused: tuple[tuple[str, int], ...]
    detections: Table
    rules: Table

    def told(self) -> str:
        """The counts, and what was not looked at."""
        runs = self.rules.columns.index("runs")
        ran = sum(bool(row[runs]) for row in self.rules.rows)
        lost = (
            f"; {many(len(self.refused), 'line')} without a JSON object, the first is {self.refused[0]}"
            if self.refused
            else ""
        )
        return (
            f"{ran} of {many(len(self.rules.rows), 'rule')} ran over {many(self.records, 'record')}: "
            f"{many(len(self.detections.rows), 'detection')}{lost}"
        )


def logsource_of(text: str) -> Logsource:
    """`product/category/service`, any part empty or `*`.

    Raises:
        InputError: it has more parts.
    """
    parts = [part.strip().lower() for part in text.split("/")]
    if len(parts) > 3:
        raise InputError(f"{text!r} is no logsource", where="--logsource", remedy="write product/category/service")
    product, category, service = (part if part not in ("", "*") else None for part in (*parts, "", "")[:3])
    return Logsource(product, category, service)


def run_over(
    rules: Sequence[Path], paths: Sequence[Path], stated: Logsource, progress: Progress, *, time: str = "", memory: str
) -> Ran:
    """Run rule files over files of JSON lines.

    Raises:
        InputError: no rule file is there.
        EvidenceError: a file cannot be read.
    """
    read = about(stated, _rules(rules))
    engine = open_engine(memory=memory)
    try:
        count, refused = _take(engine, paths, Columns.of(needed(read)), time, progress)
        run(engine, read)
        found = _table(engine, "detections", _DETECTIONS)
        ran = _table(engine, "rules_run", "SELECT * FROM rules_run ORDER BY rule_uid, origin, title")
        return Ran(count, tuple(refused), found, ran)
    finally:
        engine.close()


_DETECTIONS = f"""SELECT r.rule_uid, r.title, r.level, d.time, d.event_uid AS record, d.shared, d.events,
  d.first_at, d.last_at
FROM detected AS d JOIN rule_list AS r ON r.number = d.rule_number WHERE r.told
QUALIFY row_number() OVER (PARTITION BY d.rule_number ORDER BY d.time, d.event_uid) <= {LIMITS.rule_detections}
ORDER BY d.time, d.event_uid, r.rule_uid, d.shared"""


def run(engine: duckdb.DuckDBPyConnection, rules: RuleSet) -> Fitted:
    """Make `detected`, `rule_list` and `rules_run` of the records in `events`."""
    columns = Columns.of(needed(rules))
    reading = reading_of(Records(columns, held_columns(engine, "events", columns.sql_types())))
    fitted = fit(engine, rules, lambda _: ([reading], ""))
    list_rules(engine, fitted)
    engine.execute("CREATE OR REPLACE TEMP TABLE event_counts AS SELECT count(*) AS n FROM events")
    looked_at = look(engine, fitted)
    run_rules(engine, pass_statements(fitted.passes(looked_at)))
    account(engine, fitted, looked_at, correlate(engine, fitted.correlated), LIMITS)
    return fitted


def _rules(paths: Sequence[Path]) -> RuleSet:
    texts: list[Text] = [text for path in paths for text in texts_below(path, path.name)]
    filled: dict[str, list[str]] = {}
    for origin, text in texts:
        for name, value in read_placeholders(origin, text) if is_placeholders(origin) else ():
            filled.setdefault(name, []).append(value)
    listed = [one for one in texts if not is_placeholders(one[0])]
    if not listed:
        raise InputError(
            f"no rule file, but perhaps {PLACEHOLDERS}", where=", ".join(map(str, paths)), remedy="rules end in .yml"
        )
    return read_rules(listed, filled)


def _take(
    engine: duckdb.DuckDBPyConnection, paths: Sequence[Path], columns: Columns, time: str, progress: Progress
) -> tuple[int, list[tuple[str, int]]]:
    """Make `events` of the records: what rules read, `event_uid` (file:line) and `time`; and which lines are none."""
    listed = "".join(f", {name} {kind}" for name, kind in columns.sql_types().items())
    engine.execute(f"CREATE OR REPLACE TEMP TABLE events (event_uid VARCHAR, time TIMESTAMP{listed})")
    refused: list[tuple[str, int]] = []
    count = 0
    files = list(files_below(paths))
    progress.begin("reading records", len(files))
    for path, label in files:
        for first, lines in _chunks(path):
            count += _stage(engine, first, lines)
            bad = engine.execute(f"SELECT n FROM raw_chunk WHERE {_NO_OBJECT}").fetchall()
            refused += [(label, n) for (n,) in bad]
            engine.execute(f"DELETE FROM raw_chunk WHERE {_NO_OBJECT}")
            _keep(engine, columns, label, time)
        progress.advance(1)
    return count - len(refused), refused


_NO_OBJECT = "record IS NULL OR json_type(record) <> 'OBJECT'"


def _stage(engine: duckdb.DuckDBPyConnection, first: int, lines: list[str]) -> int:
    """Make `raw_chunk` of the lines that hold something; how many these are."""
    held = [(number, line) for number, line in enumerate(lines, first) if line.strip()]
    columns = {
        "n": pa.array([n for n, _ in held], pa.int64()),
        "rec": pa.array([text for _, text in held], pa.string()),
    }
    engine.register("incoming", pa.table(columns))
    engine.execute("CREATE OR REPLACE TEMP TABLE raw_chunk AS SELECT n, try_cast(rec AS JSON) AS record FROM incoming")
    engine.unregister("incoming")
    return len(held)


def _keep(engine: duckdb.DuckDBPyConnection, columns: Columns, label: str, time: str) -> None:
    """Add the records of `raw_chunk` to `events`."""
    shape = shape_of(engine, "raw_chunk", "record")
    dated = Columns.of_names((time,) if time else TIMES)
    whens = ", ".join(f"cl_time(t_f{number})" for number in dated.names.values())
    made = ", ".join(part for part in (dated.select(shape, "record", "t_"), columns.select(shape, "record")) if part)
    kept = ", ".join(("event_uid", f"coalesce({whens}) AS time", *columns.sql_types()))
    engine.execute(
        f"""INSERT INTO events BY NAME SELECT {kept}
        FROM (SELECT {literal(label)} || ':' || n AS event_uid, {made} FROM raw_chunk)"""
    )


def _chunks(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold something, with the number of the first of them, some at a time; numbers count from 1."""
    try:
        for member in members(path, LIMITS):
            number, rest, lines, size = 1, b"", list[str](), 0
            for chunk in member.opened.chunks():
                *whole, rest = (rest + chunk).split(b"\n")
                lines += [line.decode("utf-8", "replace") for line in whole]
                size += len(chunk)
                if size >= _CHUNK_BYTES:
                    yield number, lines
                    number, lines, size = number + len(lines), [], 0
            lines += [rest.decode("utf-8", "replace")] if rest else []
            if lines:
                yield number, lines
            if member.opened.fault:
                raise EvidenceError(member.opened.fault, where=str(path), remedy="take a whole copy of it")
    except OSError as fault:
        raise EvidenceError(
            f"cannot be read: {fault.strerror}", where=str(path), remedy="name a file that is there"
        ) from fault


def _table(engine: duckdb.DuckDBPyConnection, name: str, sql: str) -> Table:
    read = engine.execute(sql)
    return Table(name, tuple(column[0] for column in read.description or ()), read.fetchall())
