"""How is the dossier told as one HTML file that needs no network?

Every value that the templates print goes through the voice (`finalize`) and is then escaped by Jinja; drawings are
built element by element, and their texts take the same two steps.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cloison.model.wording import plural
from cloison.report import sheets
from cloison.report.bars import coverage_strips, ledger_bar, scope_bar
from cloison.report.dossier import Dossier
from cloison.report.questions import answers
from cloison.report.steps import aside, of_incident, pauses, steps
from cloison.report.swimlane import LEGEND, key, swimlane
from cloison.report.words import Voice, voice_of

_TEMPLATES = Path(__file__).parent / "templates"
FIRST_ACTS = 10
"""So many next acts are open to the eye; the others are behind a line that says how many."""


def write_report(dossier: Dossier, folder: Path) -> Path:
    """Write `report.html` below the folder and return its path."""
    path = folder / "report.html"
    draft = folder / "report.draft"
    draft.write_text(render(dossier), encoding="utf-8", newline="\n")
    return draft.replace(path)


def render(dossier: Dossier) -> str:
    """The whole page as text; the same dossier gives the same bytes."""
    voice = voice_of(dossier)
    page = _environment(voice).get_template("report.html.j2")
    return page.render(dossier=dossier, answers=answers(dossier), **_drawings(dossier, voice), **_sheets(dossier))


def _environment(voice: Voice) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=voice,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["plural"] = plural
    return environment


def _drawings(dossier: Dossier, voice: Voice) -> dict[str, object]:
    told = of_incident(dossier)
    taken = steps(told)
    return {
        "path": swimlane(taken, pauses(told), voice),
        "steps": [step for step in taken if step.number],
        "pauses": pauses(told),
        "legend": [(key(act), said) for act, said in LEGEND if any(step.act == act for step in taken)],
        "scope_bars": [(one, scope_bar(one)) for one in dossier.reach if one.total is not None],
        "ledger_bar": ledger_bar(dossier.ledger),
        "coverage_strips": coverage_strips(dossier.coverage, voice),
        "first_acts": FIRST_ACTS,
    }


def _sheets(dossier: Dossier) -> dict[str, object]:
    proven = [one for one in dossier.held if one.standing == "proven"]
    other = [one for one in dossier.held if one.standing != "proven"]
    return {
        "uncounted": sheets.uncounted(dossier.reach),
        "entries": sheets.entries(dossier.entries),
        "compromised": sheets.compromised(proven, "What is proven to be compromised"),
        "suspected": sheets.compromised(other, "What is suspected only"),
        "ledger": sheets.ledger_rows(dossier.ledger.open_rows),
        "denied": sheets.moments(dossier.denied, "Doors that a proven intruder tried and that held", "touched"),
        "indicators": sheets.indicators(dossier),
        "unknowns": sheets.unknowns(dossier),
        "timeline": sheets.moments(of_incident(dossier), "What happened, in order"),
        "aside": sheets.moments(aside(dossier), "Suspected, or closing what was only suspected"),
        "coverage": sheets.coverage(dossier.coverage),
    }
