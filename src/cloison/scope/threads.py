"""Which deeds belong together: the threads of a principal, the stretches of time they are busy, and the sessions drawn?

A principal's deeds are one session while the vendor says so (its session id, from one network and client), else while
they come from one network and client without a silence longer than `limits.session_gap_minutes`. The events are read
twice and never sorted: a thread's busy stretches are few, and what is drawn is drawn from them.
"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract

THREADS = contract(
    "threads",
    key=("thread",),
    thread="int",
    source="string",
    system="string",
    principal="string",  # "" when nobody is named
    net="string",  # the address; for IPv6 its /64
    label="string",  # the known own network that holds the address
    client="string",  # the user agent without version numbers
    src_ip="string",
    vendor_session_uid="string",
    credential_uid="string",
    way="int",  # what the threads of one session have in common, as a number
)
NAME_THREADS = analysis(THREADS, inputs=("deeds", "addresses"), beside=__file__)

STRETCHES = contract(
    "stretches",
    key=("thread", "slot"),
    thread="int",
    slot="int",  # time in units of the gap that ends a session; 0 for all of a vendor's session
    first_at="timestamp",
    last_at="timestamp",
    first_success_at="timestamp",
    last_success_at="timestamp",
    events="int",
    successes="int",
    first_event_uid="string",
)
TIME_STRETCHES = analysis(STRETCHES, inputs=("deeds", "limits"), beside=__file__)

PIECES = contract(
    "pieces",
    key=("session_uid", "thread"),
    session_uid="string",
    thread="int",
    system="string",
    principal="string",
    src_ip="string",
    credential_uid="string",
    first_at="timestamp",
    last_at="timestamp",
    first_success_at="timestamp",
    last_success_at="timestamp",
    events="int",
    successes="int",
    first_event_uid="string",
)
CUT_PIECES = analysis(PIECES, inputs=(THREADS, STRETCHES, "limits"), beside=__file__)
