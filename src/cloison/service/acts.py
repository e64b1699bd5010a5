"""What can a user do? One typed verb per act; every face calls these and nothing below."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from zoneinfo import available_timezones

import msgspec

from cloison import __version__
from cloison.errors import InputError
from cloison.evidence.custody import links_below
from cloison.hunt.sigma.rules import read_rules
from cloison.report.dossier import Chosen, Dossier
from cloison.scope.spread import REACHES, RULES, purpose
from cloison.service import answers, explaining, rule_checking
from cloison.service.answers import Detected, Table
from cloison.service.case import MEMORY, Case, make_case, open_case
from cloison.service.explaining import Explanation
from cloison.service.exporting import ALL_FORMS as EXPORT_FORMS
from cloison.service.exporting import DETECTING, export
from cloison.service.inputs import Issued
from cloison.service.inputs_kept import give
from cloison.service.investigate import TABLES, investigate, moment
from cloison.service.marking import promoted
from cloison.service.plan import LATER
from cloison.service.progress import Progress
from cloison.service.reporting import AUDIENCES, LANGUAGES, REPORT_FORMS, WantedReport, write_report
from cloison.service.rule_checking import CheckedFile, checked_json, checked_lines, checked_total
from cloison.service.rule_files import keep_rules, shipped_rules
from cloison.service.rule_running import Ran, logsource_of, run_over
from cloison.service.source_checking import Checked, check_source
from cloison.service.source_making import make_source
from cloison.service.sources_known import catalogue_of
from cloison.service.take import Taken, Wanted, take, wanted_files
from cloison.sources.catalogue import shipped
from cloison.sources.words import nearest

__all__ = [
    "AUDIENCES",
    "EXPORT_FORMS",
    "LANGUAGES",
    "MEMORY",
    "REPORT_FORMS",
    "TABLES",
    "Checked",
    "Done",
    "WantedReport",
    "check_rules",
    "check_source",
    "checked_json",
    "checked_lines",
    "checked_total",
    "describe_source",
    "detect",
    "explain",
    "explanation_json",
    "export_case",
    "investigate_all",
    "list_detection_rules",
    "list_rules",
    "list_sources",
    "make_source",
    "report",
    "run_rules",
    "show",
    "take_evidence",
]


@dataclass(frozen=True)
class Done:
    """The answer of an investigation, and where its report lies."""

    dossier: Dossier
    report: Path

    def dossier_json(self) -> dict[str, object]:
        """The answer as JSON holds it."""
        return {**asdict(self.dossier), "report": str(self.report)}


def investigate_all(
    folder: Path,
    evidence: list[Path],
    sources: list[tuple[str, Path]],
    inputs: dict[str, list[Path]],
    *,
    rules: Sequence[Path] = (),
    since: str | None,
    until: str | None,
    zone: str | None = None,
    by_reference: bool,
    memory: str = MEMORY,
    progress: Progress,
) -> Done:
    """Make or open a case, take evidence and inputs into it, investigate, and write the report.

    Raises:
        CloisonError: whatever a user has to know; the case stays usable.
    """
    window = {"since": _time(since, "--from"), "until": _time(until, "--to"), "zone": _zone(zone)}
    case = make_case(folder, written_by=__version__)
    catalogue = catalogue_of(case)
    issued = Issued(catalogue.ids(), catalogue.named())
    give(case, inputs, catalogue.system_of, issued, progress.note)
    keep_rules(case, rules)
    _set_window(case, {name: value for name, value in window.items() if value})
    files = _files(evidence, sources, progress)
    if files:
        take(case, files, catalogue, progress, by_reference=by_reference)
    elif evidence or sources:
        raise InputError(
            "no file in the evidence given", where=", ".join(map(str, evidence)), remedy="name a folder that holds logs"
        )
    investigate(case, catalogue, progress, memory=memory)
    dossier = answers.dossier(case)
    return Done(dossier, write_report(case, dossier, WantedReport()))


def _set_window(case: Case, window: dict[str, str]) -> None:
    described = case.read()
    changed = msgspec.structs.replace(described, **window)
    if changed != described:
        case.write(changed)


def _time(text: str | None, option: str) -> str:
    if not text:
        return ""
    found = moment(text)
    if found is None:
        raise InputError(f"{text!r} is no time", where=option, remedy="write 2023-11-14T09:00:00Z")
    return found.isoformat()


def _zone(name: str | None) -> str:
    if name and name not in available_timezones():
        raise InputError(f"{name!r} is no time zone", where="--zone", remedy="write an IANA name like Europe/Paris")
    return name or ""


def take_evidence(
    folder: Path, paths: list[Path], sources: list[tuple[str, Path]], *, by_reference: bool, progress: Progress
) -> Taken:
    """Take evidence into a case, made if absent."""
    files = _files(paths, sources, progress)
    case = make_case(folder, written_by=__version__)
    if not files:
        raise InputError(
            "no file in the evidence given", where=", ".join(map(str, paths)), remedy="name a folder that holds logs"
        )
    return take(case, files, catalogue_of(case), progress, by_reference=by_reference)


def _files(paths: list[Path], sources: list[tuple[str, Path]], progress: Progress) -> list[Wanted]:
    """The files to take; links are not followed, and that is said."""
    links = links_below(paths)
    if links:
        progress.note(f"{len(links)} symbolic links were not followed, the first is {links[0]}")
    return wanted_files(paths, sources)


def show(folder: Path, name: str, *, progress: Progress) -> Table:
    """One table of a case, made anew if anything has changed since."""
    if name not in TABLES:
        raise InputError(f"no table {name!r}", remedy=f"the tables are: {', '.join(TABLES)}")
    return answers.table(_answered(folder, progress, detecting=name in LATER), name)


def explain(folder: Path, uid: str, *, limit: int, progress: Progress) -> Explanation:
    """What stands behind a uid, down to the raw records."""
    case = _answered(folder, progress)
    return explaining.explain(case, uid, catalogue_of(case), limit=limit)


def explanation_json(found: Explanation) -> dict[str, object]:
    """An explanation as JSON holds it; raw bytes that are not UTF-8 are replaced, their place stays exact."""
    records = [{**asdict(one), "raw": one.raw.decode("utf-8", "replace")} for one in found.records]
    rows = [{"table": name, **row} for name, row in found.rows]
    return {"uid": found.uid, "rows": rows, "chain": found.chain, "records": records, "more": found.more}


def report(folder: Path, wanted: WantedReport, *, progress: Progress) -> Path:
    """Write a report of a case; the rules run first if what they detect is wanted in it."""
    case = _answered(folder, progress, detecting=wanted.detections)
    chosen = [Chosen(one.about, one.who, one.text) for one in promoted(case)]
    return write_report(case, answers.dossier(case, detecting=wanted.detections, chosen=chosen), wanted)


def export_case(folder: Path, form: str, to: Path, *, progress: Progress) -> list[Path]:
    """Hand the answers of a case on in one of `EXPORT_FORMS`."""
    return export(_answered(folder, progress, detecting=form in DETECTING), form, to)


def detect(folder: Path, *, memory: str = MEMORY, progress: Progress) -> Detected:
    """Run the rules over the events of a case, if they have not run since anything changed."""
    case = open_case(folder)
    investigate(case, catalogue_of(case), progress, memory=memory, detecting=True)
    return answers.detected(case)


def _answered(folder: Path, progress: Progress, *, detecting: bool = False) -> Case:
    case = open_case(folder)
    investigate(case, catalogue_of(case), progress, detecting=detecting)
    return case


def list_rules() -> list[dict[str, str]]:
    """How compromise spreads: each rule with what it leads from and to, its ATT&CK technique, and what it says."""
    spread = [(rule, purpose(rule)) for rule in RULES]
    reached = [(rule, f"{rule.says[0].upper()}{rule.says[1:]}.") for rule in REACHES]
    return [{"name": one.name, "technique": one.technique, "when": when} for one, when in (*spread, *reached)]


def list_detection_rules() -> list[dict[str, object]]:
    """Every detection rule that ships: what it looks for, in which logs, and its tags."""
    read = read_rules(shipped_rules())
    return [
        {
            "rule_uid": one.said.uid,
            "title": one.said.title,
            "level": one.said.level,
            "logsource": str(one.logsource),
            "tags": list(one.said.tags),
            "origin": one.said.origin,
        }
        for one in sorted(read.rules, key=lambda one: (one.said.origin, one.said.title))
    ]


def run_rules(
    rules: list[Path], paths: list[Path], logsource: str, *, time: str = "", memory: str = MEMORY, progress: Progress
) -> Ran:
    """Run rules over files of JSON lines, without a case."""
    return run_over(rules, paths, logsource_of(logsource), progress, time=time, memory=memory)


def check_rules(folder: Path) -> Iterator[CheckedFile]:
    """What becomes of each rule file at or below a path, one after another."""
    return rule_checking.check_rules(folder, shipped())


def list_sources() -> list[dict[str, object]]:
    """Every shipped source: what it can say, prove and not show."""
    return [
        {
            "name": spec.name,
            "title": spec.title,
            "system": spec.system,
            "carriers": [carrier.name for carrier in spec.carrier],
            "proofs": [rule.says for rule in spec.rotation if rule.proves],
            "not_proofs": [rule.says for rule in spec.rotation if not rule.proves],
            "blind": [f"{blind.text}{f' (level: {blind.level})' if blind.level else ''}" for blind in spec.blind],
        }
        for spec in shipped().specs.values()
    ]


def describe_source(name: str) -> dict[str, object]:
    """One shipped source in full: also how it is recognised, what it always shows, and where it is described.

    Raises:
        InputError: there is no such source.
    """
    known = {str(one["name"]): one for one in list_sources()}
    if name not in known:
        raise InputError(f"no source {name!r}", remedy=nearest(name, list(known)))
    spec = shipped().specs[name]
    return {
        **known[name],
        "also_called": list(spec.system_aliases),
        "recognised_by": {
            one.name: "a grammar of its lines" if one.kind == "lines" else [*one.all, *one.any, *one.match]
            for one in spec.carrier
        },
        "shows": {
            "use by the credential's id": list(spec.shows.uses),
            "use under its owner's name": list(spec.shows.accounts),
            "access": list(spec.shows.access),
        },
        "late_by": spec.delivery.lag or "",
        "kept_for": spec.delivery.retention or "",
        "reference": spec.reference,
    }
