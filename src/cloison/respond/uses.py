"""Who succeeded with each exposed credential, or with what it minted, and after each record of its end?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS
from cloison.respond.said import SAID
from cloison.scope.acts import ACTS
from cloison.scope.spread import COMPROMISE
from cloison.scope.threads import PIECES, THREADS

USES = contract(
    "uses",
    key=("exposed_uid", "ended_by"),
    exposed_uid="string",
    ended_by="string",  # the event that records an end; empty: none is recorded, or none that stands
    last_use_at="timestamp",
    last_use="string",  # event
    after_exposure="int",
    after_end="int",
    minted_after_end="int",  # by a session or token that it minted
    minted="string",  # the last of these
    last_minted_use="string",  # event
    misused="bool",
    misused_after_end="int",
)
COUNT_USES = analysis(
    USES, inputs=("exposed", EVENTS, "deeds", SAID, PIECES, THREADS, ACTS, COMPROMISE), beside=__file__
)
