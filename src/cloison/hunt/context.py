"""What is true of an event that its record alone does not say: about its principal, its network, its credential?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract

CONTEXT = contract(
    "context",
    key=("event_uid",),
    event_uid="string",
    principal_kind="string",  # person, service, unknown
    network_new="bool",  # the principal's first event from this /24 or /64, though it was seen before
    client_new="bool",  # the same of its client
    dormant_days="int",  # whole days since the principal's last event in that system; null at the first
    first_act="bool",  # a new kind of act for this principal
    credential_exposed="bool",  # the credential was exposed by then
    credential_first_use="bool",  # the first use of an exposed credential after its exposure
    after_revocation="bool",  # a success of a credential that had been proven ended
    target_kind="string",  # person, service, unknown: of the target principal
    own_network="bool",  # from an own network; null where none were given
    indicator="bool",  # a sighting lies on the event
    session_moved="bool",  # this session was on another network and another client before
)
LEARN_CONTEXT = analysis(CONTEXT, inputs=("events",), beside=__file__)
