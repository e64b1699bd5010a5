"""What was done in the sessions that compromise has reached: act by act, read from the events once for each session?"""

from pathlib import Path

import duckdb

from cloison.model.contract import contract
from cloison.sources.paths import quoted

ACTS = contract(
    "acts",
    key=("time", "event_uid"),
    event_uid="string",
    session_uid="string",
    time="timestamp",
    source="string",
    system="string",
    principal="string",  # "" when nobody is named
    net="string",  # the address; for IPv6 its /64
    label="string",  # the known own network that holds the address
    client="string",  # the user agent without version numbers
    src_ip="string",
    vendor_session_uid="string",
    credential_uid="string",
    minted_credential_uid="string",
    class_uid="int",
    activity_id="int",
    status_id="int",
    resource_kind="string",
    resource_uid="string",
    action="string",
    target_principal="string",
    target_group="string",
    target_app="string",
    target_credential_uid="string",
    event_code="string",
)

FLOWS = contract(
    "flows",
    key=("time", "event_uid"),
    event_uid="string",
    time="timestamp",
    src_ip="string",
    dst_ip="string",
    dst="string",  # the destination as one name: address and port, or host
    status_id="int",
    known_indicator="bool",  # the destination is an indicator within its validity
)

_ACTS = (Path(__file__).parent / "acts.sql").read_text(encoding="utf-8")
_FLOWS = (Path(__file__).parent / "flows.sql").read_text(encoding="utf-8")
TEXTS = (_ACTS, _FLOWS)


def begin(engine: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables `acts` and `flows`, and those that remember what they hold."""
    for one in (ACTS, FLOWS):
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in one.sql_columns().items())
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {one.name} ({columns})")
    engine.execute("CREATE OR REPLACE TEMP TABLE read_sessions (session_uid VARCHAR)")
    engine.execute("CREATE OR REPLACE TEMP TABLE read_hosts (ip VARCHAR)")


def read_on(engine: duckdb.DuckDBPyConnection) -> None:
    """Read the acts of sessions, and the flows of hosts, that `compromise` has come to hold since the last call."""
    engine.execute(
        """CREATE OR REPLACE TEMP TABLE reached AS SELECT p.* FROM pieces AS p
        WHERE p.session_uid IN (SELECT uid FROM compromise WHERE kind = 'session')
          AND p.session_uid NOT IN (SELECT session_uid FROM read_sessions)"""
    )
    _append(engine, "deeds", "SELECT min(first_at), max(last_at) FROM reached", ACTS.name, _ACTS)
    engine.execute("INSERT INTO read_sessions SELECT DISTINCT session_uid FROM reached")
    engine.execute(
        """CREATE OR REPLACE TEMP TABLE reached AS SELECT DISTINCT uid AS ip FROM compromise
        WHERE kind = 'host' AND uid NOT IN (SELECT ip FROM read_hosts)"""
    )
    always = "SELECT TIMESTAMP '1970-01-01', TIMESTAMP '9999-01-01' FROM reached LIMIT 1"
    _append(engine, "events", always, FLOWS.name, _FLOWS)
    engine.execute("INSERT INTO read_hosts SELECT ip FROM reached")


def _append(engine: duckdb.DuckDBPyConnection, whole: str, window: str, name: str, sql: str) -> None:
    """Append to a table what its query finds, with the events bounded to the time that is asked for."""
    first, last = engine.execute(window).fetchone() or (None, None)
    if first is None:
        return
    engine.execute(
        f"""CREATE OR REPLACE TEMP VIEW near_{whole} AS
        SELECT * FROM {whole} WHERE time >= TIMESTAMP '{first}' AND time <= TIMESTAMP '{last}'"""
    )
    engine.execute(f"INSERT INTO {name} BY NAME {sql}")
