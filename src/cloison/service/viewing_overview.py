"""What does the first look show: the four questions answered, what to do next, and the path of the intruder?"""

from dataclasses import dataclass

from markupsafe import Markup

from cloison.report.bars import ledger_bar, scope_bar
from cloison.report.dossier import Reach
from cloison.report.questions import Answer, answers
from cloison.report.steps import Step, of_incident, pauses, steps
from cloison.report.swimlane import LEGEND, key, swimlane
from cloison.service.viewing import View

QUESTIONS_LEAD_TO = {"used": "/credentials", "far": "/scope", "closed": "/graph", "provable": "/coverage"}


@dataclass(frozen=True)
class Overview:
    """The answers with their drawings."""

    answers: tuple[Answer, ...]
    next_acts: tuple[str, ...]
    path: Markup
    steps: tuple[Step, ...]
    legend: tuple[tuple[Markup, str], ...]
    ledger: Markup
    reach: tuple[tuple[Reach, Markup], ...]


def overview(view: View) -> Overview:
    """The first look at a case."""
    return view.keeping(("overview",), lambda: _drawn(view))


def _drawn(view: View) -> Overview:
    dossier = view.dossier
    told = of_incident(dossier)
    taken = steps(told)
    return Overview(
        answers(dossier),
        dossier.next_acts,
        swimlane(taken, pauses(told), view.voice),
        tuple(step for step in taken if step.number),
        tuple((key(act), said) for act, said in LEGEND if any(step.act == act for step in taken)),
        ledger_bar(dossier.ledger),
        tuple((one, scope_bar(one)) for one in dossier.reach if one.total is not None),
    )
