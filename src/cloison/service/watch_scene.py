"""What does a watch know when it begins: what the case was given, its rules, and what its lake remembers?"""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import msgspec

from cloison.hunt.context import COUNT_DAYS
from cloison.lake.analysis import run
from cloison.lake.engine import open_engine, plan_for_little
from cloison.lake.scene import stage_events
from cloison.model.limits import LIMITS
from cloison.model.wording import many
from cloison.service.case import Case
from cloison.service.inputs_kept import given
from cloison.service.investigate import moment, parts_of, stage_catalogue, stage_given, stage_rules
from cloison.service.raw_records import RawTables
from cloison.service.rule_files import rule_files
from cloison.sources.catalogue import Catalogue
from cloison.sources.paths import literal
from cloison.watch.checkpoint import Checkpoint
from cloison.watch.verdicts import Standing, Verdicts
from cloison.watch.watcher import Watcher

MEMORY = "2GB"
_SEEDED = "seeded from"
_STANDING = """SELECT exposed_uid, verdict, uses_after_exposure, last_use_at, last_use, revoked_at, revoked_by
  FROM read_parquet({})"""


@dataclass(frozen=True)
class Scene:
    """A watcher, ready, and what is worth saying about it."""

    watcher: Watcher
    verdicts: Verdicts
    labels: dict[str, str]
    exposed: int
    indicators: int


def set_scene(
    case: Case, catalogue: Catalogue, checkpoint: Checkpoint, note: Callable[[str], None], memory: str = MEMORY
) -> Scene:
    """Stage what the case knows, and remember what an earlier run or the lake does."""
    described = case.read()
    inputs = given(case)
    engine = open_engine(memory=memory, threads=2)
    stage_given(engine, inputs, moment(described.since))
    stage_catalogue(engine, catalogue.specs.values())
    stage_rules(engine, rule_files(case))
    stage_events(engine, [], None, described.zone)
    labels: dict[str, str] = {}
    verdicts = Verdicts(_standing(case, engine, checkpoint), LIMITS)
    watcher = Watcher(engine, catalogue, LIMITS, verdicts, lambda uid: _label(labels, uid), RawTables.needed(engine))
    _recall(case, engine, watcher, checkpoint, note)
    watcher.begin(described.zone)
    plan_for_little(engine)
    return Scene(watcher, verdicts, labels, len(inputs.exposed), len(inputs.indicators))


def _label(labels: dict[str, str], uid: str) -> str:
    """Where evidence lies; a member of a packed file is called after its file and its number."""
    return labels.get(uid) or labels.get(uid.rpartition(".")[0]) or uid


def _standing(case: Case, engine: duckdb.DuckDBPyConnection, checkpoint: Checkpoint) -> dict[str, Standing]:
    """Of each exposed credential, as the checkpoint has it, else as the case was last investigated."""
    known = {uid: msgspec.json.decode(body, type=Standing) for uid, body in checkpoint.remembered("verdict")}
    path = case.results / "rotations.parquet"
    if not path.is_file():
        return known
    rows = engine.execute(_STANDING.format(literal(str(path)))).fetchall()
    found = {
        uid: Standing(verdict, uses or 0, last_at, last or "", "", "", ended_at, ended_by or "")
        for uid, verdict, uses, last_at, last, ended_at, ended_by in rows
    }
    return found | known


def _recall(
    case: Case, engine: duckdb.DuckDBPyConnection, watcher: Watcher, checkpoint: Checkpoint, note: Callable[[str], None]
) -> None:
    """Remember what the checkpoint holds; what was taken into the lake since that was written is learnt from it."""
    habits, kept = ([body for _, body in checkpoint.remembered(kind)] for kind in ("habit", "kept"))
    watcher.memory.load(habits, kept)
    with checkpoint.batch():
        checkpoint.forget("window", watcher.detector.window.load(checkpoint.remembered("window")))
    journal = case.journal()
    try:
        parts = parts_of(case, journal)
    finally:
        journal.close()
    seeded = " ".join(sorted(part.name for part in parts))
    here = [part for part in parts if part.is_file()]
    if not here or checkpoint.noted(_SEEDED) == seeded:
        return
    note(f"learning what is usual from {many(len(here), 'part')} of the case's lake")
    described = case.read()
    stage_events(engine, here, moment(described.until), described.zone)
    run(engine, COUNT_DAYS)
    learnt = watcher.memory.seed()
    with checkpoint.batch():
        checkpoint.remember("habit", learnt.habits)
        checkpoint.remember("kept", learnt.kept)
        checkpoint.note(_SEEDED, seeded)
