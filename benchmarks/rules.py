"""How long do many rules take over many events, beside a public engine with the same rules and the same events?"""

import json
import subprocess
import tempfile
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb
import yaml
from tests.hunt.sigma.plain_sigma import matches

from cloison.hunt.sigma.detecting import look, pass_statements, run_rules
from cloison.hunt.sigma.fitting import fit
from cloison.hunt.sigma.rules import read_rules
from cloison.hunt.sigma.taxonomies import readings
from cloison.lake.engine import open_engine
from cloison.lake.scene import stage_events
from cloison.ocsf.events import EVENTS
from cloison.sources.paths import literal, quoted

PUBLIC = "pysigma-backend-sqlite==2.1.1"
"""What is measured beside: it makes SQLite queries of rules; it is installed into an environment of its own."""

ROUNDS = ((300, 10_000_000), (3_000, 1_000_000))
"""So many rules over so many events."""

PUBLIC_SHARE = 0.004
"""The share of the first round's events that the public engine is given."""

JUDGED = 1_000_000
"""No more events than this are asked one by one."""

MEMORY = "4GB"
_COUNTED = (
    "CREATE OR REPLACE TEMP TABLE event_counts AS SELECT source, class_uid, count(*) AS n FROM events GROUP BY ALL"
)
_SEED = 19
_WORDS = ("admin", "export", "login", "token", "backup", "space", "project", "rest", "api", "search", "secure", "view")
_AGENTS = ("Mozilla/5.0 (X11; Linux x86_64) Firefox/", "curl/8.", "python-requests/2.", "okhttp/4.", "Go-http-client/")
_COLUMNS: tuple[str, ...] = (
    "event_uid",
    "time",
    "source",
    "system",
    "class_uid",
    "activity_id",
    "status_id",
    "event_code",
    "principal",
)
_COLUMNS += ("src_ip", "user_agent", "http_method", "http_status", "url", "resource_kind", "resource_uid", "action")


@dataclass(frozen=True)
class Timed:
    """What a round took."""

    rules: int
    events: int
    fitted: float
    ran: float
    found: int

    def told(self) -> str:
        """One line."""
        rate = self.rules * self.events / self.ran
        return (
            f"rules       cloison: {self.rules:,} rules x {self.events:,} events: compiled {self.fitted:.1f} s, "
            f"ran {self.ran:.1f} s ({rate / 1e6:,.0f} M rule-events/s), {self.found:,} detections"
        )


