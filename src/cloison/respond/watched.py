"""Would a use of each exposed credential have been seen since the record of its end: in which log, save which hours?"""

from cloison.lake.analysis import analysis
from cloison.lake.coverage import COVERAGE, HOLES, SILENCES
from cloison.model.contract import contract
from cloison.respond.said import SAID

WATCHED = contract(
    "watched",
    key=("exposed_uid", "ended_by"),
    exposed_uid="string",
    ended_by="string",  # the event that records an end; empty: none is recorded, or no log that would show it is there
    whole="bool",  # a log shows every hour that counts, and the issuer's log those in which it could come back
    by_logs="string",  # the logs that do
    gap="string",  # the hours that are missing, by log
    logs="string",  # the known logs that would show its use, in the case or not
)
FIND_WATCHED = analysis(
    WATCHED,
    inputs=("exposed", SAID, "shown_uses", "use_kinds", COVERAGE, SILENCES, HOLES, "asked_for"),
    beside=__file__,
)
