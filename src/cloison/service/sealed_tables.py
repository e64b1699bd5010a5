"""Which tables does a seal hold, and how are they staged from a case?"""

from collections.abc import Iterable, Mapping

import duckdb

from cloison.evidence.journal import Journal
from cloison.evidence.logbook import Entry
from cloison.lake.scene import stage_rows
from cloison.lake.seal.rows import read
from cloison.service.case import Case
from cloison.service.inputs_kept import given
from cloison.service.investigate import moment
from cloison.service.plan import LATER, SEALED, contracts
from cloison.service.rule_files import rule_files
from cloison.service.sealed_inputs import KINDS, columns_of, rows_of
from cloison.sources.paths import quoted

EVIDENCE, MEMBERS, TALLIES, REFUSED, LOGBOOK = (
    f"custody/{name}" for name in ("evidence", "members", "tallies", "refused", "logbook")
)
FILES, WINDOW, RULE_TEXTS = "given/files", "given/window", "given/rules"
Columns = Mapping[str, str]

_TEXT = "VARCHAR"
CUSTODY: Mapping[str, Columns] = {
    EVIDENCE: dict.fromkeys(("sha256", "label"), _TEXT)
    | {"size": "BIGINT"}
    | dict.fromkeys(("origin", "source", "taken_at", "taken_by", "written_at"), _TEXT),
    MEMBERS: dict.fromkeys(("uid", "sha256", "name"), _TEXT) | {"size": "BIGINT", "fault": _TEXT, "received": "BIGINT"},
    TALLIES: {"member_uid": _TEXT, "source": _TEXT, "stored": "BIGINT"},
    REFUSED: {"member_uid": _TEXT, "offset": "BIGINT", "length": "BIGINT", "reason": _TEXT, "source": _TEXT},
    LOGBOOK: {"number": "BIGINT"} | dict.fromkeys(("at", "who", "kind", "about", "text", "previous", "digest"), _TEXT),
}
GIVEN: Mapping[str, Columns] = {
    FILES: dict.fromkeys(("kind", "name", "sha256"), _TEXT),
    RULE_TEXTS: {"origin": _TEXT, "text": _TEXT},
    WINDOW: {"since": "TIMESTAMP", "until": "TIMESTAMP", "zone": _TEXT},
    **{f"given/{name}": columns_of(kind) for name, kind in KINDS.items()},
}


def results_of(case: Case) -> tuple[str, ...]:
    """The results that are sealed: the answers, and what rules detected where they were run."""
    later = [name for name in LATER if (case.results / f"{name}.parquet").is_file()]
    return (*SEALED, *(later if len(later) == len(LATER) else ()))


def keys(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The key of each table of these results."""
    made = contracts()
    return {f"results/{name}": made[name].key for name in names}


def columns() -> dict[str, tuple[str, ...]]:
    """Every table that a seal can hold, with its columns."""
    made = contracts()
    results = {f"results/{name}": tuple(made[name].columns) for name in (*SEALED, *LATER)}
    return results | {name: tuple(listed) for name, listed in (*CUSTODY.items(), *GIVEN.items())}


def stage(engine: duckdb.DuckDBPyConnection, case: Case, journal: Journal, entries: list[Entry]) -> dict[str, str]:
    """Make every table that is sealed: its name, and the relation that holds its rows in their order."""
    relations = {f"results/{name}": read(case.results / f"{name}.parquet") for name in results_of(case)}
    evidence = sorted(journal.evidence(), key=lambda one: (one.label, one.sha256))
    custody: dict[str, list[tuple[object, ...]]] = {
        EVIDENCE: [
            (h.sha256, h.label, h.size, h.origin, h.source, h.taken_at, h.taken_by, h.written_at) for h in evidence
        ],
        MEMBERS: [(m.uid, m.sha256, m.name, m.size, m.fault, m.received) for m in journal.members()],
        TALLIES: [tuple(row) for row in journal.tallies()],
        REFUSED: [tuple(row) for row in journal.rejects()],
        LOGBOOK: [(e.number, e.at, e.who, e.kind, e.about, e.text, e.previous, e.digest) for e in entries],
    }
    for name, rows in (custody | _given(case)).items():
        stage_rows(engine, name, dict({**CUSTODY, **GIVEN}[name]), rows)
        relations[name] = quoted(name)
    return relations


def _given(case: Case) -> dict[str, list[tuple[object, ...]]]:
    described, inputs = case.read(), given(case)
    files: list[tuple[object, ...]] = [
        (kind, one.get("name"), one.get("sha256"))
        for kind, listed in sorted(described.inputs.items())
        for one in sorted(listed, key=lambda one: (one.get("name", ""), one.get("sha256", "")))
    ]
    window = (moment(described.since), moment(described.until), described.zone)
    texts: list[tuple[object, ...]] = list(rule_files(case)) if set(LATER) <= set(results_of(case)) else []
    told = {f"given/{name}": rows_of(inputs, name) for name in KINDS}
    return {FILES: files, RULE_TEXTS: texts, WINDOW: [window], **told}
