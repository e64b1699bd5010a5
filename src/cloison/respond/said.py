"""What did the issuers record about the life of each exposed credential, and which of it ends that life?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS

SAID = contract(
    "said",
    key=("exposed_uid", "time", "event_uid"),
    exposed_uid="string",
    event_uid="string",
    time="timestamp",
    source="string",  # the log that holds the record
    system="string",
    effect="string",
    says="string",
    kinds="strings",  # of which kinds of credential the record speaks
    state="string",  # what the credential is from then on: deleted, revoked, disabled, changed, refreshed, none
    ends="bool",  # it proves the end, and no later record undoes it
)
HEAR = analysis(SAID, inputs=("exposed", EVENTS, "rotation_rules", "rotation_states"), beside=__file__)
