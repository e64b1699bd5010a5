"""Which session does each act belong to?

A principal's events are one session while the vendor says so (its session id, from one network and client), else while
they come from one network and client without a silence longer than `limits.session_gap_minutes`.
"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS

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
DRAW_ACTS = analysis(ACTS, inputs=(EVENTS, "addresses", "limits"), beside=__file__)
