"""Which values do rules read of raw records? Read once from the evidence, framed as it was taken, kept as columns."""

from collections.abc import Iterator, Mapping
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
from cloison.lake.judging import Framed
from cloison.lake.scene import stage_rows
from cloison.lake.waiting import Waiting, waiting
from cloison.model.limits import LIMITS
from cloison.service.case import Case
from cloison.service.take import kept_path
from cloison.sources.catalogue import Catalogue
from cloison.sources.mapping import Mapping as Carried
from cloison.sources.paths import literal, parse_path, quoted
from cloison.sources.recognise import Recogniser

_FLUSH_BYTES = 64 << 20
_PLACE = {"evidence_uid": "VARCHAR", "record_offset": "BIGINT", "record_part": "BIGINT"}
_REGISTRY = {"source": "VARCHAR", "names": "VARCHAR[]", "asked_for": "VARCHAR[]", "keywords": "BOOLEAN"}


@dataclass
class RawTables:
    """The tables of raw values, one a source, filled as records come."""

    engine: duckdb.DuckDBPyConnection
    columns: Mapping[str, Columns]
    _waiting: dict[tuple[str, str], Waiting] = field(default_factory=dict)

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
        return RawTables(engine, columns)

    def take(self, evidence_uid: str, framer: Framer, chunks: Iterator[bytes]) -> None:
        """Frame one unpacked stream and keep what rules read of its records."""
        for found in framer.records(chunks):
            if isinstance(found, Framed) and found.mapping.spec.name in self.columns:
                key = (found.mapping.spec.name, found.mapping.carrier.name)
                here = self._waiting.setdefault(key, Waiting(found.mapping))
                here.add(evidence_uid, found)
                if here.size >= _FLUSH_BYTES:
                    self._keep(self._waiting.pop(key))

    def close(self) -> None:
        """Keep what still waits."""
        while self._waiting:
            self._keep(self._waiting.popitem()[1])

    def _keep(self, some: Waiting) -> None:
        try:
            batches = some.batches()
        except UnicodeDecodeError:  # a record that is no text is not in the lake either
            batches = waiting(some.mapping, [row for row in some.rows() if _is_text(row.payload)]).batches()
        if not batches:
            return
        self.engine.register("raw_framed", pa.Table.from_batches(batches))
        source = some.mapping.spec.name
        columns = self.columns[source]
        self.engine.execute(f"CREATE OR REPLACE TEMP TABLE raw_chunk AS {_records_sql(some.mapping)}")
        if some.mapping.carrier.kind == "lines":
            made = columns.select_pairs("record")
        else:
            made = columns.select(shape_of(self.engine, "raw_chunk", "record"), "record")
        listed = ", ".join(part for part in ("evidence_uid, record_offset, record_part", made) if part)
        self.engine.execute(f"INSERT INTO {quoted(raw_table(source))} BY NAME SELECT {listed} FROM raw_chunk")
        self.engine.unregister("raw_framed")
        self.engine.execute("DROP TABLE raw_chunk")


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
    holding = {uid for uid, source, _ in journal.tallies() if source in tables.columns}
    for held in journal.evidence():
        for number, member in enumerate(_members(case, held, holding)):
            uid = f"{held.sha256[:32]}.{number}"
            if uid in holding and not member.opened.fault:
                mappings = catalogue.only(held.source) if held.source else catalogue.mappings
                framer = Framer(Recogniser.of(mappings), LIMITS, rows=member.rows)
                tables.take(uid, framer, member.opened.chunks())
            else:
                for _ in member.opened.chunks():
                    pass
    tables.close()


def _members(case: Case, held: Held, holding: set[str]) -> Iterator[Member]:
    """The streams of an evidence file that holds records of which rules read something."""
    if any(uid.partition(".")[0] == held.sha256[:32] for uid in holding):
        yield from members(kept_path(case, held), LIMITS)
