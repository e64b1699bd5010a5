"""How far did they get? Sessions with their standing, what is compromised, what was touched, and out of how many."""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.scope.acts import ACTS, FLOWS
from cloison.scope.closings import CLOSINGS
from cloison.scope.drawn import DRAWN, HABITS
from cloison.scope.flows import FLOW_HABITS
from cloison.scope.spread import COMPROMISE
from cloison.scope.threads import PIECES

SESSIONS = contract(
    "sessions",
    key=("first_at", "session_uid"),
    session_uid="string",
    system="string",
    principal="string",
    network="string",
    client="string",
    first_at="timestamp",
    last_at="timestamp",
    events="int",
    standing="string",
    why="string",
    address="string",
    successes="int",
    since="timestamp",
    rule="string",
    cause_uid="string",
    event_uid="string",
)
JUDGE_SESSIONS = analysis(SESSIONS, inputs=(DRAWN, HABITS, COMPROMISE, "opening", "spread_rules"), beside=__file__)

COMPROMISED = contract(
    "compromised",
    key=("since", "kind", "system", "uid"),
    kind="string",
    uid="string",
    system="string",
    since="timestamp",
    until="timestamp",
    standing="string",
    why="string",
    rule="string",
    technique="string",
    cause_kind="string",
    cause_uid="string",
    event_uid="string",
    closed_by="string",
    last_seen_at="timestamp",
)
LIST_COMPROMISED = analysis(
    COMPROMISED, inputs=(COMPROMISE, ACTS, CLOSINGS, PIECES, FLOWS, "spread_rules"), beside=__file__
)

TOUCHED = contract(
    "touched",
    key=("system", "resource_kind", "resource_uid", "action", "standing"),
    system="string",
    resource_kind="string",
    resource_uid="string",
    action="string",
    outcome="string",
    first_at="timestamp",
    last_at="timestamp",
    events="int",
    standing="string",
    principals="string",
    session_uid="string",
    event_uid="string",
    why="string",
    rule="string",  # session_reached, session_took, host_spoke
    cause_kind="string",
    cause_uid="string",
)
LIST_TOUCHED = analysis(TOUCHED, inputs=(ACTS, COMPROMISE, FLOWS, FLOW_HABITS, "addresses"), beside=__file__)

SCOPE = contract(
    "scope",
    key=("system", "resource_kind"),
    system="string",
    resource_kind="string",
    attempted="int",
    read="int",
    taken="int",
    at_most="int",
    total="int",
)
COUNT_SCOPE = analysis(SCOPE, inputs=(TOUCHED, "totals"), beside=__file__)
