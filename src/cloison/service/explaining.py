"""What stands behind any row: the rows that a uid names, the chain of causes, and the raw records."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from cloison.errors import InputError, SourceError
from cloison.evidence.containers import in_rows, read_at
from cloison.evidence.journal import Held, HeldMember
from cloison.lake.folding import FOLDED
from cloison.lake.scene import neighbourhood, stage_events, stage_rows
from cloison.model.limits import LIMITS
from cloison.ocsf.event import to_ocsf
from cloison.ocsf.events import EVENTS
from cloison.service.answers import opened
from cloison.service.case import Case
from cloison.service.take import kept_path
from cloison.sources.catalogue import Catalogue
from cloison.sources.paths import quoted

Unit = Literal["bytes", "rows"]


@dataclass(frozen=True)
class Record:
    """A raw record: where it is in the evidence, its bytes, the event row that was made of it, and its OCSF event.

    `unit` is what `offset` and `length` count: bytes, or in a table its rows, which are then told as JSON.
    """

    event: dict[str, object]
    evidence: str
    sha256: str
    member: str
    offset: int
    length: int
    raw: bytes
    ocsf: dict[str, object] | None
    unit: Unit = "bytes"


@dataclass(frozen=True)
class Explanation:
    """What stands behind a uid; `more` is how many records there are beyond those shown."""

    uid: str
    rows: list[tuple[str, dict[str, object]]]
    chain: list[dict[str, object]]
    records: list[Record]
    more: int


NAMED_BY = {
    "account": "evidence = $uid OR source = $uid",
    "rejects": "evidence || ':' || \"offset\" = $uid OR evidence = $uid",
    "coverage": "source = $uid OR system = $uid",
    "sessions": "session_uid = $uid",
    "compromised": "uid = $uid",
    "touched": "resource_uid = $uid",
    "scope": "system || '/' || resource_kind = $uid",
    "rotations": "credential_uid = $uid OR exposed_uid = $uid OR principal = $uid",
    "sightings": "indicator_value = $uid OR observed = $uid",
}
"""How each table names its rows, for `explain`."""

_EVENTS_OF = """
SELECT DISTINCT event_uid, time FROM (
  SELECT event_uid, time FROM acts WHERE event_uid = $uid OR session_uid = $uid
  UNION ALL SELECT a.event_uid, a.time FROM acts AS a JOIN sessions AS s ON s.session_uid = a.session_uid
    WHERE (a.resource_uid = $uid OR a.credential_uid = $uid OR a.principal = $uid OR a.src_ip = $uid
      OR a.target_app = $uid OR a.target_principal = $uid)
      AND s.standing IN ('proven', 'suspected') AND a.time >= s.since
  UNION ALL SELECT event_uid, time FROM sightings WHERE indicator_value = $uid OR observed = $uid
  UNION ALL SELECT event_uid, since FROM compromised WHERE uid = $uid
  UNION ALL SELECT closed_by, until FROM compromised WHERE uid = $uid AND closed_by IS NOT NULL
  UNION ALL SELECT event_uid, first_at FROM touched WHERE resource_uid = $uid OR system || '/' || resource_kind = $uid
  UNION ALL SELECT revoked_by, revoked_at FROM rotations
    WHERE (credential_uid = $uid OR exposed_uid = $uid) AND revoked_by IS NOT NULL
  UNION ALL SELECT last_use, last_use_at FROM rotations
    WHERE (credential_uid = $uid OR exposed_uid = $uid) AND last_use IS NOT NULL
  UNION ALL SELECT event_uid, time FROM timeline WHERE event_uid = $uid
) ORDER BY time, event_uid"""
_SESSION = """
SELECT event_uid, src_ip, src_host FROM deeds WHERE system = $1 AND coalesce(principal, '') = $2
  AND client_of(user_agent) = $3 AND time BETWEEN $4 AND $5
