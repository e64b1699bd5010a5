"""Which analyses are there, and in which order do they run? Sorted by what they read; no hand-kept list."""

from graphlib import TopologicalSorter

from cloison.hunt.sweep import SWEEP
from cloison.lake.analysis import Analysis
from cloison.lake.coverage import MEASURE_COVERAGE
from cloison.report.timeline import TELL_TIMELINE
from cloison.respond.rotations import JUDGE_ROTATIONS
from cloison.scope.acts import DRAW_ACTS
from cloison.scope.answers import COUNT_SCOPE, JUDGE_SESSIONS, LIST_COMPROMISED, LIST_TOUCHED
from cloison.scope.drawn import DRAW_SESSIONS, LEARN_HABITS

ANALYSES: tuple[Analysis, ...] = (
    MEASURE_COVERAGE,
    SWEEP,
    DRAW_ACTS,
    DRAW_SESSIONS,
    LEARN_HABITS,
    JUDGE_SESSIONS,
    LIST_COMPROMISED,
    LIST_TOUCHED,
    COUNT_SCOPE,
    JUDGE_ROTATIONS,
    TELL_TIMELINE,
)
ANSWERS = ("coverage", "sightings", "sessions", "compromised", "touched", "scope", "rotations", "timeline")
"""The tables that a user sees, besides `account` and `rejects`."""


def ordered(made_between: dict[str, tuple[str, ...]]) -> list[str]:
    """The names of all tables in an order in which each comes after what it reads.

    Args:
        made_between: tables that are not made by one SQL file, with what they read.
    """
    reads = {one.contract.name: set(one.inputs) for one in ANALYSES}
    reads |= {name: set(inputs) for name, inputs in made_between.items()}
    return [name for name in TopologicalSorter(reads).static_order() if name in reads]
