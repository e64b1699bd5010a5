"""Which host of ours spoke to which other, and since when does it usually?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS

FLOW_HABITS = contract("flow_habits", key=("src_ip", "dst"), src_ip="string", dst="string", first_at="timestamp")
LEARN_FLOW_HABITS = analysis(FLOW_HABITS, inputs=(EVENTS,), beside=__file__)
