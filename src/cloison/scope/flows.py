"""Which host of ours spoke to which other, and since when does it usually?"""

from cloison.hunt.sweep import SIGHTINGS
from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS

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
LIST_FLOWS = analysis(FLOWS, inputs=(EVENTS, SIGHTINGS), beside=__file__)

FLOW_HABITS = contract("flow_habits", key=("src_ip", "dst"), src_ip="string", dst="string", first_at="timestamp")
LEARN_FLOW_HABITS = analysis(FLOW_HABITS, inputs=(FLOWS,), beside=__file__)
