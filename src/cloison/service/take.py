"""Take evidence into a case: custody, lake, and an account of every record."""

import getpass
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from cloison.errors import EvidenceError
from cloison.evidence.containers import Member, members
from cloison.evidence.custody import files_below, keep, place_of, sha256_of
from cloison.evidence.journal import Held, HeldMember, Journal
from cloison.lake.engine import open_engine
from cloison.lake.framing import Framer
from cloison.lake.ingest import Ingest, Reject
from cloison.model.limits import LIMITS, Limits
from cloison.service.case import Case, locked
from cloison.service.progress import Progress
from cloison.sources.catalogue import Catalogue
from cloison.sources.recognise import Recogniser

BATCH_BYTES = 96 << 20
BATCH_FILES = 2_000


@dataclass(frozen=True)
class Taken:
    """What an act of taking did: evidence files new to the case, and files that it already held."""

    new: int
    known: int


@dataclass(frozen=True)
class Wanted:
    """A file to take: where it is, what it is called, and the source it is said to be of ("" to recognise it)."""

    path: Path
    label: str
    source: str


def wanted_files(paths: Iterable[Path], overrides: Iterable[tuple[str, Path]]) -> list[Wanted]:
    """Every file at or below the paths; an override names the source of all files at or below its path."""
    listed = [Wanted(path, label, name) for name, given in overrides for path, label in files_below([given])]
    named = {wanted.path.resolve() for wanted in listed}
    plain = [Wanted(path, label, "") for path, label in files_below(paths) if path.resolve() not in named]
    return listed + plain


def take(
    case: Case, files: list[Wanted], catalogue: Catalogue, progress: Progress, *, by_reference: bool = False
) -> Taken:
    """Take files into the case; files whose content it already holds change nothing.

    Args:
        case: an existing case.
        files: what to take.
        catalogue: the known sources.
        progress: told the bytes read.
        by_reference: leave the files where they are instead of copying them into custody.

    Raises:
        EvidenceError: a path does not exist, or a record could not be accounted for.
        CaseError: another process is writing to the case.
    """
    for name in {wanted.source for wanted in files if wanted.source}:
        catalogue.only(name)
    with locked(case):
        journal = case.journal()
        try:
            _tidy(case, journal)
            return _take(case, journal, files, catalogue, progress, by_reference)
        finally:
            journal.close()


def _take(
    case: Case, journal: Journal, files: list[Wanted], catalogue: Catalogue, progress: Progress, by_reference: bool
) -> Taken:
    progress.begin("taking evidence", sum(wanted.path.stat().st_size for wanted in files))
    new = known = 0
    for batch in _batches(files):
        held = []
        for wanted in batch:
            one = _custody(case, wanted, by_reference)
            progress.advance(wanted.path.stat().st_size)
            if journal.holds(one.sha256) or one.sha256 in {other.sha256 for other in held}:
                known += 1
            else:
                held.append(one)
        new += len(held)
        read(case, journal, held, catalogue)
    return Taken(new, known)


def _batches(files: list[Wanted]) -> Iterator[list[Wanted]]:
    batch: list[Wanted] = []
    size = 0
    for wanted in files:
        batch.append(wanted)
        size += wanted.path.stat().st_size
        if size >= BATCH_BYTES or len(batch) >= BATCH_FILES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _custody(case: Case, wanted: Wanted, by_reference: bool) -> Held:
    try:
        sha256 = sha256_of(wanted.path)
        kept = str(wanted.path.resolve())
        if not by_reference:
            kept = place_of(sha256)
            if not (case.evidence / kept).exists():
                sha256 = keep(wanted.path, case.evidence)
                kept = place_of(sha256)
        size = wanted.path.stat().st_size
    except OSError as fault:
        raise EvidenceError(f"cannot be read: {fault.strerror}", where=str(wanted.path)) from fault
    origin = str(wanted.path.resolve())
    return Held(sha256, wanted.label, size, origin, kept, wanted.source, _now(), getpass.getuser())


