"""How many megabytes a second are taken into a case, beside DuckDB's plain reading of the same file?

Taking is all of it: custody with its hash, recognition, mapping to OCSF columns, the lake on disk, the account. The
plain reading only makes a table of the same columns: what the engine could do at best.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import ParamSpec

import duckdb

from benchmarks.generated import write_log
from cloison.service.case import make_case
from cloison.service.progress import Silent
from cloison.service.take import take, wanted_files
from cloison.sources.catalogue import shipped
from cloison.sources.mapping import Mapping
from cloison.sources.paths import literal, quoted

LOGS = (
    ("okta_system_log", "log_event"),
    ("aws_cloudtrail", "record"),
    ("cloudflare_gateway_http", "logpush"),
    ("jira_dc_audit", "file"),
    ("atlassian_dc_audit", "file"),
    ("jira_access", "tomcat"),
    ("bitbucket_access", "http"),
)
RUNS = 3
Given = ParamSpec("Given")


@dataclass(frozen=True)
class Speed:
    """Megabytes a second (10^6 bytes), by cloison and by the plain reading, over one file."""

    source: str
    records: int
    megabytes: float
    taken: float
    plain: float

    def told(self) -> str:
        """One line."""
        return (
            f"{self.source:<26}{self.records:>10,} records {self.megabytes:>7.1f} MB   take {self.taken:>7.1f} MB/s   "
            f"plain {self.plain:>7.1f} MB/s   ratio {self.taken / self.plain:.2f}"
        )


def speeds(megabytes: float = 100, runs: int = RUNS) -> Iterator[Speed]:
    """The speed of every log in LOGS, the median of `runs`."""
    return (speed(source, carrier, megabytes, runs) for source, carrier in LOGS)


def speed(source: str, carrier: str, megabytes: float, runs: int) -> Speed:
    """The speed of one log."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "given.log"
        records = write_log(path, source, carrier, round(megabytes * 1e6))
        size = path.stat().st_size / 1e6
        mapping = next(one for one in shipped().only(source) if one.carrier.name == carrier)
        taken, plain = [], []
        for run in range(runs):  # in turn, so that whatever else the machine does slows both
            taken.append(_seconds(_take, path, Path(folder) / f"case{run}", records))
            plain.append(_seconds(_plain, path, mapping, records))
    return Speed(source, records, size, size / median(taken), size / median(plain))


def _seconds(work: Callable[Given, None], *given: Given.args, **named: Given.kwargs) -> float:
    begun = perf_counter()
    work(*given, **named)
    return perf_counter() - begun


def _take(path: Path, folder: Path, records: int) -> None:
    case = make_case(folder, written_by="benchmarks")
    take(case, wanted_files([path], []), shipped(), Silent())
    _same(_lake_rows(case.lake), records, "taken")


def _lake_rows(lake: Path) -> int:
    found = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [[str(part) for part in lake.glob("*.parquet")]])
    return int((found.fetchone() or (0,))[0])


def _plain(path: Path, mapping: Mapping, records: int) -> None:
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE plain AS SELECT * FROM {_reader(path, mapping)}")
        _same(int((engine.execute("SELECT count(*) FROM plain").fetchone() or (0,))[0]), records, "read")


def _reader(path: Path, mapping: Mapping) -> str:
    """A JSON log by the types of the fields that the mapping reads; any other as columns of text."""
    if mapping.carrier.kind == "json":
        columns = ", ".join(f"{quoted(name)}: {literal(kind)}" for name, kind in mapping.columns.items())
        return f"read_json({literal(str(path))}, format = 'newline_delimited', columns = {{{columns}}})"
    first = path.open(encoding="utf-8").readline()
    delimiter = "|" if " | " in first else " "
    columns = json.dumps({f"c{number:02}": "VARCHAR" for number in range(first.count(delimiter) + 1)})
    return (
        f"read_csv({literal(str(path))}, delim = {literal(delimiter)}, quote = '', escape = '', header = false, "
        f"columns = {columns}, null_padding = true, auto_detect = false, strict_mode = false, ignore_errors = true)"
    )


def _same(found: int, wanted: int, how: str) -> None:
    if found != wanted:
        raise SystemExit(f"{found} records {how}, {wanted} were written: the comparison would not be fair")
