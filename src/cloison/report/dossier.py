"""What is the answer, as data: the four questions with their rows, denominators and gaps, which renderers only draw?"""

from dataclasses import dataclass, field
from datetime import datetime

import duckdb


@dataclass(frozen=True)
class Entry:
    """A credential or account that was misused: from where first, whether it is closed, and the record that says so."""

    kind: str
    system: str
    uid: str
    principal: str
    since: datetime
    address: str
    uses: int
    verdict: str
    why: str
    event_uid: str | None = None


@dataclass(frozen=True)
class Reach:
    """How much of one kind of object was reached, out of how many; `total` is None when nobody said."""

    system: str
    resource_kind: str
    attempted: int
    read: int
    taken: int
    at_most: int
    total: int | None


@dataclass(frozen=True)
class Held:
    """One thing that is compromised: `until` is when someone closed it, and by which event; None while it is open."""

    kind: str
    uid: str
    system: str
    since: datetime
    until: datetime | None
    last_seen_at: datetime | None
    standing: str
    why: str
    rule: str
    event_uid: str
    closed_by: str | None = None


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    time: datetime
    system: str | None
    principal: str | None
    what: str
    standing: str
    event_uid: str | None


@dataclass(frozen=True)
class Coverage:
    """What one source covers, and the holes in it."""

    source: str
    system: str
    first_at: datetime
    last_at: datetime
    events: int
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Ledger:
    """The verdicts on the exposed credentials, counted, and those that need someone."""

    proven: int
    refuted: int
    unknown: int
    misused: int
    open_rows: tuple[Entry, ...]

    @property
    def total(self) -> int:
        """How many credentials are in the ledger."""
        return self.proven + self.refuted + self.unknown


@dataclass(frozen=True)
class Account:
    """What became of every record: received = stored + duplicate + rejected."""

    evidence: int
    received: int
    stored: int
    duplicate: int
    rejected: int
    unrecognised: int


@dataclass(frozen=True)
class Dossier:
    """The whole answer of a case."""

    title: str
    account: Account
    entries: tuple[Entry, ...]
    reach: tuple[Reach, ...]
    held: tuple[Held, ...]
    denied: tuple[Moment, ...]
    ledger: Ledger
    coverage: tuple[Coverage, ...]
    timeline: tuple[Moment, ...]
    sessions: dict[str, int] = field(default_factory=dict)
    sightings: tuple[tuple[str, str, int, datetime | None, datetime | None], ...] = ()
    next_acts: tuple[str, ...] = ()
    cautions: tuple[tuple[str, str, str], ...] = ()
    """Indicators, by kind and value, from which nothing follows without a person's word, and why."""
    unswept: tuple[tuple[str, str, str], ...] = ()
    """Indicators that no event can hold, and why."""


def draw_up(engine: duckdb.DuckDBPyConnection, title: str) -> Dossier:
    """Draw the dossier up from the result tables, which the engine holds under their names, and `indicators`."""
    held = tuple(Held(*row) for row in engine.execute(_HELD).fetchall())
    ledger = _ledger(engine)
    coverage = _coverage(engine)
    account = Account(*_row(engine, _ACCOUNT))
    cautions = tuple(engine.execute(_CAUTIONS).fetchall())
    return Dossier(
        title=title,
        account=account,
        entries=tuple(Entry(*row) for row in engine.execute(_ENTRIES).fetchall()),
        reach=tuple(Reach(*row) for row in engine.execute(_REACH).fetchall()),
        held=held,
        denied=tuple(Moment(*row) for row in engine.execute(_DENIED).fetchall()),
        ledger=ledger,
        coverage=coverage,
        timeline=tuple(Moment(*row) for row in engine.execute(_TIMELINE).fetchall()),
        sessions=dict(
            engine.execute("SELECT standing, count(*) FROM sessions WHERE principal <> '' GROUP BY 1").fetchall()
        ),
        sightings=tuple(engine.execute(_SIGHTINGS).fetchall()),
        next_acts=(*_next_acts(held, ledger, coverage, account), *_decide(engine)),
        cautions=cautions,
        unswept=tuple(engine.execute(_UNSWEPT).fetchall()),
    )


