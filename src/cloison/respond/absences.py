"""What did the intruder not do: 0 of how many events of each kind in each system, in which hours, with which gaps?

Proven means: a log that shows this kind of access covers every hour from the exposure to the horizon, at the logging
level that it takes, and none of its events is the intruder's. Anything less is unknown, and the hours are named.
"""

from cloison.lake.analysis import analysis
from cloison.lake.coverage import COVERAGE, HOLES, LEVELS, SILENCES
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS
from cloison.scope.acts import ACTS
from cloison.scope.spread import COMPROMISE

ABSENCES = contract(
    "absences",
    key=("system", "access"),
    system="string",
    access="string",  # logins, reads, exports, account_changes, credential_changes, app_changes, configuration, egress
    verdict="string",  # proven (absent), refuted (it was seen), unknown
    seen="int",  # events by proven compromised sessions, addresses and hosts
    events="int",  # of how many events of this kind since the exposure
    why="string",
    from_at="timestamp",  # the exposure, else the first record of the case
    as_of="timestamp",  # the case's `until`, else its last record
    covered_hours="int",  # of the log that covers most, less its holes
    gaps="strings",  # hours and levels that are missing, by log; each log has its row in `coverage`
    covered_by="string",  # the logs that show it and miss nothing
    suspected="int",  # events by suspected sessions and addresses: they could be the intruder's
    by_principals="int",  # other events of compromised principals, whose owners work on
    event_uid="string",  # the first event that was seen
)
STATE_ABSENCES = analysis(
    ABSENCES,
    inputs=(
        EVENTS,
        ACTS,
        COMPROMISE,
        COVERAGE,
        SILENCES,
        HOLES,
        LEVELS,
        "exposed",
        "shown_access",
        "level_ranks",
        "opening",
        "asked_for",
    ),
    beside=__file__,
)
