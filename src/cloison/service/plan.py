"""Which analyses are there, and in which order do they run? Sorted by what they read; no hand-kept list."""

from graphlib import TopologicalSorter
from typing import Literal

from cloison.hunt.sweep import SWEEP
from cloison.lake.account import KEEP_ACCOUNT, LIST_REJECTS
from cloison.lake.analysis import Analysis
from cloison.lake.coverage import MEASURE_COVERAGE
from cloison.report.timeline import TELL_TIMELINE
from cloison.respond.rotations import JUDGE_ROTATIONS
from cloison.scope.acts import DRAW_ACTS
from cloison.scope.answers import COUNT_SCOPE, JUDGE_SESSIONS, LIST_COMPROMISED, LIST_TOUCHED
from cloison.scope.drawn import DRAW_SESSIONS, LEARN_HABITS, LIST_SESSION_IPS
from cloison.scope.exposure import JUDGE_MISUSE, MATCH_EXPOSED, NAME_EXPOSED
from cloison.scope.flows import LEARN_FLOW_HABITS, LIST_FLOWS
from cloison.scope.spread import COMPROMISE, READS

ANALYSES: tuple[Analysis, ...] = (
    COUNT_SCOPE,
    DRAW_ACTS,
    DRAW_SESSIONS,
    JUDGE_MISUSE,
    JUDGE_ROTATIONS,
    JUDGE_SESSIONS,
    KEEP_ACCOUNT,
    LEARN_FLOW_HABITS,
    LEARN_HABITS,
    LIST_COMPROMISED,
    LIST_FLOWS,
    LIST_REJECTS,
    LIST_SESSION_IPS,
    LIST_TOUCHED,
    MATCH_EXPOSED,
    MEASURE_COVERAGE,
    NAME_EXPOSED,
    SWEEP,
    TELL_TIMELINE,
)
ANSWERS = (
    "account",
    "rejects",
    "coverage",
    "sightings",
    "sessions",
    "compromised",
    "touched",
    "scope",
    "rotations",
    "timeline",
)
"""The tables that a user sees."""

SPREAD: Literal["spread"] = "spread"
"""The one step that is no single SQL file: compromise spread by rules until nothing new is reached."""


def ordered() -> list[Analysis | Literal["spread"]]:
    """Every step in an order in which each comes after what it reads."""
    steps = {one.contract.name: one for one in ANALYSES}
    reads = {name: set(one.inputs) for name, one in steps.items()} | {COMPROMISE.name: set(READS)}
    order = [name for name in TopologicalSorter(reads).static_order() if name in reads]
    return [steps.get(name, SPREAD) for name in order]
