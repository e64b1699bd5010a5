"""What has somebody ended: an account, an app, a credential?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS

CLOSINGS = contract(
    "closings",
    key=("kind", "system", "uid", "time", "event_uid"),
    kind="string",  # principal, app, credential
    system="string",
    uid="string",
    time="timestamp",
    event_uid="string",
    principal="string",  # who ended it
)
LIST_CLOSINGS = analysis(CLOSINGS, inputs=(EVENTS,), beside=__file__)
