"""Which sessions came in with an exposed credential, or as an exposed account, as whom, and against whose habit?"""

from cloison.lake.analysis import analysis
from cloison.lake.coverage import COVERAGE
from cloison.model.contract import contract
from cloison.scope.drawn import DRAWN, HABITS
from cloison.scope.threads import PIECES

EXPOSED_SESSIONS = contract(
    "exposed_sessions",
    key=("session_uid", "exposed_uid"),
    session_uid="string",
    exposed_at="timestamp",
    exposed_uid="string",
    sure="bool",  # by the credential's id, or by the account's name in its own system
)
MATCH_EXPOSED = analysis(EXPOSED_SESSIONS, inputs=("exposed", PIECES), beside=__file__)

EXPOSED_PRINCIPALS = contract(
    "exposed_principals",
    key=("system", "principal"),
    system="string",
    principal="string",
    machine="bool",  # what is exposed of it belongs to a machine, whose client and place do not change by themselves
)
NAME_EXPOSED = analysis(EXPOSED_PRINCIPALS, inputs=(EXPOSED_SESSIONS, DRAWN, "exposed"), beside=__file__)

MISUSE = contract(
    "misuse",
    key=("session_uid", "since"),
    session_uid="string",
    system="string",
    since="timestamp",
    standing="int",  # 2 proven, 1 suspected
    exposed_uid="string",
    event_uid="string",
)
JUDGE_MISUSE = analysis(MISUSE, inputs=(EXPOSED_SESSIONS, DRAWN, HABITS, COVERAGE, "exposed"), beside=__file__)
