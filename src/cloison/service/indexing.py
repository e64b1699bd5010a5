"""Keep the index of a case's observables, and with it what an answer about the whole lake needs beside single rows."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cloison import __version__
from cloison.evidence.journal import Journal
from cloison.lake.analysis import run
from cloison.lake.coverage import FIND_HOLES, LEARN_SILENCES, MEASURE_COVERAGE, READ_LEVELS, TAKE_PULSE
from cloison.lake.engine import open_engine
from cloison.lake.index import Index, Known, known_by
from cloison.lake.observables import stage_numbers
from cloison.lake.scene import stage_events
from cloison.service.case import MEMORY, Case, locked
from cloison.service.investigate import moment, parts_of, stage_catalogue, stage_custody
from cloison.service.progress import Progress
from cloison.service.take import rebuild_if_needed
from cloison.sources.catalogue import Catalogue
from cloison.sources.paths import literal

_COVERAGE = (TAKE_PULSE, LEARN_SILENCES, FIND_HOLES, READ_LEVELS, MEASURE_COVERAGE)
_BESIDE = ("left_out", "coverage")
_STAMP = "beside.sha256"


@dataclass(frozen=True)
class Indexed:
    """A case whose index is that of its lake, held so that nobody changes it."""

    index: Index
    parts: tuple[Path, ...]
    journal: Journal
    folder: Path

    def beside(self, name: str) -> str:
        """What stands behind FROM for a table kept beside the index: left_out, coverage."""
        return f"read_parquet({literal(str(self.folder / f'{name}.parquet'))})"


@contextmanager
def indexed(case: Case, catalogue: Catalogue, progress: Progress, *, memory: str = MEMORY) -> Iterator[Indexed]:
    """Bring the index up to the lake, if it is not, and hold the case meanwhile.

    Raises:
        CaseError: another process is writing to the case.
        EvidenceError: evidence that the lake must be rebuilt from is gone.
    """
    rebuild_if_needed(case, catalogue, progress)
    with locked(case):
        journal = case.journal()
        try:
            parts = parts_of(case, journal)
            folder = case.lake / "observables"
            index = Index(folder)
            known = known_by(parts)
            made_from = _made_from(case, journal, catalogue, known)
            if index.lacks(known) or not _kept(folder, made_from):
                _bring_up(case, journal, catalogue, index, known, folder, made_from, progress, memory)
            yield Indexed(index, tuple(parts), journal, folder)
        finally:
            journal.close()


def _bring_up(
    case: Case,
    journal: Journal,
    catalogue: Catalogue,
    index: Index,
    known: Known,
    folder: Path,
    made_from: str,
    progress: Progress,
    memory: str,
) -> None:
    engine = open_engine(spill=case.lake / "spill", memory=memory)
    try:
        progress.begin("indexing observables", len(index.lacks(known)))
        stage_numbers(engine)
        index.update(engine, known, progress.advance)
        if not _kept(folder, made_from):
            _keep_beside(engine, case, journal, catalogue, list(known), folder)
            (folder / _STAMP).write_text(made_from, encoding="ascii")
    finally:
        engine.close()


def _keep_beside(
    engine: duckdb.DuckDBPyConnection,
    case: Case,
    journal: Journal,
    catalogue: Catalogue,
    parts: Sequence[Path],
    folder: Path,
) -> None:
    """Write the rows that other parts' rows stand for, and from when to when each log speaks."""
    (folder / _STAMP).unlink(missing_ok=True)
    described = case.read()
    stage_events(engine, list(parts), moment(described.until), described.zone)
    stage_custody(engine, journal)
    stage_catalogue(engine, catalogue.specs.values())
    for one in _COVERAGE:
        run(engine, one)
    for name in _BESIDE:
        draft = folder / f"{name}.draft"
        engine.execute(f"COPY {name} TO {literal(str(draft))} (FORMAT parquet, COMPRESSION zstd)")
        draft.replace(folder / f"{name}.parquet")


def _kept(folder: Path, made_from: str) -> bool:
    try:
        here = (folder / _STAMP).read_text(encoding="ascii") == made_from
    except (OSError, UnicodeDecodeError):
        return False
    return here and all((folder / f"{name}.parquet").is_file() for name in _BESIDE)


def _made_from(case: Case, journal: Journal, catalogue: Catalogue, known: Known) -> str:
    described = case.read()
    told = (
        __version__,
        duckdb.__version__,
        described.until,
        described.zone,
        catalogue.fingerprint,
        [(held.sha256, held.taken_at) for held in journal.evidence()],
        [(part.name, digest) for part, digest in known.items()],
        [one.sql for one in _COVERAGE],
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()