def read(
    case: Case,
    journal: Journal,
    held: list[Held],
    catalogue: Catalogue,
    limits: Limits = LIMITS,
    *,
    again: bool = False,
) -> None:
    """Read evidence in custody into the lake and commit what became of it, all or nothing."""
    if not held:
        return
    engine = open_engine(spill=case.lake / "spill", memory="1500MB")
    recognisers: dict[str, Recogniser] = {}
    prefix = f"{len(journal.parts()):06}-{held[0].sha256[:12]}"
    ingest = Ingest(engine, Recogniser.of(catalogue.mappings), case.lake, prefix)
    streams: list[HeldMember] = []
    extra: list[Reject] = []
    for one in held:
        signs = recognisers.setdefault(one.source, _recogniser(catalogue, one.source)).signs
        for number, member in enumerate(members(kept_path(case, one), limits)):
            streams.append(_stream(ingest, Recogniser(signs), one, number, member, limits, extra))
    tally = ingest.close()
    rejects = [*tally.rejects, *extra]
    received = tally.received + _counted(extra)
    journal.record(
        [] if again else held,
        [_with_received(stream, received[stream.uid]) for stream in streams],
        [(uid, source, count) for (uid, source), count in sorted(tally.stored.items())],
        [(r.evidence_uid, r.offset, r.length, r.reason, r.source) for r in rejects],
        tally.parts,
    )
    _close(engine, case)


def _counted(rejects: list[Reject]) -> Counter[str]:
    return Counter(reject.evidence_uid for reject in rejects)


def _recogniser(catalogue: Catalogue, source: str) -> Recogniser:
    return Recogniser.of(catalogue.only(source) if source else catalogue.mappings)


def _stream(
    ingest: Ingest,
    recogniser: Recogniser,
    held: Held,
    number: int,
    member: Member,
    limits: Limits,
    extra: list[Reject],
) -> HeldMember:
    uid = f"{held.sha256[:32]}.{number}"
    ingest.take(uid, Framer(recogniser, limits), member.opened.chunks(), recogniser)
    if member.opened.fault:
        extra.append(Reject(uid, member.opened.size, 0, member.opened.fault, ""))
    return HeldMember(uid, held.sha256, member.name, member.opened.size, member.opened.fault, 0)


def _with_received(stream: HeldMember, received: int) -> HeldMember:
    return HeldMember(stream.uid, stream.sha256, stream.name, stream.size, stream.fault, received)


def kept_path(case: Case, held: Held) -> Path:
    """Where the evidence lies now.

    Raises:
        EvidenceError: it is not there any more.
    """
    path = Path(held.kept) if Path(held.kept).is_absolute() else case.evidence / held.kept
    if not path.is_file():
        raise EvidenceError("evidence is gone", where=str(path), remedy=f"put the file with sha256 {held.sha256} back")
    return path


def rebuild_if_needed(case: Case, catalogue: Catalogue, progress: Progress) -> None:
    """Read evidence again where the lake lacks what the journal says it holds; nothing to do is the usual case."""
    with locked(case):
        journal = case.journal()
        try:
            _tidy(case, journal)
            if not all((case.lake / name).is_file() for name in journal.parts()):
                journal.forget_lake()
            unread = _unread(journal)
            if unread:
                progress.begin("rebuilding the lake", sum(one.size for one in unread))
            for one in unread:
                read(case, journal, [one], catalogue, again=True)
                progress.advance(one.size)
        finally:
            journal.close()


def _unread(journal: Journal) -> list[Held]:
    done = {member.sha256 for member in journal.members()}
    return [one for one in journal.evidence() if one.sha256 not in done]


def _tidy(case: Case, journal: Journal) -> None:
    """Remove what an unfinished run left: drafts, and parts that were never committed."""
    case.lake.mkdir(exist_ok=True)
    committed = journal.parts()
    for path in case.lake.iterdir():
        if path.is_file() and path.name not in committed:
            path.unlink()
    for draft in case.evidence.glob(".incoming-*"):
        draft.unlink()


def _close(engine: duckdb.DuckDBPyConnection, case: Case) -> None:
    engine.close()
    chunk = case.lake / "chunk.ndjson"
    if chunk.exists():
        os.unlink(chunk)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
