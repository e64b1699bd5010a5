"""How many megabytes a second are taken into a case, beside the same engine without custody on the same records?

Taking is all of it: custody with its hash, recognition, mapping to OCSF columns, the lake on disk, the account. It is
held against two readings of the same bytes. The plain one only makes a table of the fields that the mapping reads: JSON
by `read_json`, an access log by `read_csv` (polars' `scan_csv` reads it 1.2 times as fast). The like one ends in the
same columns: that reading, the same mapping, the same sorted Parquet, but no custody, no recognition and no account.
All read the same files: what is packed packed, and of pages the records that stand in their array.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Literal, ParamSpec

import duckdb

from benchmarks.generated import write_log
from cloison.lake.engine import open_engine
from cloison.service.case import make_case
from cloison.service.progress import Silent
from cloison.service.take import take, wanted_files
from cloison.sources.catalogue import shipped
from cloison.sources.mapping import Mapping
from cloison.sources.paths import literal, quoted

Layout = Literal["a line each", "in pages", "a line each, gzip"]


@dataclass(frozen=True)
class Log:
    """A log that is measured: its source, its carrier, and how the records lie in the file."""

    source: str
    carrier: str
    layout: Layout = "a line each"


LOGS = (
    Log("okta_system_log", "log_event"),
    Log("okta_system_log", "log_event", "a line each, gzip"),
    Log("aws_cloudtrail", "record"),
    Log("aws_cloudtrail", "record", "in pages"),
    Log("cloudflare_gateway_http", "logpush"),
    Log("jira_dc_audit", "file"),
    Log("atlassian_dc_audit", "file"),
    Log("jira_access", "tomcat"),
    Log("confluence_access", "classic"),
    Log("bitbucket_access", "http"),
    Log("web_access", "line"),
)
RUNS = 3
PAGE = 1_000
Given = ParamSpec("Given")


@dataclass(frozen=True)
class Speed:
    """Megabytes of unpacked records a second (10^6 bytes): taken, read plainly, and read into the same columns."""

    log: Log
    records: int
    megabytes: float
    taken: float
    plain: float
    like: float

    def told(self) -> str:
        """One line."""
        return (
            f"{self.log.source:<24}{self.log.layout:<18}{self.records:>10,} records {self.megabytes:>6.1f} MB   "
            f"take {self.taken:>6.1f} MB/s   plain {self.plain:>6.1f} MB/s, ratio {self.taken / self.plain:.2f}   "
            f"like {self.like:>6.1f} MB/s, ratio {self.taken / self.like:.2f}"
        )


def speeds(megabytes: float = 100, runs: int = RUNS) -> Iterator[Speed]:
    """The speed of every log in LOGS, the best of `runs`."""
    return (speed(log, megabytes, runs) for log in LOGS)


def speed(log: Log, megabytes: float, runs: int) -> Speed:
    """The speed of one log."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "given.log"
        records = write_log(path, log.source, log.carrier, round(megabytes * 1e6))
        size = path.stat().st_size / 1e6
        given = _laid_out(path, log.layout)
        mapping = next(one for one in shipped().only(log.source) if one.carrier.name == log.carrier)
        taken, plain, like = [], [], []
        for run in range(runs):  # in turn, so that whatever else the machine does slows all
            taken.append(_seconds(_take, given, Path(folder) / f"case{run}", records))
            plain.append(_seconds(_plain, given, log.layout, mapping, records))
            like.append(_seconds(_like, given, log.layout, mapping, Path(folder) / "like.parquet", records))
    return Speed(log, records, size, size / min(taken), size / min(plain), size / min(like))


def _laid_out(path: Path, layout: Layout) -> list[Path]:
    """The files that hold the log in this layout: pages are files of their own, as CloudTrail writes them."""
    if layout == "a line each":
        return [path]
    if layout == "a line each, gzip":
        packed = path.with_suffix(".log.gz")
        packed.write_bytes(gzip.compress(path.read_bytes(), 6))
        return [packed]
    lines = path.read_bytes().splitlines()
    pages = []
    for number, at in enumerate(range(0, len(lines), PAGE)):
        pages.append(path.with_name(f"page{number:05}.json"))
        pages[-1].write_bytes(b'{"Records":[' + b",".join(lines[at : at + PAGE]) + b"]}")
    return pages


