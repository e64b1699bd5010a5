"""Which analyses are there, and in which order do they run? Sorted by what they read; no hand-kept list."""

from graphlib import TopologicalSorter
from typing import Literal

from cloison.hunt.sweep import LIST_SIGHTINGS, PLACE_SIGHTED, SWEEP
from cloison.lake.account import KEEP_ACCOUNT, LIST_REJECTS
from cloison.lake.analysis import Analysis
from cloison.lake.coverage import FIND_HOLES, LEARN_SILENCES, MEASURE_COVERAGE, READ_LEVELS, TAKE_PULSE
from cloison.report.timeline import TELL_TIMELINE
from cloison.respond.absences import STATE_ABSENCES
from cloison.respond.rotations import JUDGE_ROTATIONS
from cloison.respond.said import HEAR
from cloison.respond.uses import COUNT_USES
from cloison.respond.watched import FIND_WATCHED
from cloison.scope.answers import COUNT_SCOPE, JUDGE_SESSIONS, LIST_COMPROMISED, LIST_TOUCHED
from cloison.scope.closings import LIST_CLOSINGS
from cloison.scope.drawn import DRAW_SESSIONS, FIND_HOMES, LEARN_HABITS, LIST_SESSION_IPS
from cloison.scope.exposure import JUDGE_MISUSE, MATCH_EXPOSED, NAME_EXPOSED
from cloison.scope.flows import LEARN_FLOW_HABITS
from cloison.scope.spread import MAKES, READS
from cloison.scope.threads import CUT_PIECES, NAME_THREADS, TIME_STRETCHES

ANALYSES: tuple[Analysis, ...] = (
    COUNT_SCOPE,
    COUNT_USES,
    CUT_PIECES,
    DRAW_SESSIONS,
    FIND_HOMES,
    FIND_HOLES,
    FIND_WATCHED,
    HEAR,
    JUDGE_MISUSE,
    JUDGE_ROTATIONS,
    JUDGE_SESSIONS,
    KEEP_ACCOUNT,
    LEARN_FLOW_HABITS,
    LEARN_HABITS,
    LEARN_SILENCES,
    LIST_CLOSINGS,
    LIST_COMPROMISED,
    LIST_REJECTS,
    LIST_SESSION_IPS,
    LIST_SIGHTINGS,
    LIST_TOUCHED,
    MATCH_EXPOSED,
    MEASURE_COVERAGE,
    NAME_EXPOSED,
    NAME_THREADS,
    PLACE_SIGHTED,
    READ_LEVELS,
    STATE_ABSENCES,
    SWEEP,
    TAKE_PULSE,
    TELL_TIMELINE,
    TIME_STRETCHES,
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
    "absences",
    "timeline",
)
"""The tables that a user sees."""
KEPT = (*ANSWERS, "acts", "closings", "said", "uses", "watched")
"""The tables that are kept: beside the answers what some of them are made from, so that anyone can make these again."""

SPREAD: Literal["spread"] = "spread"
"""The one step that is no single SQL file: compromise spread by rules until nothing new is reached."""


def ordered() -> list[Analysis | Literal["spread"]]:
    """Every step in an order in which each comes after what it reads."""
    steps = {one.contract.name: one for one in ANALYSES}
    spread = {one.name for one in MAKES}
    reads = {name: sorted({SPREAD if one in spread else one for one in made.inputs}) for name, made in steps.items()}
    order = TopologicalSorter({**reads, SPREAD: READS}).static_order()
    return [steps.get(name, SPREAD) for name in order if name in steps or name == SPREAD]
