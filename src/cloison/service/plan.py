"""Which analyses are there, and in which order do they run? Sorted by what they read; no hand-kept list."""

from collections.abc import Iterable
from graphlib import TopologicalSorter

from cloison.hunt.context import COUNT_DAYS, GATHER_MARKS, LEARN_CONTEXT, TELL_KINDS
from cloison.hunt.sigma.detecting import DETECT
from cloison.hunt.sigma.detections import LIST_DETECTIONS
from cloison.hunt.sweep import LIST_SIGHTINGS, PLACE_SIGHTED, SWEEP
from cloison.lake.account import KEEP_ACCOUNT, LIST_REJECTS
from cloison.lake.analysis import Analysis, Procedure
from cloison.lake.coverage import FIND_HOLES, LEARN_SILENCES, MEASURE_COVERAGE, READ_LEVELS, TAKE_PULSE
from cloison.model.contract import Contract
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
from cloison.scope.spread import SPREAD
from cloison.scope.threads import CUT_PIECES, NAME_THREADS, TIME_STRETCHES

ANALYSES: tuple[Analysis, ...] = (
    COUNT_DAYS,
    COUNT_SCOPE,
    COUNT_USES,
    CUT_PIECES,
    DRAW_SESSIONS,
    FIND_HOMES,
    FIND_HOLES,
    FIND_WATCHED,
    GATHER_MARKS,
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
    LIST_DETECTIONS,
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
    TELL_KINDS,
    TELL_TIMELINE,
    TIME_STRETCHES,
)
ANSWERS = (
    "account",
    "rejects",
    "coverage",
    "sightings",
    "detections",
    "rules_run",
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

LATER = ("detections", "rules_run")
"""The tables that are made when they are asked for: many rules over every event take longer than all other answers."""

SEALED = tuple(name for name in KEPT if name not in LATER)
"""The tables that a sealed case holds; beside them those of `LATER`, where they were made."""

PROCEDURES: tuple[Procedure, ...] = (SPREAD, LEARN_CONTEXT, DETECT)
"""The steps that are no single SQL file: compromise spread until nothing new is reached, the context of events,
and rules run over them."""

Step = Analysis | Procedure

STEPS: tuple[Step, ...] = (*ANALYSES, *PROCEDURES)


def made_by(step: Step) -> tuple[str, ...]:
    """The tables that a step makes."""
    return (step.contract.name,) if isinstance(step, Analysis) else tuple(one.name for one in step.makes)


def contracts() -> dict[str, Contract]:
    """Every table that the plan makes, by name."""
    made = [one.contract for one in ANALYSES] + [one for step in PROCEDURES for one in step.makes]
    return {one.name: one for one in made}


def ordered() -> list[Step]:
    """Every step in an order in which each comes after what it reads."""
    steps = {made_by(step)[0]: step for step in STEPS}
    maker = {name: first for first, step in steps.items() for name in made_by(step)}
    reads = {first: sorted({maker[name] for name in step.inputs if name in maker}) for first, step in steps.items()}
    return [steps[first] for first in TopologicalSorter(reads).static_order()]


def steps_to(tables: Iterable[str]) -> list[Step]:
    """The steps that these tables take, in order."""
    maker = {name: step for step in STEPS for name in made_by(step)}
    taken: set[str] = set()
    ahead = list(tables)
    while ahead:
        name = ahead.pop()
        if name in maker and name not in taken:
            taken.add(name)
            ahead += maker[name].inputs
    return [step for step in ordered() if taken.intersection(made_by(step))]
