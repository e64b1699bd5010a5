"""What happened, in order, each line a claim that leads to its record?

`what` is the line in English; the columns from `act` on are what it is made of, for those who tell it in other words.
"""

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
    act="string",  # what was done, as one word; what a refusal met ends in `_refused`
    subject="string",  # to whom, to what or from where
    object="string",  # the group, place, search, first object, field or code that it speaks of
    kind="string",  # the kind of the object that was read, or of what was closed
    times="int",  # how many events, objects, connections or sightings
    until="timestamp",  # the last of them
)
TELL_TIMELINE = analysis(TIMELINE, inputs=(ACTS, CLOSINGS, SESSIONS, TOUCHED, COMPROMISED, SIGHTINGS), beside=__file__)
