"""Read a case's answers: its tables, the dossier, and what stands behind any row of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from cloison.errors import InputError
from cloison.evidence.containers import read_at
from cloison.evidence.journal import Held, HeldMember
from cloison.lake.engine import open_engine
from cloison.lake.scene import stage_events, stage_rows
from cloison.model.limits import LIMITS
from cloison.ocsf.event import to_ocsf
from cloison.report.dossier import Dossier, draw_up
from cloison.report.dossier import Held as DossierHeld
from cloison.report.dossier import Reach as DossierReach
from cloison.service.case import Case
from cloison.service.inputs_kept import given
from cloison.service.investigate import TABLES
from cloison.service.take import kept_path
from cloison.sources.catalogue import Catalogue
from cloison.sources.paths import literal, quoted


@dataclass(frozen=True)
class Table:
    """A table's rows in its total order, with its column names."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


@contextmanager
def opened(case: Case) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that holds the case's result tables under their names."""
    engine = open_engine(spill=case.lake / "spill")
    try:
        for name in (*TABLES, "acts"):
            path = literal(str(case.results / f"{name}.parquet"))
            engine.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT * FROM read_parquet({path})")
        rows: list[tuple[object, ...]] = [(str(one.kind), one.value) for one in given(case).indicators]
        stage_rows(engine, "indicators", {"kind": "VARCHAR", "value": "VARCHAR"}, rows)
        yield engine
    finally:
        engine.close()


def table(case: Case, name: str) -> Table:
    """One table of the case.

    Raises:
        InputError: there is no table of that name.
    """
    if name not in TABLES:
        raise InputError(f"no table {name!r}", remedy=f"the tables are: {', '.join(TABLES)}")
    with opened(case) as engine:
        read = engine.execute(f"SELECT * FROM {quoted(name)}")
        columns = tuple(column[0] for column in read.description or ())
        return Table(name, columns, read.fetchall())


def dossier(case: Case) -> Dossier:
    """The answer of the case."""
    with opened(case) as engine:
        return draw_up(engine, case.folder.resolve().name)


@dataclass(frozen=True)
class Record:
    """A raw record: where it is in the evidence, its bytes, and the event made of it, as our row and as OCSF has it."""

    event: dict[str, object]
    evidence: str
    sha256: str
    member: str
    offset: int
    length: int
    raw: bytes
    ocsf: dict[str, object]


@dataclass(frozen=True)
class Explanation:
    """What stands behind a uid: the rows that it names, the chain of causes, and the raw records."""

    uid: str
    rows: list[tuple[str, dict[str, object]]]
    chain: list[dict[str, object]]
    records: list[Record]
    more: int


_NAMED_BY = {
    "sessions": ("session_uid",),
    "compromised": ("uid",),
    "touched": ("resource_uid",),
    "rotations": ("credential_uid", "exposed_uid", "principal"),
    "sightings": ("indicator_value", "observed"),
}
_EVENTS_OF = """
SELECT DISTINCT event_uid, time FROM (
  SELECT event_uid, time FROM acts WHERE event_uid = $uid OR session_uid = $uid
  UNION ALL SELECT a.event_uid, a.time FROM acts AS a JOIN sessions AS s ON s.session_uid = a.session_uid
    WHERE (a.resource_uid = $uid OR a.credential_uid = $uid OR a.principal = $uid OR a.src_ip = $uid
      OR a.target_app = $uid OR a.target_principal = $uid)
      AND s.standing IN ('proven', 'suspected') AND a.time >= s.since
  UNION ALL SELECT s.event_uid, s.time FROM sightings AS s WHERE s.indicator_value = $uid OR s.observed = $uid
  UNION ALL SELECT c.event_uid, c.since FROM compromised AS c WHERE c.uid = $uid
  UNION ALL SELECT c.closed_by, c.until FROM compromised AS c WHERE c.uid = $uid AND c.closed_by IS NOT NULL
  UNION ALL SELECT t.event_uid, t.first_at FROM touched AS t WHERE t.resource_uid = $uid
  UNION ALL SELECT r.revoked_by, r.revoked_at FROM rotations AS r
    WHERE (r.credential_uid = $uid OR r.exposed_uid = $uid) AND r.revoked_by IS NOT NULL
  UNION ALL SELECT r.last_use, r.last_use_at FROM rotations AS r
    WHERE (r.credential_uid = $uid OR r.exposed_uid = $uid) AND r.last_use IS NOT NULL
  UNION ALL SELECT t.event_uid, t.time FROM timeline AS t WHERE t.event_uid = $uid
) ORDER BY time, event_uid"""


