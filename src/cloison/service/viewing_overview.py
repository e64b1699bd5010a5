"""What does the first look show: the four questions answered, what to do next, and the path of the intruder?"""

from dataclasses import dataclass

from markupsafe import Markup

from cloison.report.bars import ledger_bar, scope_bar
from cloison.report.document import Answer
from cloison.report.dossier import Reach
from cloison.report.html import marked
from cloison.report.questions import answers
from cloison.report.steps import Step, of_incident, pauses, steps
from cloison.report.swimlane import LEGEND, key, swimlane
from cloison.report.teller import Teller
from cloison.report.telling import todo
from cloison.report.tongues import TONGUES
from cloison.service.viewing import View

QUESTIONS_LEAD_TO = {"used": "/credentials", "far": "/scope", "closed": "/graph", "provable": "/coverage"}


@dataclass(frozen=True)
class Overview:
    """The answers with their drawings; `lines` are those of each answer, by its name."""

    answers: tuple[Answer, ...]
    lines: dict[str, tuple[Markup, ...]]
    next_acts: tuple[Markup, ...]
    path: Markup
    steps: tuple[Step, ...]
    legend: tuple[tuple[Markup, str], ...]
    ledger: Markup
    reach: tuple[tuple[Reach, Markup], ...]


def overview(view: View) -> Overview:
    """The first look at a case."""
    return view.keeping(("overview",), lambda: _drawn(view))


def _drawn(view: View) -> Overview:
    dossier, teller = view.dossier, Teller(TONGUES["en"], view.voice)
    told = of_incident(dossier)
    taken = steps(told)
    found = answers(dossier, teller)
    return Overview(
        found,
        {one.uid: tuple(map(marked, one.lines)) for one in found},
        tuple(dict.fromkeys(marked(todo(teller, one)) for one in dossier.todo)),
        swimlane(taken, pauses(told), teller),
        tuple(step for step in taken if step.number),
        tuple((key(act), teller.say(f"legend.{act}")) for act in LEGEND if any(step.act == act for step in taken)),
        ledger_bar(dossier.ledger, teller),
        tuple((one, scope_bar(one)) for one in dossier.reach if one.total is not None),
    )
