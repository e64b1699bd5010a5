"""Is every exposed credential provably dead? Proven, refuted, or unknown with its gap named; never merely believed.

Proven needs the issuer's own record of its end, a log that would show its use and that covers the time from then to
the horizon without a hole, and no success in it by the credential or by what it minted.
"""

from cloison.lake.analysis import analysis
from cloison.lake.coverage import COVERAGE
from cloison.model.contract import contract
from cloison.respond.said import SAID
from cloison.respond.uses import USES
from cloison.respond.watched import WATCHED

ROTATIONS = contract(
    "rotations",
    key=("system", "kind", "credential_uid", "principal"),
    credential_uid="string",
    system="string",
    kind="string",
    principal="string",
    exposed_at="timestamp",
    verdict="string",
    why="string",
    revoked_at="timestamp",
    last_use_at="timestamp",
    uses_after_exposure="int",
    misused="bool",
    revoked_by="string",  # event_uid
    last_use="string",  # event_uid
    exposed_uid="string",
    more="string",  # the ledger's other columns, as a JSON object
    state="string",  # deleted, revoked, disabled (it can be enabled again), changed, refreshed, none
    as_of="timestamp",  # the moment of which the verdict speaks: the case's `until`, else its last record
    covered_by="string",  # the logs that would show its use and cover the time from its end to `as_of`
    gap="string",  # the hours since its end that no such log covers: log from/to
    outlived_by="string",  # a session or token that it had opened and that worked after its end
    outlived_use="string",  # event_uid of the last such success
)
JUDGE_ROTATIONS = analysis(ROTATIONS, inputs=("exposed", SAID, USES, WATCHED, COVERAGE, "asked_for"), beside=__file__)