def run_over(share: float = 1.0, *, folder: Path | None = None) -> Iterator[str]:
    """Each round, then the public engine on its share of the first; what both find there must be the same."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        here = Path(made)
        for number, (rules, events) in enumerate(ROUNDS):
            many = max(1_000, round(events * share))
            lake = _lake(here / f"lake{number}.parquet", many)
            texts = [rule_text(one) for one in range(rules)]
            timed, _ = _timed(lake, texts, many)
            yield timed.told()
            if number == 0:
                yield from _beside(here, lake, texts, many, timed)


def _beside(here: Path, lake: Path, texts: list[str], many: int, ours: Timed) -> Iterator[str]:
    few = max(1_000, round(many * PUBLIC_SHARE))
    part = _share(lake, here / "share.parquet", few)
    _, counts = _timed(part, texts, few)
    public = _public(here, part, texts)
    seconds = float(str(public["seconds"])) * many / few
    yield (
        f"rules       {PUBLIC} on SQLite: {len(texts):,} rules x {few:,} events: {public['seconds']:.1f} s, "
        f"so {seconds:,.0f} s for {many:,}: {seconds / ours.ran:,.0f} times as long"
    )
    theirs = public["counts"]
    differ = [number for number in range(len(texts)) if counts.get(number + 1, 0) != theirs[number]]
    yield f"rules       on the {few:,} events {len(texts) - len(differ)} of {len(texts)} rules find as many in both"
    yield from _judged(part, {number: (texts[number], counts.get(number + 1, 0), theirs[number]) for number in differ})


def _judged(lake: Path, differ: dict[int, tuple[str, int, int]]) -> Iterator[str]:
    """Who is right where they differ: a matcher written from the specification alone, which asks row by row."""
    names = ", ".join(name for name in _COLUMNS if name != "time")
    read = duckdb.execute(f"SELECT {names} FROM read_parquet({literal(str(lake))})")
    columns = [column[0] for column in read.description]
    rows = [dict(zip(columns, row, strict=True)) for row in read.fetchmany(JUDGED)]
    ours, theirs = 0, 0
    for text, our_count, their_count in differ.values():
        detection = yaml.safe_load(text)["detection"]
        plain = sum(matches(detection, row) for row in rows)
        ours, theirs = ours + (plain == our_count), theirs + (plain == their_count)
    told = f"a plain matcher finds as many as cloison for {ours}, as SQLite for {theirs}"
    yield f"rules       of the other {len(differ)} {told}"


def _lake(path: Path, events: int) -> Path:
    """Events of a web application, all told by number, in one file."""
    engine = duckdb.connect()
    words, agents = (f"[{', '.join(map(literal, some))}]" for some in (_WORDS, _AGENTS))
    made = f"""SELECT md5(CAST(i AS VARCHAR)) AS event_uid,
        TIMESTAMP '2025-03-04' + INTERVAL (i * 10) MILLISECOND AS time,
        ['jira_access', 'okta_system_log', 'aws_cloudtrail'][1 + i % 3] AS source,
        'app' AS system, CASE WHEN i % 4 = 0 THEN 3002 ELSE 6003 END AS class_uid, 1 + i % 4 AS activity_id,
        1 + CAST(h % 20 = 0 AS INT) AS status_id,
        {words}[1 + h % 12] || '.' || {words}[1 + (h // 12) % 12] AS event_code,
        'user' || (h // 144) % 5000 || '@corp.example' AS principal,
        '198.51.' || (h % 100) || '.' || (h // 7) % 250 AS src_ip,
        {agents}[1 + h % 5] || (h // 5) % 400 AS user_agent,
        CASE WHEN h % 9 = 0 THEN 'POST' ELSE 'GET' END AS http_method,
        CASE WHEN h % 50 = 0 THEN 404 WHEN h % 51 = 0 THEN 500 ELSE 200 END AS http_status,
        '/' || {words}[1 + (h // 3) % 12] || '/' || {words}[1 + (h // 36) % 12] || '?id=' || h % 100000 AS url,
        'page' AS resource_kind, CAST(h % 100000 AS VARCHAR) AS resource_uid, 'viewed' AS action
      FROM (SELECT i, CAST(hash(i) >> 8 AS BIGINT) AS h FROM range({events}) AS t(i))"""
    nulls = ", ".join(
        f"CAST({quoted(name) if name in _COLUMNS else 'NULL'} AS {kind}) AS {quoted(name)}"
        for name, kind in EVENTS.sql_columns().items()
    )
    engine.execute(f"COPY (SELECT {nulls}, '' AS superseded FROM ({made})) TO {literal(str(path))} (FORMAT parquet)")
    engine.close()
    return path


def _share(lake: Path, path: Path, events: int) -> Path:
    engine = duckdb.connect()
    first = f"SELECT * FROM read_parquet({literal(str(lake))}) ORDER BY time LIMIT {events}"
    engine.execute(f"COPY ({first}) TO {literal(str(path))} (FORMAT parquet)")
    engine.close()
    return path


def rule_text(number: int) -> str:
    """An invented rule; it names columns, so that an engine without OCSF's names can run it too."""
    random = Random(_SEED * 1_000_003 + number)
    word, other, third = random.sample(_WORDS, 3)
    selections = (
        f"{{url|contains: ['/{word}/', '{other}?'], http_method: post, http_status: 404}}",
        f"{{event_code: {word.upper()}.{other}, status_id: 2}}",
        f"{{user_agent|contains: '{random.choice(_AGENTS)[:9].lower()}', url|startswith: /{word}, http_status: 500}}",
        f"{{principal|startswith: user{random.randrange(5000)}, http_status: 404}}",
        f"{{url|contains|all: [{word}, {other}, 'id={random.randrange(100)}']}}",
        f"{{src_ip|cidr: 198.51.{random.randrange(100)}.0/24, event_code|endswith: {third}}}",
        f"{{url|re: '/{word}/[a-z]+[?]id={random.randrange(1000)}$'}}",
        f"{{event_code: ['{word}.*', '*.{other}'], http_status|gte: 500}}",
    )
    return f"""title: invented {number}
id: 00000000-0000-4000-8000-{number:012}
logsource: {{product: ocsf}}
detection:
  one: {random.choice(selections)}
  two: {random.choice(selections)}
  but: {{principal|contains: user{random.randrange(100)}@}}
  condition: 1 of t* and not but or one and not but
"""


def _timed(lake: Path, texts: list[str], events: int) -> tuple[Timed, dict[int, int]]:
    engine = open_engine(spill=lake.parent / "spill", memory=MEMORY)
    try:
        stage_events(engine, [lake], None)
        began = time.perf_counter()
        rules = read_rules([(f"{number:05}.yml", text) for number, text in enumerate(texts)])
        fitted = fit(engine, rules, lambda rule: readings(rule, (), (), None))
        if len(fitted.runs) < len(texts):
            raise RuntimeError(f"rules are refused: {fitted.refused[:1]}")
        compiled = time.perf_counter()
        engine.execute(_COUNTED)
        run_rules(engine, pass_statements(fitted.passes(look(engine, fitted))))
        done = time.perf_counter()
        counts = dict(engine.execute("SELECT rule_number, count(*) FROM detected GROUP BY ALL").fetchall())
    finally:
        engine.close()
    timed = Timed(len(texts), events, compiled - began, done - compiled, sum(counts.values()))
    return timed, counts


_CONVERT = """
import json, re, sqlite3, sys, time
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
texts, rows, names = json.load(open(sys.argv[1])), sys.argv[2], json.loads(sys.argv[3])
queries = [sqliteBackend().convert(SigmaCollection.from_yaml(text))[0] for text in texts]
db = sqlite3.connect(":memory:")
db.execute("PRAGMA case_sensitive_like = OFF")
compiled = {}
def matched(pattern, value):
    if pattern not in compiled:
        compiled[pattern] = re.compile(pattern)
    return value is not None and compiled[pattern].search(str(value)) is not None
db.create_function("regexp", 2, matched, deterministic=True)
db.execute(f"CREATE TABLE logs ({', '.join(names)})")
with open(rows, encoding="utf-8") as file:
    db.executemany(f"INSERT INTO logs VALUES ({', '.join('?' * len(names))})", map(json.loads, file))
began = time.perf_counter()
counts = [len(db.execute(query).fetchall()) for query in queries]
json.dump({"seconds": time.perf_counter() - began, "counts": counts}, sys.stdout)
"""


def _public(here: Path, lake: Path, texts: list[str]) -> dict[str, list[int]]:
    """What the public engine says of the same rows, held in memory before its clock starts."""
    venv.create(here / "public", with_pip=True)
    python = here / "public" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", PUBLIC], check=True, stderr=subprocess.DEVNULL)
    (here / "rules.json").write_text(json.dumps(texts), encoding="utf-8")
    engine = duckdb.connect()
    names = [name for name in _COLUMNS if name != "time"]
    with (here / "rows.jsonl").open("w", encoding="utf-8") as file:
        read = engine.execute(f"SELECT {', '.join(names)} FROM read_parquet({literal(str(lake))})")
        while some := read.fetchmany(10_000):
            file.writelines(json.dumps(row) + "\n" for row in some)
    engine.close()
    asked: list[str | Path] = [python, "-c", _CONVERT, here / "rules.json", here / "rows.jsonl", json.dumps(names)]
    said = subprocess.run(asked, check=True, capture_output=True, text=True)
    return dict(json.loads(said.stdout))
