"""From when to when does each source speak, and in which hours is it silent against its own rhythm?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS

COVERAGE = contract(
    "coverage",
    key=("source", "system"),
    source="string",
    system="string",
    first_at="timestamp",
    last_at="timestamp",
    events="int",
    gaps="strings",  # "from/to": hours without an event where the source's rhythm of that hour would have several
)
MEASURE_COVERAGE = analysis(COVERAGE, inputs=(EVENTS,), beside=__file__)