def explain(case: Case, uid: str, catalogue: Catalogue, *, limit: int = 20) -> Explanation:
    """What stands behind an event, session, object, credential, principal, address or indicator.

    Raises:
        InputError: nothing in the case has that uid.
    """
    with opened(case) as engine:
        rows = [row for name, columns in _NAMED_BY.items() for row in _rows_named(engine, name, columns, uid)]
        events = [event for event, _ in engine.execute(_EVENTS_OF, {"uid": uid}).fetchall()]
        chain = _chain(engine, uid)
        records = _records(engine, case, events[:limit] or [uid], catalogue)
    if not rows and not records:
        raise InputError(f"nothing in the case is called {uid!r}", remedy="take a uid from `cloison show CASE TABLE`")
    return Explanation(uid, rows, chain, records, max(0, len(events) - limit))


def _rows_named(
    engine: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], uid: str
) -> list[tuple[str, dict[str, object]]]:
    test = " OR ".join(f"{quoted(column)} = $uid" for column in columns)
    read = engine.execute(f"SELECT * FROM {quoted(name)} WHERE {test} LIMIT 20", {"uid": uid})
    names = [column[0] for column in read.description or ()]
    return [(name, dict(zip(names, row, strict=True))) for row in read.fetchall()]


def _chain(engine: duckdb.DuckDBPyConnection, uid: str) -> list[dict[str, object]]:
    """From what the uid names, cause by cause, to an indicator or an exposed credential."""
    named = engine.execute(
        """SELECT session_uid FROM acts WHERE event_uid = $uid
        UNION ALL SELECT session_uid FROM touched WHERE resource_uid = $uid AND session_uid IS NOT NULL LIMIT 1""",
        {"uid": uid},
    ).fetchone()
    here = str(named[0]) if named else uid
    chain: list[dict[str, object]] = []
    while len(chain) < LIMITS.hops:
        read = engine.execute("SELECT * FROM compromised WHERE uid = $uid ORDER BY since LIMIT 1", {"uid": here})
        names = [column[0] for column in read.description or ()]
        found = read.fetchone()
        if found is None or here in {str(link["uid"]) for link in chain}:
            break
        chain.append(dict(zip(names, found, strict=True)))
        here = str(chain[-1]["cause_uid"])
    return chain


def _records(
    engine: duckdb.DuckDBPyConnection, case: Case, events: list[str], catalogue: Catalogue
) -> list[Record]:
    journal = case.journal()
    try:
        stage_events(engine, [case.lake / name for name in sorted(journal.parts())], None)
        members = {one.uid: one for one in journal.members()}
        held = {one.sha256: one for one in journal.evidence()}
    finally:
        journal.close()
    stage_rows(engine, "wanted_events", {"event_uid": "VARCHAR"}, [(one,) for one in events])
    read = engine.execute(
        "SELECT * FROM events WHERE event_uid IN (SELECT event_uid FROM wanted_events) ORDER BY time, event_uid"
    )
    names = [column[0] for column in read.description or ()]
    return [_record(case, dict(zip(names, row, strict=True)), members, held, catalogue) for row in read.fetchall()]


def _record(
    case: Case,
    event: dict[str, object],
    members: dict[str, HeldMember],
    held: dict[str, Held],
    catalogue: Catalogue,
) -> Record:
    member = members[str(event["evidence_uid"])]
    evidence = held[member.sha256]
    offset, length = int(str(event["record_offset"])), int(str(event["record_length"]))
    raw = read_at(kept_path(case, evidence), member.name, offset, length, LIMITS)
    label = evidence.label + (f"!{member.name}" if member.name else "")
    shown = {
        name: value
        for name, value in event.items()
        if value is not None and name not in ("event_uid_1", "kept", "pair_uid_1")
    }
    spec = catalogue.specs[str(event["source"])]
    ocsf = to_ocsf(shown, product=spec.product, vendor=spec.vendor, raw=raw.decode("utf-8", "replace"))
    return Record(shown, label, evidence.sha256, member.name, offset, length, raw, ocsf)


__all__ = [
    "Dossier",
    "DossierHeld",
    "DossierReach",
    "Explanation",
    "Record",
    "Table",
    "dossier",
    "explain",
    "opened",
    "table",
]
