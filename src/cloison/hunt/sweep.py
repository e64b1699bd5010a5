"""Was any indicator seen, and in which event?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract

SPOTTED = contract(
    "spotted",
    key=("event_uid", "field", "indicator_kind", "indicator_value", "observed"),
    event_uid="string",
    field="string",
    indicator_kind="string",
    indicator_value="string",
    observed="string",  # the value as the event holds it: an address in a range, a host below a domain
    valid_from="timestamp",
    valid_until="timestamp",
    caution="string",  # why nothing follows from it without a person's word; null where it does
)
SWEEP = analysis(SPOTTED, inputs=("events", "indicators", "addresses", "address_lists"), beside=__file__)

SIGHTED = contract(
    "sighted",
    key=("time", "event_uid", "indicator_kind", "indicator_value", "field", "observed"),
    indicator_kind="string",
    indicator_value="string",
    time="timestamp",
    source="string",
    system="string",
    field="string",
    principal="string",
    src_ip="string",
    class_uid="int",
    action="string",
    thread="int",  # of the deed; null where the event is none
    event_uid="string",
    evidence_uid="string",
    offset="int",
    length="int",
    observed="string",
    valid="bool",  # the event lies within the indicator's validity
    caution="string",  # why nothing is called compromised by it; null where it may be
)
PLACE_SIGHTED = analysis(SIGHTED, inputs=(SPOTTED, "events"), beside=__file__)

SIGHTINGS = contract(
    "sightings",
    key=("time", "event_uid", "indicator_kind", "indicator_value", "field", "observed"),
    indicator_kind="string",
    indicator_value="string",
    time="timestamp",
    source="string",
    system="string",
    field="string",
    principal="string",
    event_uid="string",
    evidence="string",
    offset="int",
    length="int",
    evidence_uid="string",
    observed="string",  # the value as the event holds it: an address in a range, a host below a domain
    valid="bool",  # the event lies within the indicator's validity
    caution="string",  # why nothing is called compromised by it; null where it may be
)
LIST_SIGHTINGS = analysis(SIGHTINGS, inputs=(SIGHTED, "members"), beside=__file__)