ORDER BY time, event_uid"""
_ENDS_OF = """
SELECT event_uid, time FROM events WHERE source = $uid OR system = $uid
QUALIFY row_number() OVER (ORDER BY time, event_uid) = 1 OR row_number() OVER (ORDER BY time DESC, event_uid DESC) = 1
ORDER BY time, event_uid"""


@dataclass(frozen=True)
class Custody:
    """What is needed to lead a row back to its evidence."""

    case: Case
    members: dict[str, HeldMember]
    held: dict[str, Held]
    catalogue: Catalogue
    parts: tuple[Path, ...]

    def raw(self, member_uid: str, offset: int, length: int) -> tuple[Held, HeldMember, bytes]:
        """The evidence, its member, and the bytes at a place of it."""
        member = self.members[member_uid]
        evidence = self.held[member.sha256]
        return evidence, member, read_at(kept_path(self.case, evidence), member.name, offset, length, LIMITS)

    def unit(self, member: HeldMember) -> Unit:
        """What a place in the member counts."""
        path = kept_path(self.case, self.held[member.sha256])
        return "rows" if in_rows(path, member.name, LIMITS) else "bytes"


def explain(case: Case, uid: str, catalogue: Catalogue, *, limit: int = 20) -> Explanation:
    """What stands behind an event, session, object, credential, principal, address, indicator, source or reject.

    A reject is named by its evidence and offset, `exports/okta.json:1024`; a count of `scope` by `system/kind`.

    Raises:
        InputError: nothing in the case has that uid.
        EvidenceError: the evidence that it leads to is gone.
    """
    custody = custody_of(case, catalogue)
    with opened(case) as engine:
        stage_events(engine, list(custody.parts), None, case.read().zone)
        rows = [row for name, test in NAMED_BY.items() for row in rows_named(engine, name, test, uid)]
        events = [event for event, _ in engine.execute(_EVENTS_OF, {"uid": uid}).fetchall()]
        events = events or _session_events(engine, uid)
        events = events or [event for event, _ in engine.execute(_ENDS_OF, {"uid": uid}).fetchall()]
        chain = chain_of(engine, uid)
        records = _records(engine, custody, events[:limit] or [uid])
    records += [_reject(custody, row) for name, row in rows if name == "rejects"][: max(0, limit - len(records))]
    if not rows and not records:
        raise InputError(f"nothing in the case is called {uid!r}", remedy="take a uid from `cloison show CASE TABLE`")
    return Explanation(uid, rows, chain, records, max(0, len(events) - limit))


def _session_events(engine: duckdb.DuckDBPyConnection, uid: str) -> list[str]:
    """The events of a session to which nothing bad leads, found by what its row says of it."""
    row = engine.execute(
        "SELECT system, principal, client, first_at, last_at, address FROM sessions WHERE session_uid = ?", [uid]
    )
    found = row.fetchone()
    if found is None:
        return []
    read = engine.execute(_SESSION, found[:5]).fetchall()
    return [event for event, ip, host in read if (neighbourhood(ip) if ip else host or "") == found[5]]


def custody_of(case: Case, catalogue: Catalogue) -> Custody:
    """What leads rows of this case back to its evidence."""
    journal = case.journal()
    try:
        members = {one.uid: one for one in journal.members()}
        parts = tuple(case.lake / name for name in sorted(journal.parts()))
        return Custody(case, members, {one.sha256: one for one in journal.evidence()}, catalogue, parts)
    finally:
        journal.close()


def rows_named(
    engine: duckdb.DuckDBPyConnection, name: str, test: str, uid: str
) -> list[tuple[str, dict[str, object]]]:
    """The rows of a table, at most 20, that pass a test of `NAMED_BY` with this uid."""
    read = engine.execute(f"SELECT * FROM {quoted(name)} WHERE {test} LIMIT 20", {"uid": uid})
    names = [column[0] for column in read.description or ()]
    return [(name, dict(zip(names, row, strict=True))) for row in read.fetchall()]


def chain_of(engine: duckdb.DuckDBPyConnection, uid: str) -> list[dict[str, object]]:
    """From what the uid names, cause by cause, to an indicator or an exposed credential."""
    named = engine.execute(
        """SELECT session_uid FROM acts WHERE event_uid = $uid
        UNION ALL SELECT session_uid FROM touched WHERE resource_uid = $uid AND session_uid IS NOT NULL LIMIT 1""",
        {"uid": uid},
    ).fetchone()
    here = str(named[0]) if named else uid
    chain: list[dict[str, object]] = []
    while len(chain) < LIMITS.hops:
        read = engine.execute(
            "SELECT * FROM compromised WHERE uid = $uid ORDER BY since, system LIMIT 1", {"uid": here}
        )
        names = [column[0] for column in read.description or ()]
        found = read.fetchone()
        if found is None or here in {str(link["uid"]) for link in chain}:
            break
        chain.append(dict(zip(names, found, strict=True)))
        here = str(chain[-1]["cause_uid"])
    return chain


def _records(engine: duckdb.DuckDBPyConnection, custody: Custody, events: list[str]) -> list[Record]:
    stage_rows(engine, "wanted_events", {"event_uid": "VARCHAR"}, [(one,) for one in events])
    read = engine.execute(
        f"""WITH wanted AS (SELECT * FROM events WHERE event_uid IN (SELECT event_uid FROM wanted_events)),
          folded AS (SELECT {", ".join(map(quoted, EVENTS.columns))} FROM raw_events
            WHERE superseded = '{FOLDED}' AND pair_uid IN (SELECT pair_uid FROM wanted))
        SELECT * EXCLUDE (folded) FROM (SELECT *, FALSE AS folded FROM wanted UNION ALL SELECT *, TRUE FROM folded)
        ORDER BY time, folded, CASE WHEN NOT folded THEN event_uid END, record_offset"""
    )
    names = [column[0] for column in read.description or ()]
    return [record_of(custody, dict(zip(names, row, strict=True))) for row in read.fetchall()]


def record_of(custody: Custody, event: dict[str, object]) -> Record:
    """The raw record behind an event row."""
    offset, length = int(str(event["record_offset"])), int(str(event["record_length"]))
    held, member, raw = custody.raw(str(event["evidence_uid"]), offset, length)
    shown = {name: value for name, value in event.items() if value is not None}
    ocsf = _as_ocsf(shown, raw, custody.catalogue)
    unit = custody.unit(member)
    return Record(shown, _label(held, member), held.sha256, member.name, offset, length, raw, ocsf, unit)


def _as_ocsf(row: dict[str, object], raw: bytes, catalogue: Catalogue) -> dict[str, object] | None:
    """The row as an OCSF event; None when a source of the case's own names a class that `to_ocsf` has no form for."""
    spec = catalogue.specs[str(row["source"])]
    try:
        return to_ocsf(row, product=spec.product, vendor=spec.vendor, raw=raw.decode("utf-8", "replace"))
    except SourceError:
        return None


def _reject(custody: Custody, row: dict[str, object]) -> Record:
    offset, length = int(str(row["offset"])), int(str(row["length"]))
    held, member, raw = custody.raw(str(row["evidence_uid"]), offset, min(length, 1 << 16))
    unit = custody.unit(member)
    return Record(
        {"reason": row["reason"]}, _label(held, member), held.sha256, member.name, offset, length, raw, None, unit
    )


def _label(held: Held, member: HeldMember) -> str:
    return held.label + (f"!{member.name}" if member.name else "")
