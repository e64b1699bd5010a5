"""What holds of an event that no single record says: who acts, from where for the first time, with what that had ended?

A row a event would be as large as the lake: `context` has rows only where something is so, `kinds` one for each
principal, and the view `events_in_context` puts both, the ledger and the own networks beside every event.
"""

import duckdb

from cloison.hunt.sweep import SIGHTED
from cloison.lake.analysis import analysis
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

CONTEXT = contract(
    "context",
    key=("event_uid",),
    event_uid="string",
    network_new="bool",  # its principal's first success from that /24 or /64, though it was known from others
    client_new="bool",  # its principal's first success with that client, though it was known with others
    first_act="bool",  # its principal's first success of that class, activity and kind of object
    dormant_days="int",  # whole days since its principal's last success in that system; empty at the very first
    session_moved="bool",  # the vendor's session was seen before on another network and with another client
    credential_first_use="bool",  # the first success with an exposed credential or account since its exposure
    after_revocation="bool",  # a success after the issuer recorded the end of the credential or account
    indicator="bool",  # an indicator without caution was sighted in it, within its validity
)
GATHER_CONTEXT = analysis(
    CONTEXT,
    inputs=(DAYS, "addresses", EVENTS, "exposed", "rotation_rules", "limits", SIGHTED),
    beside=__file__,
)

FACTS = {
    "principal_kind": "coalesce(p.kind, 'unknown')",
    "target_kind": "coalesce(t.kind, 'unknown')",
    "known_days": "CASE WHEN p.first_at < e.time THEN date_diff('day', p.first_at, e.time) ELSE 0 END",
    "network_new": "coalesce(c.network_new, FALSE)",
    "client_new": "coalesce(c.client_new, FALSE)",
    "first_act": "coalesce(c.first_act, FALSE)",
    "dormant_days": "CASE WHEN c.event_uid IS NULL THEN 0 ELSE c.dormant_days END",
    "session_moved": "coalesce(c.session_moved, FALSE)",
    "credential_exposed": "coalesce(e.time >= x.exposed_at, FALSE) OR coalesce(e.time >= y.exposed_at, FALSE)",
    "credential_first_use": "coalesce(c.credential_first_use, FALSE)",
    "after_revocation": "coalesce(c.after_revocation, FALSE)",
    "own_network": "CASE WHEN g.given AND e.src_ip IS NOT NULL THEN a.label IS NOT NULL END",
    "indicator": "coalesce(c.indicator, FALSE)",
}
"""Each fact that a rule may ask for as `context.<fact>`, and how the view `events_in_context` makes `context_<fact>`."""

_BY_CREDENTIAL = """SELECT credential_uid, min(coalesce(exposed_at, TIMESTAMP '1970-01-01')) AS exposed_at FROM exposed
  WHERE credential_uid IS NOT NULL AND NOT named AND NOT is_account AND found_uid IS NULL GROUP BY credential_uid"""
_BY_ACCOUNT = """SELECT system, principal, min(coalesce(exposed_at, TIMESTAMP '1970-01-01')) AS exposed_at FROM exposed
  WHERE is_account AND principal IS NOT NULL AND found_uid IS NULL GROUP BY system, principal"""


def stage_in_context(engine: duckdb.DuckDBPyConnection) -> None:
    """Make the view `events_in_context`: every event with its facts; `context` and `kinds` must have been made."""
    facts = ", ".join(f"{made} AS context_{name}" for name, made in FACTS.items())
    engine.execute(
        f"""CREATE OR REPLACE TEMP VIEW events_in_context AS
        SELECT e.*, {facts}
        FROM events AS e
          LEFT JOIN kinds AS p ON p.system = e.system AND p.principal = e.principal
          LEFT JOIN kinds AS t ON t.system = e.system AND t.principal = e.target_principal
          LEFT JOIN context AS c ON c.event_uid = e.event_uid
          LEFT JOIN ({_BY_CREDENTIAL}) AS x ON x.credential_uid = e.credential_uid
          LEFT JOIN ({_BY_ACCOUNT}) AS y ON y.system = e.system AND y.principal = e.principal
          LEFT JOIN addresses AS a ON a.ip = e.src_ip
          CROSS JOIN (SELECT count(*) > 0 AS given FROM networks) AS g"""
    )
