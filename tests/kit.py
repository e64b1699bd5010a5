"""What do the analyses answer of events that a test states as rows? The service's own staging and plan, and no mocks.

A test's session has no name that can be foretold, so `Answers` calls it after its first event: `<e1>`.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cloison.hunt.intel import read_indicators
from cloison.lake.analysis import Analysis, run
from cloison.lake.engine import open_engine
from cloison.lake.scene import stage_addresses, stage_events, stage_rows
from cloison.model.contract import Contract
from cloison.model.limits import LIMITS, Limits
from cloison.ocsf.events import EVENTS
from cloison.service.inputs import Exposed, Network, Total, read_exposed, read_networks, read_totals
from cloison.service.inputs_kept import Given
from cloison.service.investigate import stage_catalogue, stage_given, stage_rules
from cloison.service.plan import contracts, made_by, ordered
from cloison.service.raw_records import RawTables
from cloison.sources.spec import Delivery, Levels, Need, Rotation, Shows, Spec

Event = dict[str, object]
Row = dict[str, object]

JIRA_WEB, JIRA_AUDIT, FLOW = "jira_access", "jira_audit", "gateway"
CONTRACTS: dict[str, Contract] = contracts()

RULES = {
    "audit/0": Rotation("revoked", {}, ("service_token", "pat"), "the token was revoked"),
    "audit/1": Rotation("disabled", {}, ("service_account",), "the account was disabled", any_status=False),
    "audit/2": Rotation("changed", {}, ("service_account", "password"), "the password was changed"),
    "audit/3": Rotation("enabled", {}, ("service_account",), "the account was enabled", proves=False),
    "audit/4": Rotation("refreshed", {}, ("service_token",), "the token was refreshed", proves=False),
}
"""The rotation rules of the invented source `audit`."""

_LEVELS = Levels(
    ("off", "base", "full"), "base", {"level.changed": "$resource_uid"}, (Need("logins", "security", "full"),)
)
_SPEC = Spec(
    "audit",
    "Audit",
    "Invented",
    "Audit",
    "jira",
    (),
    (),
    rotation=tuple(RULES.values()),
    shows=Shows(access=("logins", "account_changes")),
    levels=_LEVELS,
)
_WEB = Shows(uses=("service_token",), accounts=("service_account", "pat"), outlives="90d", access=("reads", "exports"))
_FLOWS = Shows(access=("egress",))
SPECS = {
    "audit": _SPEC,
    JIRA_WEB: Spec(JIRA_WEB, "Access", "Invented", "Web", "jira", (), (), shows=_WEB, delivery=Delivery("20m", "30d")),
    FLOW: Spec(FLOW, "Gateway", "Invented", "Gateway", "gateway", (), (), shows=_FLOWS),
}
"""The invented sources, and what each declares: the web log shows every use in Jira."""

_TYPES = {
    "string": pa.string(),
    "strings": pa.list_(pa.string()),
    "timestamp": pa.timestamp("us"),
    "int": pa.int64(),
    "bool": pa.bool_(),
}
_SCHEMA = pa.schema([*((name, _TYPES[kind]) for name, kind in EVENTS.columns.items()), ("superseded", pa.string())])


def at(text: str) -> datetime:
    """`11-15 16:28` or `11-15 16:28:38` of the year 2023, UTC as the lake holds it."""
    return datetime.fromisoformat(f"2023-{text}")


def event(uid: str, when: str | datetime, **columns: object) -> Event:
    """An event row: an act in Jira that succeeded, unless `columns` say otherwise; what is not said is null."""
    time = at(when) if isinstance(when, str) else when
    given: Event = {"source": JIRA_WEB, "system": "jira", "class_uid": 6003, "activity_id": 2, "status_id": 1}
    given |= {"evidence_uid": "m1", "record_offset": 0, "record_length": 10, **columns}
    address = given.get("src_ip")
    given.setdefault("src_ips", [] if address is None else [address])
    return {"event_uid": uid, "time": time, **given}


def view(uid: str, when: str | datetime, **columns: object) -> Event:
    """A ticket viewed; `ticket` is its key."""
    seen = {"resource_kind": "ticket", "resource_uid": columns.pop("ticket", "OPS-1"), "action": "viewed"}
    return event(uid, when, **(seen | columns))


def flow(uid: str, when: str | datetime, source: str, to: str, **columns: object) -> Event:
    """A connection between two addresses, let through unless `status_id` says otherwise."""
    seen: Event = {"source": FLOW, "system": "gateway", "class_uid": 4001, "activity_id": 6, "src_ip": source}
    return event(uid, when, **(seen | {"dst_ip": to, "resource_uid": f"{to}:443"} | columns))


def rotation(uid: str, when: str | datetime, rule: str, **columns: object) -> Event:
    """An issuer's record about a credential; `rule` is one of `RULES`."""
    said: Event = {"source": "audit", "class_uid": 3001, "activity_id": 99, "principal": "ada"}
    said |= {"rotation_rule": rule, "rotation_effect": RULES[rule].effect, "src_ip": "192.0.2.10"}
    return event(uid, when, **(said | columns))


def exposed(text: str) -> tuple[Exposed, ...]:
    """Lines of `system,kind,credential_uid,principal,exposed_at[,found_in]`."""
    head = "system,kind,credential_uid,principal,exposed_at,found_in\n"
    return tuple(read_exposed((head + text).encode(), "exposed.csv", str))


def networks(text: str) -> tuple[Network, ...]:
    """Lines of `network,label`."""
    return tuple(read_networks(("network,label\n" + text).encode(), "networks.csv"))


