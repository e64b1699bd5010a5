"""Does a rule find in its cases what it must find, and nothing where it must not? Real records, the real way in."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import msgspec
import yaml

from cloison.errors import CloisonError, InputError
from cloison.hunt.context import CONTEXT
from cloison.hunt.intel import read_indicators
from cloison.hunt.sigma.documents import FAULTS, documents
from cloison.lake.analysis import Analysis, run
from cloison.lake.framing import Framer
from cloison.lake.ingest import Ingest
from cloison.lake.loading import in_parts
from cloison.lake.scene import stage_addresses, stage_events, stage_rows
from cloison.model.limits import LIMITS
from cloison.service.inputs import Issued, read_exposed, read_networks
from cloison.service.inputs_kept import Given
from cloison.service.investigate import stage_catalogue, stage_given, stage_rules
from cloison.service.plan import Step, made_by, ordered
from cloison.service.raw_records import RawTables
from cloison.service.rule_files import CASES, PLACEHOLDERS, Text, text_of
from cloison.sources.catalogue import Catalogue
from cloison.sources.recognise import Recognisers

_OWN = "FROM rules_run WHERE origin = $origin"
_TAKEN = datetime.fromisoformat("2030-01-01")
"""When the records of a case are said to have been taken: after all that they tell."""


class Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Records of one source: objects as the vendor writes them, or raw lines."""

    source: str
    records: tuple[dict[str, object] | str, ...]
    dated: str = ""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule is shown, and how many detections it must make of it."""

    case: str
    expect: int
    source: str = ""
    records: tuple[dict[str, object] | str, ...] = ()
    logs: tuple[Log, ...] = ()
    dated: str = ""
    exposed: str = ""
    networks: str = ""
    indicators: str = ""
    placeholders: dict[str, tuple[str, ...]] = {}

    def each_log(self) -> tuple[Log, ...]:
        """All logs of the case."""
        return (*((Log(self.source, self.records, self.dated),) if self.source else ()), *self.logs)


@dataclass(frozen=True)
class Tried:
    """What became of a case: how many detections there are, or why it could not be tried."""

    case: Case
    found: int
    fault: str = ""

    @property
    def right(self) -> bool:
        """Whether the rule found what it must."""
        return not self.fault and self.found == self.case.expect


def cases_beside(path: Path) -> tuple[Case, ...]:
    """The cases of a rule file; none where no file of cases lies beside it.

    Raises:
        InputError: the file is not one of cases.
    """
    beside = path.with_name(path.stem + CASES)
    if not beside.is_file():
        return ()
    try:
        read = documents(text_of(beside))
        return msgspec.convert(read[0] if read else [], tuple[Case, ...])
    except (*FAULTS, msgspec.ValidationError) as fault:
        raise InputError(
            " ".join(str(fault).split()),
            where=str(beside),
            remedy="write a list of `case`, `expect`, `source` and `records`; docs/detections.md shows one",
        ) from fault


def try_cases(
    opened: duckdb.DuckDBPyConnection,
    path: Path,
    cases: Sequence[Case],
    catalogue: Catalogue,
    referred: Sequence[Text] = (),
) -> list[Tried]:
    """Run a rule file over each of its cases, each on a connection of its own to the engine that is open.

    `referred` are the files with the rules that it refers to.
    """
    texts = [(str(path), text_of(path)), *referred]
    return [_tried(opened.cursor(), texts, one, catalogue) for one in cases]


def _tried(engine: duckdb.DuckDBPyConnection, texts: Sequence[Text], case: Case, catalogue: Catalogue) -> Tried:
    own = {"origin": texts[0][0]}
    try:
        with tempfile.TemporaryDirectory() as folder:
            _stage(engine, texts, case, catalogue, Path(folder))
            for step in _needed(context=any("context." in text for _, text in texts)):
                if isinstance(step, Analysis):
                    run(engine, step)
                else:
                    step.work(engine, LIMITS)
            refused = engine.execute(f"SELECT why {_OWN} AND NOT runs", own).fetchone()
            found = engine.execute(f"SELECT coalesce(sum(kept), 0) {_OWN}", own).fetchone()
        return Tried(case, int(found[0]) if found else 0, f"refused: {refused[0]}" if refused else "")
    except CloisonError as fault:
        return Tried(case, 0, str(fault))
    finally:
        engine.close()


def _needed(*, context: bool) -> list[Step]:
    """The steps that lead to the detections; those that work out the context only where a rule reads it."""
    wanted = {"detections"}
    steps: list[Step] = []
    for step in reversed(ordered()):
        made = set(made_by(step))
        if made & wanted and (context or CONTEXT.name not in made):
            steps.insert(0, step)
            wanted |= set(step.inputs)
    return steps


def _stage(
    engine: duckdb.DuckDBPyConnection, texts: Sequence[Text], case: Case, catalogue: Catalogue, folder: Path
) -> None:
    """Take the records through their sources and stage what was given, as for a case of its own."""
    ingest, recognisers = Ingest(engine, in_parts(folder), "case"), Recognisers(catalogue)
    for number, log in enumerate(case.each_log()):
        framer = Framer(recognisers.of(log.source), LIMITS)
        ingest.take(f"log{number}", framer, iter([_bytes(log)]), dated=_dated(log))
    tally = ingest.close()
    if tally.rejects:
        first = tally.rejects[0]
        raise InputError(f"a record is rejected: {first.reason}", where=f"{first.evidence_uid}:{first.offset}")
    stage_events(engine, [folder / name for name in tally.parts], None)
    names = [f"log{number}" for number in range(len(case.each_log()))]
    stage_rows(engine, "members", {"uid": "VARCHAR", "label": "VARCHAR"}, [(name, name) for name in names])
    stage_rows(engine, "taken", {"uid": "VARCHAR", "taken_at": "TIMESTAMP"}, [(name, _TAKEN) for name in names])
    stored: list[tuple[object, ...]] = [(uid, source, count) for (uid, source), count in tally.stored.items()]
    stage_rows(engine, "tallies", {"member_uid": "VARCHAR", "source": "VARCHAR", "stored": "BIGINT"}, stored)
    placed = {"member_uid": "VARCHAR", "offset": "BIGINT", "length": "BIGINT", "reason": "VARCHAR", "source": "VARCHAR"}
    stage_rows(engine, "refused", placed, [])
    stage_rows(engine, "asked_for", {"until": "TIMESTAMP"}, [(None,)])
    stage_given(engine, _given(case, catalogue), None)
    stage_catalogue(engine, catalogue.specs.values())
    stage_addresses(engine)
    filled = yaml.safe_dump({name: list(values) for name, values in case.placeholders.items()})
    stage_rules(engine, [*texts, (PLACEHOLDERS, filled)])
    tables = RawTables.needed(engine)
    for number, log in enumerate(case.each_log() if tables.columns else ()):
        framer = Framer(recognisers.of(log.source), LIMITS)
        tables.take(f"log{number}", framer, iter([_bytes(log)]))
    tables.close()


def _bytes(log: Log) -> bytes:
    return b"".join((one.encode() if isinstance(one, str) else msgspec.json.encode(one)) + b"\n" for one in log.records)


def _dated(log: Log) -> datetime | None:
    try:
        return datetime.fromisoformat(log.dated).replace(tzinfo=None) if log.dated else None
    except ValueError as fault:
        raise InputError(f"{log.dated!r} is no time", where="dated", remedy="write 2025-03-04T09:00:00Z") from fault


def _given(case: Case, catalogue: Catalogue) -> Given:
    issued = Issued(catalogue.ids(), catalogue.named())
    indicators = read_indicators(case.indicators.encode(), origin="case").indicators if case.indicators else ()
    exposed = read_exposed(case.exposed.encode(), "exposed", catalogue.system_of, issued) if case.exposed else []
    networks = read_networks(case.networks.encode(), "networks") if case.networks else []
    return Given(tuple(indicators), tuple(exposed), tuple(networks), ())
