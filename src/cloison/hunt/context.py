"""What holds of an event that no single record says: who acts, from where for the first time, with what that had ended?

A row for each event would be as large as the lake: `marks` has rows only where something is so, `kinds` one for each
principal, and the view `context` puts both, the ledger and the own networks beside every event.
"""

import duckdb

from cloison.hunt.sweep import SIGHTED
from cloison.lake.analysis import Procedure, analysis
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS

DAYS = contract(
    "days",
    key=("thread", "day", "class_uid", "activity_id", "object", "succeeded"),
    thread="int",
    day="int",  # since 1970-01-01
    class_uid="int",
    activity_id="int",
    object="string",  # the kind of what it was done to
    succeeded="int",  # 1, else 0
    source="string",
    system="string",
    principal="string",
    src_ip="string",
    user_agent="string",
    vendor_session_uid="string",
    first_at="timestamp",
    last_at="timestamp",
    events="int",
    hours="int",  # a bit for each hour of the day
    actor_type="string",
    first_event_uid="string",
)
COUNT_DAYS = analysis(DAYS, inputs=("deeds",), beside=__file__)

KINDS = contract(
    "kinds",
    key=("system", "principal"),
    system="string",
    principal="string",
    kind="string",  # person, service, unknown
    why="string",  # ledger, log, name, rhythm: a service; browser: a person
    first_at="timestamp",  # its first success in that system
)
TELL_KINDS = analysis(KINDS, inputs=(DAYS, EVENTS, "exposed"), beside=__file__)

MARKS = contract(
    "marks",
    key=("event_uid",),
    event_uid="string",
    network_new="bool",
    client_new="bool",
    first_act="bool",
    dormant_days="int",
    session_moved="bool",
    credential_first_use="bool",
    after_revocation="bool",
    indicator="bool",
)
GATHER_MARKS = analysis(
    MARKS, inputs=(DAYS, "addresses", EVENTS, "exposed", "rotation_rules", "limits", SIGHTED), beside=__file__
)

CONTEXT = contract(
    "context",
    key=("event_uid",),
    event_uid="string",
    principal_kind="string",  # person, service, unknown
    target_kind="string",  # the same of the account that it was done to
    known_days="int",  # whole days since the principal's first success in that system
    network_new="bool",  # the principal's first success from that /24 or /64, though it was known from others
    client_new="bool",  # the principal's first success with that client, though it was known with others
    first_act="bool",  # the principal's first success of that class, activity and kind of object
    dormant_days="int",  # whole days since the principal's last success in that system; empty at the very first
    session_moved="bool",  # the vendor's session was seen before on another network and with another client
    credential_exposed="bool",  # its credential or account was exposed by then
    exposed_days="int",  # whole days since that exposure; empty where there is none
    credential_first_use="bool",  # the first success with an exposed credential or account since its exposure
    after_revocation="bool",  # a success after the issuer recorded the end of the credential or account
    own_network="bool",  # it came from a known own network; empty where none is known, or no address is told
    indicator="bool",  # an indicator without caution was sighted in it, within its validity
)

_MADE = {
    "principal_kind": "coalesce(p.kind, 'unknown')",
    "target_kind": "coalesce(t.kind, 'unknown')",
    "known_days": "CASE WHEN p.first_at < e.time "
    "THEN (epoch_us(e.time) - epoch_us(p.first_at)) // 86400000000 ELSE 0 END",
    "network_new": "coalesce(m.network_new, FALSE)",
    "client_new": "coalesce(m.client_new, FALSE)",
    "first_act": "coalesce(m.first_act, FALSE)",
    "dormant_days": "CASE WHEN m.event_uid IS NULL THEN 0 ELSE m.dormant_days END",
    "session_moved": "coalesce(m.session_moved, FALSE)",
    "credential_exposed": "coalesce(e.time >= x.exposed_at, FALSE) OR coalesce(e.time >= y.exposed_at, FALSE)",
    "exposed_days": "CASE WHEN e.time >= least(x.exposed_at, y.exposed_at) "
    "THEN (epoch_us(e.time) - epoch_us(least(x.exposed_at, y.exposed_at))) // 86400000000 END",
    "credential_first_use": "coalesce(m.credential_first_use, FALSE)",
    "after_revocation": "coalesce(m.after_revocation, FALSE)",
    "own_network": "CASE WHEN g.given AND e.src_ip IS NOT NULL THEN a.label IS NOT NULL END",
    "indicator": "coalesce(m.indicator, FALSE)",
}
_BY_CREDENTIAL = """SELECT credential_uid, min(coalesce(exposed_at, TIMESTAMP '1970-01-01')) AS exposed_at FROM exposed
  WHERE credential_uid IS NOT NULL AND NOT named AND NOT is_account AND found_uid IS NULL GROUP BY credential_uid"""
_BY_ACCOUNT = """SELECT system, principal, min(coalesce(exposed_at, TIMESTAMP '1970-01-01')) AS exposed_at FROM exposed
  WHERE is_account AND principal IS NOT NULL AND found_uid IS NULL GROUP BY system, principal"""


def stage_context(engine: duckdb.DuckDBPyConnection) -> None:
    """Make the views `events_in_context`, events with a column `context_<fact>` for each fact, and `context`.

    Both are worked out as they are read: as tables they would be as large as the lake.
    """
    facts = ", ".join(f"{made} AS context_{name}" for name, made in _MADE.items())
    engine.execute(
        f"""CREATE OR REPLACE TEMP VIEW events_in_context AS SELECT e.*, {facts} FROM events AS e
          LEFT JOIN kinds AS p ON p.system = e.system AND p.principal = e.principal
          LEFT JOIN kinds AS t ON t.system = e.system AND t.principal = e.target_principal
          LEFT JOIN marks AS m ON m.event_uid = e.event_uid
          LEFT JOIN ({_BY_CREDENTIAL}) AS x ON x.credential_uid = e.credential_uid
          LEFT JOIN ({_BY_ACCOUNT}) AS y ON y.system = e.system AND y.principal = e.principal
          LEFT JOIN addresses AS a ON a.ip = e.src_ip
          CROSS JOIN (SELECT count(*) > 0 AS given FROM networks) AS g"""
    )
    named = ", ".join(f"context_{name} AS {name}" for name in _MADE)
    engine.execute(f"CREATE OR REPLACE TEMP VIEW context AS SELECT event_uid, {named} FROM events_in_context")


LEARN_CONTEXT = Procedure(
    "context",
    ("events", KINDS.name, MARKS.name, "exposed", "addresses", "networks"),
    (CONTEXT,),
    lambda engine, _: stage_context(engine),
)
