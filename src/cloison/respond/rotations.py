"""Is every exposed credential provably dead? Proven, refuted, or unknown with its gap named; never merely believed."""

from cloison.lake.analysis import analysis
from cloison.lake.coverage import COVERAGE
from cloison.model.contract import contract
from cloison.ocsf.events import EVENTS
from cloison.scope.acts import ACTS
from cloison.scope.spread import COMPROMISE

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
)
JUDGE_ROTATIONS = analysis(
    ROTATIONS,
    inputs=("exposed", EVENTS, ACTS, COMPROMISE, "rotation_rules", COVERAGE),
    beside=__file__,
)
