"""What became of every record: received = stored + duplicate + rejected, always; and which were rejected, and why?"""

from cloison.lake.analysis import analysis
from cloison.model.contract import contract

ACCOUNT = contract(
    "account",
    key=("evidence", "source", "evidence_uid"),
    evidence="string",
    source="string",  # empty for what no source recognised
    received="int",
    stored="int",
    duplicate="int",  # told by another record too, which stands for the event
    rejected="int",
    unrecognised="int",  # of the rejected: recognised by no source
    evidence_uid="string",
)
KEEP_ACCOUNT = analysis(ACCOUNT, inputs=("tallies", "refused", "members", "raw_events", "left_out"), beside=__file__)

REJECTS = contract(
    "rejects",
    key=("evidence", "offset", "length", "reason", "evidence_uid"),
    evidence="string",
    offset="int",
    length="int",
    reason="string",
    evidence_uid="string",
)
LIST_REJECTS = analysis(REJECTS, inputs=("refused", "members"), beside=__file__)