def _row(engine: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    found = engine.execute(sql).fetchone()
    return tuple(found) if found else ()


def _coverage(engine: duckdb.DuckDBPyConnection) -> tuple[Coverage, ...]:
    read = engine.execute(_COVERAGE).fetchall()
    return tuple(
        Coverage(source, system, first_at, last_at, events, tuple(gaps))
        for source, system, first_at, last_at, events, gaps in read
    )


def _ledger(engine: duckdb.DuckDBPyConnection) -> Ledger:
    proven, refuted, unknown, misused = _row(engine, _LEDGER)
    open_rows = tuple(Entry(*row) for row in engine.execute(_OPEN).fetchall())
    return Ledger(proven, refuted, unknown, misused, open_rows)


_ENTRIES = """
SELECT r.kind, r.system, r.credential_uid, r.principal, s.since, s.network, r.uses_after_exposure, r.verdict, r.why,
  s.event_uid
FROM rotations AS r JOIN (
  SELECT a.credential_uid, a.system, a.principal, min(a.time) AS since,
    min_by(s.network, struct_pack(t := a.time, e := a.event_uid)) AS network,
    min_by(a.event_uid, struct_pack(t := a.time, e := a.event_uid)) AS event_uid
  FROM acts AS a JOIN sessions AS s ON s.session_uid = a.session_uid AND s.standing = 'proven' AND a.time >= s.since
  WHERE a.status_id = 1 GROUP BY ALL) AS s
  ON s.credential_uid = r.credential_uid
    OR (s.system = r.system AND s.principal = r.principal AND s.credential_uid IS NULL)
WHERE r.misused
QUALIFY row_number() OVER (PARTITION BY r.exposed_uid ORDER BY s.since, s.event_uid) = 1
ORDER BY s.since, r.exposed_uid"""
_OPEN = """
SELECT kind, system, coalesce(credential_uid, principal), coalesce(principal, ''), coalesce(last_use_at, exposed_at),
  '', uses_after_exposure, verdict, why, coalesce(last_use, revoked_by)
FROM rotations WHERE verdict = 'refuted' OR misused
ORDER BY misused DESC, verdict, system, credential_uid, exposed_uid LIMIT 50"""
_LEDGER = """
SELECT count(CASE WHEN verdict = 'proven' THEN 1 END), count(CASE WHEN verdict = 'refuted' THEN 1 END),
  count(CASE WHEN verdict = 'unknown' THEN 1 END), count(CASE WHEN misused THEN 1 END) FROM rotations"""
_REACH = "SELECT * FROM scope ORDER BY total IS NULL, read DESC, system, resource_kind"
_HELD = """
SELECT kind, uid, system, since, CASE WHEN closed_by IS NOT NULL THEN until END, last_seen_at, standing, why, rule,
  event_uid, closed_by
FROM compromised WHERE kind <> 'session'
ORDER BY CASE standing WHEN 'proven' THEN 0 ELSE 1 END, since, kind, uid, system"""
_DENIED = """
SELECT first_at, system, principals, resource_uid || ' (' || events || ' tries)', standing, event_uid FROM touched
WHERE outcome = 'denied' AND standing = 'proven'
  AND (resource_kind IN ('host', 'application', 'account', 'role') OR system = 'network')
ORDER BY first_at, event_uid, resource_uid, action LIMIT 50"""
_COVERAGE = "SELECT source, system, first_at, last_at, events, gaps FROM coverage ORDER BY source, system"
_TIMELINE = "SELECT time, system, principal, what, standing, event_uid FROM timeline ORDER BY time, event_uid, what"
_SIGHTINGS = """
SELECT i.kind, i.value, count(s.event_uid), min(s.time), max(s.time)
FROM indicators AS i LEFT JOIN sightings AS s ON s.indicator_kind = i.kind AND s.indicator_value = i.value
GROUP BY ALL ORDER BY 3 DESC, 1, 2"""
_CAUTIONS = "SELECT kind, value, caution FROM indicators WHERE caution IS NOT NULL ORDER BY kind, value"
_UNSWEPT = "SELECT kind, value, unswept FROM indicators WHERE unswept IS NOT NULL ORDER BY kind, value"
_CAUTIOUS = """
SELECT DISTINCT indicator_kind || ' ' || indicator_value || ', which is ' || caution FROM sightings
WHERE caution IS NOT NULL ORDER BY 1"""
_ACCOUNT = """
SELECT count(DISTINCT evidence), coalesce(sum(received), 0)::BIGINT, coalesce(sum("stored"), 0)::BIGINT,
  coalesce(sum(duplicate), 0)::BIGINT, coalesce(sum(rejected), 0)::BIGINT, coalesce(sum(unrecognised), 0)::BIGINT
FROM account"""


def _next_acts(held: tuple[Held, ...], ledger: Ledger, coverage: tuple[Coverage, ...], account: Account) -> list[str]:
    """What to do next, most urgent first: isolate before revoking, then settle what is unknown."""
    revoked = {entry.uid for entry in ledger.open_rows if entry.verdict == "refuted"}
    still = [one for one in held if one.until is None and one.standing == "proven" and one.uid not in revoked]
    order = list(_CLOSING)
    closable = [one for one in still if one.kind in order]
    acts = [_close(one) for one in sorted(closable, key=lambda one: order.index(one.kind))]
    acts += [f"revoke {e.kind} {e.uid} of {e.system}: {e.why}" for e in ledger.open_rows if e.verdict == "refuted"]
    if ledger.unknown:
        acts.append(f"settle {ledger.unknown} exposed credentials whose end is unknown: `cloison show CASE rotations`")
    suspected = sum(one.standing == "suspected" for one in held)
    if suspected:
        acts.append(f"look at {suspected} suspected principals, addresses or hosts: `cloison show CASE compromised`")
    holes = sum(len(one.gaps) for one in coverage)
    if holes:
        acts.append(f"find the logs of {holes} holes in coverage: `cloison show CASE coverage`")
    if account.rejected:
        acts.append(f"look at {account.rejected} records that are not in the lake: `cloison show CASE rejects`")
    return list(dict.fromkeys(acts))


def _decide(engine: duckdb.DuckDBPyConnection) -> list[str]:
    """What a person has to decide before anything follows from it."""
    seen = [str(text) for (text,) in engine.execute(_CAUTIOUS).fetchall()]
    more = f" and {len(seen) - 3} more" if len(seen) > 3 else ""
    remedy = "follow = yes in `--cautions` makes it count"
    return [f"decide about what was seen and not followed: {'; '.join(seen[:3])}{more} ({remedy})"] if seen else []


_CLOSING = {
    "host": "isolate host {uid}: {why}",
    "address": "block address {uid}: {why}",
    "app": "remove {uid} from {system}: {why}",
    "principal": "disable {uid} in {system} or change what it logs in with: {why}",
}
"""What closes each kind, most urgent first."""


def _close(one: Held) -> str:
    return _CLOSING[one.kind].format(uid=one.uid, system=one.system, why=one.why)
