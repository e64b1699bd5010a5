"""Write the report of a case: in which form, in which language, for whom, and where to?"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from cloison.errors import InputError
from cloison.report.composing import Wish, compose
from cloison.report.dossier import Dossier
from cloison.service.case import Case
from cloison.sources.catalogue import shipped

REPORT_FORMS = {"html": "html", "pdf": "paper", "md": "markdown", "docx": "word"}
"""Each form, which is the ending of its file too, and the renderer that writes it, loaded when it is asked for."""
LANGUAGES = ("en", "fr")
AUDIENCES = ("technical", "public")


@dataclass(frozen=True)
class WantedReport:
    """What kind of report is wanted; `to` is where it is written, of itself below the case's `report/`."""

    form: str = "html"
    lang: str = "en"
    audience: str = "technical"
    detections: bool = False
    to: Path | None = None

    @property
    def command(self) -> str:
        """The command that writes such a report."""
        said = [f"--format {self.form}"] * (self.form != "html") + [f"--lang {self.lang}"] * (self.lang != "en")
        said += [f"--audience {self.audience}"] * (self.audience != "technical")
        said += ["--no-detections"] * (not self.detections)
        return " ".join(["cloison report CASE", *said])

    def path(self, case: Case) -> Path:
        """Where it is written: `report.html`, `report.fr.pdf`, `report.public.md`."""
        kind = [self.lang] * (self.lang != "en") + [self.audience] * (self.audience != "technical")
        return self.to or case.report / ".".join(["report", *kind, self.form])


def write_report(case: Case, dossier: Dossier, wanted: WantedReport) -> Path:
    """Write the report, whole or not at all, and return where it lies.

    Raises:
        InputError: it cannot be written there.
    """
    renderer = import_module(f"cloison.report.{REPORT_FORMS[wanted.form]}")
    named = shipped().specs
    known = frozenset({*named, *(spec.system for spec in named.values())})
    wish = Wish(wanted.lang, public=wanted.audience == "public", command=wanted.command, known=known)
    path = wanted.path(case)
    draft = path.with_name(f"{path.name}.draft")
    try:
        draft.write_bytes(renderer.write(compose(dossier, wish)))
        return draft.replace(path)
    except OSError as fault:
        raise InputError(
            f"cannot be written: {fault.strerror}", where=str(path), remedy="name another place"
        ) from fault
    finally:
        draft.unlink(missing_ok=True)
