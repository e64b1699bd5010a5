"""What is looked at: one state of a case, opened once, for several readers at the same time?

A view reads the lake's parts and the result tables where they lie, and keeps no more than small counts of them. Every
question has a connection of its own to one engine; what a reader asks is a parameter and never part of a query's text.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeVar

import duckdb

from cloison.errors import InputError
from cloison.lake.engine import open_engine
from cloison.lake.repeats import stage_left_out
from cloison.lake.scene import events_query, parts_query
from cloison.ocsf.events import EVENTS
from cloison.report.dossier import Dossier
from cloison.report.words import Voice, voice_of
from cloison.service import answers
from cloison.service.case import Case
from cloison.service.explaining import Custody, custody_of
from cloison.service.investigate import moment
from cloison.service.plan import ANSWERS, contracts
from cloison.sources.catalogue import Catalogue
from cloison.sources.paths import literal, quoted

MEMORY: Final = "2GB"
READ: Final = (*ANSWERS, "acts", "events")
"""The tables that can be looked at."""
SLOT_SECONDS: Final = 300
"""Events are counted once for each stretch of so many seconds."""
_KEPT: Final = 512
"""So many small answers are kept until the view is closed."""

Kept = TypeVar("Kept")
Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class View:
    """One state of a case. `tables` maps each table that is there to the kinds of its columns, in order."""

    case: Case
    engine: duckdb.DuckDBPyConnection
    tables: Mapping[str, Mapping[str, str]]
    custody: Custody
    dossier: Dossier
    events: int
    since: datetime | None
    until: datetime | None
    voice: Voice
    """Writes any value of the case as inert text, the intruder's addresses defanged."""
    _answers: "OrderedDict[object, object]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def columns(self, table: str) -> Mapping[str, str]:
        """The columns of a table, each with the kind of its values.

        Raises:
            InputError: there is no such table, or it has not been made yet.
        """
        if table in self.tables:
            return self.tables[table]
        if table in READ:
            remedy = f"make it: `cloison show CASE {table}`"
            raise InputError(f"the table {table!r} has not been made yet", remedy=remedy)
        raise InputError(f"no table {table!r}", remedy=f"the tables are: {', '.join(self.tables)}")

    def ask(self, sql: str, parameters: Mapping[str, object] | Sequence[object] = ()) -> Rows:
        """The rows of a query; times are UTC and say so."""
        with self.connection() as cursor:
            return [tuple(map(_zoned, row)) for row in cursor.execute(sql, parameters or None).fetchall()]

    def told(self, sql: str, parameters: Mapping[str, object] | Sequence[object] = ()) -> list[dict[str, object]]:
        """The rows of a query, each as its columns with their values; times are UTC and say so."""
        return [{name: _zoned(value) for name, value in row.items()} for row in self.plain(sql, parameters)]

    def plain(self, sql: str, parameters: Mapping[str, object] | Sequence[object] = ()) -> list[dict[str, object]]:
        """The same with times as the lake holds them."""
        with self.connection() as cursor:
            read = cursor.execute(sql, parameters or None)
            names = [column[0] for column in read.description or ()]
            return [dict(zip(names, row, strict=True)) for row in read.fetchall()]

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of one's own to the tables."""
        cursor = self.engine.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def keeping(self, question: object, answer: Callable[[], Kept]) -> Kept:
        """The answer to a question that was asked before, else a new one; the oldest of many are let go."""
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return self._answers[question]  # type: ignore[return-value]  # what was kept for this question
        made = answer()
        with self._lock:
            self._answers[question] = made
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return made

    def close(self) -> None:
        """Let the engine go."""
        self.engine.close()


def _zoned(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def open_view(case: Case, catalogue: Catalogue, *, memory: str = MEMORY) -> View:
    """Open a case whose answers are made.

    Raises:
        CaseError: its journal cannot be read.
    """
    custody = custody_of(case, catalogue)
    engine = open_engine(spill=case.lake / "spill", memory=memory)
    try:
        engine.execute("SET parquet_metadata_cache = true")
        _stage(engine, case, custody)
        tables = {"events": EVENTS.columns, **_results(engine, case)}
        [(events, since, until)] = engine.execute(
            "SELECT coalesce(sum(events), 0)::BIGINT, min(first_at), max(last_at) FROM slots"
        ).fetchall()
        ordered = {name: tables[name] for name in READ if name in tables}
        dossier = answers.dossier(case)
        return View(case, engine, ordered, custody, dossier, events, _aware(since), _aware(until), voice_of(dossier))
    except BaseException:
        engine.close()
        raise


def _aware(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time else None


def _stage(engine: duckdb.DuckDBPyConnection, case: Case, custody: Custody) -> None:
    """Make `raw_events`, `events` and `slots` for every connection of the engine, and not only for this one."""
    described, parts = case.read(), list(custody.parts)
    engine.execute(f"CREATE VIEW memory.main.raw_events AS {parts_query(parts)}")
    stage_left_out(engine, parts)
    engine.execute("CREATE TABLE memory.main.left_out AS SELECT * FROM temp.left_out")
    engine.execute("DROP TABLE temp.left_out")
    events = events_query(engine, moment(described.until), described.zone)
    engine.execute(f"CREATE VIEW memory.main.events AS {events}")
    engine.execute(
        f"""CREATE TABLE memory.main.slots AS SELECT * FROM (
          SELECT epoch_us(time) // {SLOT_SECONDS * 1_000_000} AS slot, source, system,
            min(time) AS first_at, max(time) AS last_at, count(*) AS events FROM events GROUP BY ALL)
        ORDER BY slot, source, system"""
    )


def _results(engine: duckdb.DuckDBPyConnection, case: Case) -> dict[str, Mapping[str, str]]:
    """The result tables that are there, as views over their files."""
    made: dict[str, Mapping[str, str]] = {}
    for name in READ:
        path = case.results / f"{name}.parquet"
        if name in contracts() and path.is_file():
            engine.execute(
                f"CREATE VIEW memory.main.{quoted(name)} AS SELECT * FROM read_parquet({literal(str(path))})"
            )
            made[name] = contracts()[name].columns
    return made
