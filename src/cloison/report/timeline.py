"""What happened, in order, each line a claim that leads to its record?"""

from cloison.hunt.sweep import SIGHTINGS
from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.scope.acts import ACTS
from cloison.scope.answers import COMPROMISED, SESSIONS, TOUCHED
from cloison.scope.closings import CLOSINGS

TIMELINE = contract(
    "timeline",
    key=("time", "event_uid", "what"),
    time="timestamp",
    system="string",
    principal="string",
    what="string",
    standing="string",
    event_uid="string",
)
TELL_TIMELINE = analysis(TIMELINE, inputs=(ACTS, CLOSINGS, SESSIONS, TOUCHED, COMPROMISED, SIGHTINGS), beside=__file__)