def _seconds(work: Callable[Given, None], *given: Given.args, **named: Given.kwargs) -> float:
    begun = perf_counter()
    work(*given, **named)
    return perf_counter() - begun


def _take(given: list[Path], folder: Path, records: int) -> None:
    case = make_case(folder, written_by="benchmarks")
    take(case, wanted_files(given, []), shipped(), Silent())
    _same(_rows([str(part) for part in case.lake.glob("*.parquet")]), records, "taken")


def _plain(given: list[Path], layout: Layout, mapping: Mapping, records: int) -> None:
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE plain AS SELECT * FROM {_columns_of(given, layout, mapping)}")
        _same(int((engine.execute("SELECT count(*) FROM plain").fetchone() or (0,))[0]), records, "read")


def _like(given: list[Path], layout: Layout, mapping: Mapping, written: Path, records: int) -> None:
    with open_engine(memory="4GB") as engine:
        place = "'' AS _e, CAST(0 AS BIGINT) AS _o, CAST(0 AS BIGINT) AS _l, TRUE AS _f"
        read = _lines_of(given) if mapping.carrier.kind == "lines" else _columns_of(given, layout, mapping)
        engine.execute("SET disabled_optimizers = 'in_clause'")
        engine.execute(f"CREATE TEMP VIEW raw_records AS SELECT {place}, * FROM {read}")
        engine.execute(f"CREATE TEMP TABLE chunk AS {mapping.select}")
        engine.execute(
            f"COPY (SELECT * EXCLUDE (_sure) FROM chunk ORDER BY time, event_uid) "
            f"TO {literal(str(written))} (FORMAT parquet, COMPRESSION zstd)"
        )
    _same(_rows([str(written)]), records, "read into the same columns")


def _rows(parts: list[str]) -> int:
    found = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [parts])
    return int((found.fetchone() or (0,))[0])


def _columns_of(given: list[Path], layout: Layout, mapping: Mapping) -> str:
    """A JSON log by the types of the fields that the mapping reads; any other as columns of text."""
    files = _listed(given)
    if mapping.carrier.kind == "lines":
        first = given[0].open(encoding="utf-8").readline()
        delimiter = "|" if " | " in first else " "
        names = [f"c{number:02}" for number in range(first.count(delimiter) + 1)]
        return _csv(files, delimiter, names)
    if layout == "in pages":
        fields = ", ".join(f"{quoted(name)} {kind}" for name, kind in mapping.columns.items())
        paged = f"read_json({files}, format = 'unstructured', columns = {{Records: {literal(f'STRUCT({fields})[]')}}})"
        return f"(SELECT unnest(record) FROM (SELECT unnest(Records) AS record FROM {paged}))"
    columns = ", ".join(f"{quoted(name)}: {literal(kind)}" for name, kind in mapping.columns.items())
    return f"read_json({files}, format = 'newline_delimited', columns = {{{columns}}})"


def _lines_of(given: list[Path]) -> str:
    return _csv(_listed(given), "\x01", ["line"])


def _csv(files: str, delimiter: str, names: list[str]) -> str:
    columns = json.dumps(dict.fromkeys(names, "VARCHAR"))
    return (
        f"read_csv({files}, delim = {literal(delimiter)}, quote = '', escape = '', header = false, "
        f"columns = {columns}, null_padding = true, auto_detect = false, strict_mode = false, ignore_errors = true)"
    )


def _listed(given: list[Path]) -> str:
    return f"[{', '.join(literal(str(path)) for path in given)}]"


def _same(found: int, wanted: int, how: str) -> None:
    if found != wanted:
        raise SystemExit(f"{found} records {how}, {wanted} were written: the comparison would not be fair")