def totals(text: str) -> tuple[Total, ...]:
    """Lines of `system,resource_kind,total`."""
    return tuple(read_totals(("system,resource_kind,total\n" + text).encode(), "totals.csv", str))


@dataclass(frozen=True)
class World:
    """What a case is given: its events and everything beside them."""

    events: tuple[Event, ...]
    exposed: tuple[Exposed, ...] = ()
    indicators: str = ""
    networks: tuple[Network, ...] = ()
    totals: tuple[Total, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    taken: Mapping[str, datetime] = field(default_factory=dict)
    rules: tuple[tuple[str, str], ...] = ()  # origin and text


@dataclass(frozen=True)
class Answers:
    """Every table that the plan made, each in its own order."""

    tables: Mapping[str, list[Row]]

    def rows(self, name: str, *columns: str, **where: object) -> list[tuple[object, ...]]:
        """The columns of the rows that have the values of `where`; sessions are called after their first event."""
        names = {str(one["session_uid"]): f"<{one['first_event_uid']}>" for one in self.tables.get("drawn", ())}
        kept = [row for row in self.tables[name] if all(row[column] == value for column, value in where.items())]
        return [tuple(_renamed(row[column], names) for column in columns) for row in kept]

    def by(self, name: str, key: str, value: str, **where: object) -> dict[object, object]:
        """One column of a table by another."""
        return {one[0]: one[1] for one in self.rows(name, key, value, **where)}

    def standing(self, session: str) -> object:
        """The standing of the session that began with this event."""
        return self.by("sessions", "session_uid", "standing")[f"<{session}>"]


def _renamed(value: object, names: Mapping[str, str]) -> object:
    if not isinstance(value, str):
        return value
    for uid, name in names.items():
        value = value.replace(uid, name)
    return value


def answers(
    world: World, *wanted: str, parts: Sequence[Sequence[Event]] | None = None, limits: Limits = LIMITS
) -> Answers:
    """Run the plan over a world: the whole of it, or as much as the wanted tables take.

    `parts` deals the events out to the lake's files otherwise than all in one.
    """
    steps = _taken_by(wanted or tuple(CONTRACTS))
    engine = _opened().cursor()
    try:
        with tempfile.TemporaryDirectory() as folder:
            dealt = [world.events] if parts is None else parts
            paths = [_part(Path(folder) / f"{number}.parquet", rows) for number, rows in enumerate(dealt)]
            stage(engine, world, paths)
            for one in ordered():
                if not steps.intersection(made_by(one)):
                    continue
                if isinstance(one, Analysis):
                    run(engine, one)
                else:
                    one.work(engine, limits)
            return Answers({name: _read(engine, one) for name, one in CONTRACTS.items() if name in steps})
    finally:
        engine.close()


@cache
def _opened() -> duckdb.DuckDBPyConnection:
    """The engine, of which each world has a connection with tables of its own: to open one takes longer than to ask."""
    return open_engine(threads=1)


def _taken_by(wanted: Iterable[str]) -> set[str]:
    """These tables and everything that they are made from."""
    reads = {name: one.inputs for one in ordered() for name in made_by(one)}
    steps: set[str] = set()
    ahead = list(wanted)
    while ahead:
        steps.add(name := ahead.pop())
        ahead += [one for one in reads.get(name, ()) if one not in steps]
    return steps


def stage(engine: duckdb.DuckDBPyConnection, world: World, parts: list[Path]) -> None:
    """Make every table that analyses read, as the service makes them."""
    stage_events(engine, parts, world.until)
    _custody(engine, world.events)
    listed = read_indicators(world.indicators.encode(), origin="indicators.txt").indicators if world.indicators else ()
    stage_given(engine, Given(tuple(listed), world.exposed, world.networks, world.totals), world.since)
    stage_rows(engine, "asked_for", {"until": "TIMESTAMP"}, [(world.until,)])
    stage_rows(engine, "taken", {"uid": "VARCHAR", "taken_at": "TIMESTAMP"}, list(world.taken.items()))
    stage_catalogue(engine, SPECS.values())
    stage_rules(engine, world.rules)
    RawTables.needed(engine)
    stage_addresses(engine)


def _custody(engine: duckdb.DuckDBPyConnection, events: Iterable[Event]) -> None:
    members: list[tuple[object, ...]] = [
        (uid, f"{uid}.log") for uid in sorted({str(e["evidence_uid"]) for e in events})
    ]
    stage_rows(engine, "members", {"uid": "VARCHAR", "label": "VARCHAR"}, members)
    engine.execute(
        """CREATE OR REPLACE TEMP TABLE tallies AS
        SELECT evidence_uid AS member_uid, source, count(*) AS stored FROM raw_events GROUP BY ALL"""
    )
    placed = {"member_uid": "VARCHAR", "offset": "BIGINT", "length": "BIGINT", "reason": "VARCHAR", "source": "VARCHAR"}
    stage_rows(engine, "refused", placed, [])


def _part(path: Path, rows: Iterable[Event]) -> Path:
    whole = [{name: row.get(name) for name in EVENTS.columns} for row in rows]
    strange = {name for row in rows for name in row} - set(EVENTS.columns)
    if strange:
        raise ValueError(f"no such columns: {sorted(strange)}")
    pq.write_table(pa.Table.from_pylist(whole, schema=_SCHEMA), path)
    return path


def _read(engine: duckdb.DuckDBPyConnection, one: Contract) -> list[Row]:
    order = ", ".join(f'"{column}"' for column in one.key)
    read = engine.execute(f'SELECT * FROM "{one.name}" ORDER BY {order}')
    names = [column[0] for column in read.description or ()]
    return [dict(zip(names, row, strict=True)) for row in read.fetchall()]
