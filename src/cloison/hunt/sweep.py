"""Was any indicator seen, and in which event?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS

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
)
SWEEP = analysis(SIGHTINGS, inputs=(EVENTS, "indicators", "addresses", "members"), beside=__file__)
