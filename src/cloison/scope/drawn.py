"""Which sessions are there, before anything is judged, and what did each come with and make?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.scope.threads import PIECES, THREADS

DRAWN = contract(
    "drawn",
    key=("session_uid",),
    session_uid="string",
    source="string",
    system="string",
    principal="string",
    net="string",
    label="string",
    client="string",
    vendor_session_uid="string",
    first_at="timestamp",
    last_at="timestamp",
    first_success_at="timestamp",
    events="int",
    successes="int",
    first_event_uid="string",
)
DRAW_SESSIONS = analysis(DRAWN, inputs=(PIECES, THREADS), beside=__file__)

HABITS = contract(
    "habits",
    key=("system", "principal", "what", "value"),
    system="string",
    principal="string",
    what="string",  # net, near (its /24), label, client; person: net, under one login name in any system
    value="string",
    first_at="timestamp",
    last_at="timestamp",
)
LEARN_HABITS = analysis(HABITS, inputs=(DRAWN,), beside=__file__)

HOMES = contract(
    "homes",
    key=("system", "principal", "net"),
    system="string",
    principal="string",
    net="string",
    crowded="bool",  # more principals than `limits.shared_principals` were at home there
)
FIND_HOMES = analysis(HOMES, inputs=(HABITS, "opening", "limits"), beside=__file__)

SESSION_IPS = contract(
    "session_ips",
    key=("session_uid", "ip"),
    session_uid="string",
    ip="string",
    first_at="timestamp",
    last_at="timestamp",
    first_event_uid="string",
)
LIST_SESSION_IPS = analysis(SESSION_IPS, inputs=(PIECES,), beside=__file__)
