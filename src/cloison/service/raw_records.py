"""Which values do rules read of raw records? Read once from the evidence, framed as it was taken, kept as columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from cloison.evidence.containers import Member, members
from cloison.evidence.journal import Held, Journal
from cloison.hunt.sigma.detecting import staged_rules, staged_sources
from cloison.hunt.sigma.fitting import raw_table
from cloison.hunt.sigma.raw import Columns, shape_of
from cloison.hunt.sigma.taxonomies import needs_of
from cloison.lake.framing import Framer
from cloison.lake.ingest import Frames
from cloison.lake.judging import Framed, Judge
from cloison.lake.scene import stage_rows
from cloison.lake.waiting import Waiting, waiting
from cloison.model.limits import LIMITS
from cloison.service.case import Case
from cloison.service.take import kept_path
from cloison.sources.catalogue import Catalogue
from cloison.sources.mapping import Mapping as Carried
from cloison.sources.paths import literal, parse_path, quoted
from cloison.sources.recognise import Recognisers

_FLUSH_BYTES = 64 << 20
_PLACE = {"evidence_uid": "VARCHAR", "record_offset": "BIGINT", "record_part": "BIGINT"}
_REGISTRY = {"source": "VARCHAR", "names": "VARCHAR[]", "asked_for": "VARCHAR[]", "keywords": "BOOLEAN"}


@dataclass
class RawTables:
    """The tables of raw values, one a source, filled as records come.

    A record that is framed as one carrier's may have been judged another's: what the lake says of its place holds.
    """

    engine: duckdb.DuckDBPyConnection
    columns: Mapping[str, Columns]
    _waiting: dict[tuple[str, str, bool], Waiting] = field(default_factory=dict)
    _judges: dict[str, Judge] = field(default_factory=dict)
    _filled: set[str] = field(default_factory=set)

    @staticmethod
    def needed(engine: duckdb.DuckDBPyConnection) -> "RawTables":
        """Empty tables for every source of whose raw records the staged rules read something; and their registry."""
        sources, spoken = staged_sources(engine)
        needs = needs_of(staged_rules(engine).rules, spoken, sources)
        columns = {source: Columns.of(one) for source, one in sorted(needs.items())}
        for source, one in columns.items():
            listed = ", ".join(f"{name} {kind}" for name, kind in (_PLACE | one.sql_types()).items())
            engine.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(raw_table(source))} ({listed})")
        rows: list[tuple[object, ...]] = [
            (source, list(one.names), sorted(one.asked_for), one.keywords) for source, one in columns.items()
        ]
        stage_rows(engine, "raw_columns", _REGISTRY, rows)
        made = RawTables(engine, columns)
        made.place()
        return made

    def clear(self) -> None:
        """Keep nothing of what was taken."""
        for source in sorted(self._filled):
            self.engine.execute(f"TRUNCATE {quoted(raw_table(source))}")
        self._filled.clear()

    def place(self) -> None:
        """Look at which places `events` stand, of the sources of whose records something is read."""
        wanted = ", ".join(map(literal, self.columns)) or "NULL"
        self.engine.execute(
            f"""CREATE OR REPLACE TEMP TABLE raw_places AS SELECT DISTINCT evidence_uid, record_offset, source, carrier
            FROM events WHERE source IN ({wanted})"""
        )

    def take(self, evidence_uid: str, framer: Frames, chunks: Iterator[bytes]) -> None:
        """Frame one unpacked stream and keep what rules read of its records."""
        self._judges[evidence_uid] = framer.judge
        for found in framer.records(chunks):
            if isinstance(found, Framed):
                self._queue(evidence_uid, found, judged=False)

    def close(self) -> None:
        """Keep what still waits."""
        while self._waiting:
            (_, _, judged), some = self._waiting.popitem()
            self._keep(some, judged=judged)

    def _queue(self, evidence_uid: str, framed: Framed, *, judged: bool) -> None:
        key = (framed.mapping.spec.name, framed.mapping.carrier.name, judged)
        here = self._waiting.setdefault(key, Waiting(framed.mapping))
        here.add(evidence_uid, framed)
        if here.size >= _FLUSH_BYTES:
            self._keep(self._waiting.pop(key), judged=judged)

    def _keep(self, some: Waiting, *, judged: bool) -> None:
        """Keep the records that the lake holds as this carrier's; those that it holds as another's are judged first."""
        try:
            batches = some.batches()
        except UnicodeDecodeError:  # a record that is no text is not in the lake either
            batches = waiting(some.mapping, [row for row in some.rows() if _is_text(row.payload)]).batches()
        if not batches:
            return
        self.engine.register("raw_incoming", pa.Table.from_batches(batches))
        source, carrier = some.mapping.spec.name, some.mapping.carrier.name
        mine = f"p.source = {literal(source)} AND p.carrier = {literal(carrier)}"
        placed = "raw_incoming AS f JOIN raw_places AS p ON p.evidence_uid = f._e AND p.record_offset = f._o"
        if source in self.columns:
            self.engine.execute(f"CREATE OR REPLACE TEMP VIEW raw_framed AS SELECT f.* FROM {placed} AND {mine}")
            self._extract(some.mapping)
        if not judged:
            others = self.engine.execute(f"SELECT _e, _o FROM {placed} AND NOT ({mine})").fetchall()
            self._judge(some, others)
        self.engine.unregister("raw_incoming")

    def _judge(self, some: Waiting, places: Sequence[tuple[str, int]]) -> None:
        by_evidence: dict[str, set[int]] = {}
        for uid, offset in places:
            by_evidence.setdefault(uid, set()).add(offset)
        for row in some.rows(by_evidence) if by_evidence else ():
            judge = self._judges[row.evidence_uid]
            lines = some.mapping.carrier.kind == "lines"
            found = (
                judge.line(row.offset, row.payload) if lines else judge.json_text(row.offset, row.length, row.payload)
            )
            for one in found:
                if isinstance(one, Framed):
                    self._queue(row.evidence_uid, one, judged=True)

    def _extract(self, mapping: Carried) -> None:
        """Add what rules read of the records in `raw_framed` to the table of their source."""
        source = mapping.spec.name
        columns = self.columns[source]
        self.engine.execute(f"CREATE OR REPLACE TEMP TABLE raw_chunk AS {_records_sql(mapping)}")
        if mapping.carrier.kind == "lines":
            made = columns.select_pairs("record")
        else:
            made = columns.select(shape_of(self.engine, "raw_chunk", "record"), "record")
        listed = ", ".join(part for part in ("evidence_uid, record_offset, record_part", made) if part)
        self.engine.execute(f"INSERT INTO {quoted(raw_table(source))} BY NAME SELECT {listed} FROM raw_chunk")
        self.engine.execute("DROP TABLE raw_chunk")
        self._filled.add(source)


def _is_text(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _records_sql(mapping: Carried) -> str:
    """Each record with its place; one that tells several events once for each, with that one's part of it alone."""
    place = "_e AS evidence_uid, _o AS record_offset"
    if mapping.carrier.kind == "lines":
        return f"SELECT {place}, 0 AS record_part, CAST(rec AS VARCHAR) AS record FROM raw_framed"
    whole = f"SELECT {place}, try_cast(rec AS JSON) AS record FROM raw_framed"
    if mapping.carrier.each is None:
        return f"SELECT evidence_uid, record_offset, 0 AS record_part, record FROM ({whole}) WHERE record IS NOT NULL"
    names = [segment.name for segment in parse_path(mapping.carrier.each)]
    path = literal("$" + "".join(f".{quoted(name)}" for name in names))
    patch = "json_array(one)"
    for name in reversed(names):
        patch = f"json_object({literal(name)}, {patch})"
    return f"""SELECT evidence_uid, record_offset, n AS record_part,
        CASE WHEN one IS NULL THEN record ELSE json_merge_patch(record, {patch}) END AS record
      FROM (SELECT *, unnest(ones) AS one, unnest(range(len(ones))) AS n
        FROM (SELECT *, CASE WHEN json_array_length(record, {path}) > 0
            THEN json_extract(record, {path[:-1]}[*]') ELSE [NULL] END AS ones
          FROM ({whole}) WHERE record IS NOT NULL))"""


def stage_raw(engine: duckdb.DuckDBPyConnection, case: Case, journal: Journal, catalogue: Catalogue) -> None:
    """Make the tables of raw values of the case's evidence, as far as rules read them, and `raw_columns`.

    Raises:
        EvidenceError: evidence that they must be read from is gone.
    """
    tables = RawTables.needed(engine)
    recognisers = Recognisers(catalogue)
    holding = {uid for uid, source, _ in journal.tallies() if source in tables.columns}
    for held in journal.evidence():
        for number, member in enumerate(_members(case, held, holding)):
            uid = f"{held.sha256[:32]}.{number}"
            if uid in holding and not member.opened.fault:
                framer = Framer(recognisers.of(held.source), LIMITS, rows=member.rows)
                tables.take(uid, framer, member.opened.chunks())
            else:
                for _ in member.opened.chunks():
                    pass
    tables.close()


def _members(case: Case, held: Held, holding: set[str]) -> Iterator[Member]:
    """The streams of an evidence file that holds records of which rules read something."""
    if any(uid.partition(".")[0] == held.sha256[:32] for uid in holding):
        yield from members(kept_path(case, held), LIMITS)
