"""Take evidence into a case: custody, lake, and an account of every record."""

import getpass
import os
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

import duckdb

from cloison.errors import CaseError, EvidenceError
from cloison.evidence.containers import Member, members
from cloison.evidence.custody import files_below, keep, place_of, sha256_of, spelled
from cloison.evidence.formats.parquet import MAGIC
from cloison.evidence.journal import Held, HeldMember, Journal
from cloison.lake.engine import open_engine
from cloison.lake.framing import Framer
from cloison.lake.ingest import Ingest, Reject
from cloison.lake.loading import in_parts
from cloison.model.limits import LIMITS, Limits
from cloison.model.wording import many
from cloison.service.case import Case, locked
from cloison.service.progress import Progress
from cloison.sources.catalogue import Catalogue
from cloison.sources.recognise import Recogniser, Recognisers

BATCH_BYTES = 96 << 20
BATCH_FILES = 2_000
_KEEPERS = 4
"""So many files come into custody at once: a small one mostly waits for the disk to have it."""
SPILL = "spill"
File = TypeVar("File")


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
        EvidenceError: a file cannot be read, or a record could not be accounted for.
        CaseError: another process is writing to the case, or it cannot be written.
    """
    for name in {wanted.source for wanted in files if wanted.source}:
        catalogue.only(name)
    files = _outside(case, files, progress)
    with locked(case):
        journal = case.journal()
        try:
            journal.built_with(catalogue.fingerprint)
            _tidy(case, journal)
            return _take(case, journal, files, catalogue, progress, by_reference)
        finally:
            journal.close()


def _take(
    case: Case, journal: Journal, files: list[Wanted], catalogue: Catalogue, progress: Progress, by_reference: bool
) -> Taken:
    sizes = {wanted.path: _size(wanted.path) for wanted in files}
    progress.begin("taking evidence", sum(sizes.values()))
    in_place = {wanted.path for wanted in files if by_reference or _of_a_lake(wanted)}
    keeping = partial(_custody, case, in_place, {one.size for one in journal.evidence()})
    if in_place and not by_reference:
        progress.note(f"{len(in_place)} Parquet files are read where they lie; leave them there")
    new = 0
    with ThreadPoolExecutor(_KEEPERS) as pool:
        try:
            for batch in _ahead(pool, keeping, _batches(files, lambda wanted: sizes[wanted.path])):
                new += read(case, journal, _unheld(journal, batch, progress), catalogue)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return Taken(new, len(files) - new)


def _ahead(
    pool: ThreadPoolExecutor, keeping: Callable[[Wanted], Held], batches: Iterator[list[Wanted]]
) -> Iterator[list[Future[Held]]]:
    """Batches that come into custody; the next one does so while this one is read."""
    coming: deque[list[Future[Held]]] = deque()
    for batch in batches:
        coming.append([pool.submit(keeping, wanted) for wanted in batch])
        if len(coming) > 1:
            yield coming.popleft()
    yield from coming


def _unheld(journal: Journal, coming: list[Future[Held]], progress: Progress) -> Iterator[Held]:
    """The files of a batch whose content the case does not hold yet, each as soon as it is in custody."""
    known: set[str] = set()
    for future in coming:
        one = future.result()
        progress.advance(one.size)
        if one.sha256 not in known and not journal.holds(one.sha256):
            known.add(one.sha256)
            yield one


def _outside(case: Case, files: list[Wanted], progress: Progress) -> list[Wanted]:
    """The case's own files are no evidence, also where the case lies in the folder that is taken."""
    here = case.folder.resolve()
    outside = [wanted for wanted in files if not wanted.path.resolve().is_relative_to(here)]
    if len(outside) < len(files):
        progress.note(f"left out: {many(len(files) - len(outside), 'file')} of the case itself")
    return outside


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as fault:
        raise EvidenceError(
            f"cannot be read: {fault.strerror}", where=str(path), remedy="see that it is still there"
        ) from fault


def _batches(files: Iterable[File], size_of: Callable[[File], int]) -> Iterator[list[File]]:
    batch: list[File] = []
    size = 0
    for one in files:
        batch.append(one)
        size += size_of(one)
        if size >= BATCH_BYTES or len(batch) >= BATCH_FILES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _of_a_lake(wanted: Wanted) -> bool:
    """A Parquet file below a folder that was given belongs to a lake, which is read where it lies."""
    if wanted.label == wanted.path.name:
        return False
    try:
        with wanted.path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False  # custody says what is wrong


def _custody(case: Case, in_place: set[Path], sizes: set[int], wanted: Wanted) -> Held:
    """A file in custody; one whose size is among `sizes` may be known, and is hashed before anything is copied."""
    by_reference = wanted.path in in_place
    try:
        told = wanted.path.stat()
        size = told.st_size
        sha256 = sha256_of(wanted.path) if by_reference or size in sizes else ""
        if not by_reference and not (sha256 and (case.evidence / place_of(sha256)).exists()):
            sha256, size = keep(wanted.path, case.evidence)
        kept = str(wanted.path.resolve()) if by_reference else place_of(sha256)
    except OSError as fault:
        raise EvidenceError(
            f"cannot be taken: {fault.strerror}",
            where=str(wanted.path),
            remedy="see that it can be read and that the case has room for it; what was taken before it stands",
        ) from fault
    if by_reference and spelled(kept) != kept:
        raise EvidenceError("its path is not UTF-8", where=spelled(kept), remedy="take it without --reference")
    origin = spelled(str(wanted.path.resolve()))
    return Held(
        sha256,
        spelled(wanted.label),
        size,
        origin,
        kept,
        wanted.source,
        _now(),
        taken_by(),
        datetime.fromtimestamp(told.st_mtime, UTC).isoformat(timespec="seconds"),
    )


def read(
    case: Case,
    journal: Journal,
    held: Iterable[Held],
    catalogue: Catalogue,
    limits: Limits = LIMITS,
    *,
    again: bool = False,
) -> int:
    """Read evidence in custody into the lake and commit what became of it, all or nothing; how many files it was."""
    coming = iter(held)
    first = next(coming, None)
    if first is None:
        return 0
    engine = open_engine(spill=case.lake / SPILL, memory="1500MB", threads=1)
    try:
        return _read(engine, case, journal, first, coming, catalogue, limits, again)
    except (duckdb.OperationalError, OSError) as fault:
        raise CaseError(
            f"the lake cannot be written: {str(fault).splitlines()[0]}",
            where=str(case.lake),
            remedy="make room on the disk, then run the same command again: what was committed stands",
        ) from fault
    finally:
        engine.close()
        shutil.rmtree(case.lake / SPILL, ignore_errors=True)


def _read(
    engine: duckdb.DuckDBPyConnection,
    case: Case,
    journal: Journal,
    first: Held,
    coming: Iterator[Held],
    catalogue: Catalogue,
    limits: Limits,
    again: bool,
) -> int:
    recognisers = Recognisers(catalogue)
    prefix = f"{len(journal.parts()):06}-{first.sha256[:12]}"
    ingest = Ingest(engine, in_parts(case.lake), prefix)
    held: list[Held] = []
    streams: list[HeldMember] = []
    extra: list[Reject] = []
    try:
        for one in chain([first], coming):
            held.append(one)
            _unchanged(case, one, again=again)
            for number, member in enumerate(members(kept_path(case, one), limits)):
                streams.append(_stream(ingest, recognisers.of(one.source), one, number, member, limits, extra))
            _unchanged(case, one, again=False)
        tally = ingest.close()
    finally:
        ingest.abandon()
    rejects = [*tally.rejects, *extra]
    received = tally.received + _counted(extra)
    journal.record(
        [] if again else held,
        [_with_received(stream, received[stream.uid]) for stream in streams],
        [(uid, source, count) for (uid, source), count in sorted(tally.stored.items())],
        [(r.evidence_uid, r.offset, r.length, r.reason, r.source) for r in rejects],
        tally.parts,
    )
    return len(held)


def _unchanged(case: Case, one: Held, *, again: bool) -> None:
    """Evidence is what its hash says: a log that is still being written must not be taken where it lies."""
    path = kept_path(case, one)
    if path.stat().st_size != one.size or (again and sha256_of(path) != one.sha256):
        raise EvidenceError(
            "evidence has changed since it was hashed",
            where=str(path),
            remedy=f"put the file with sha256 {one.sha256} back, or take a copy of what is still being written",
        )


def _counted(rejects: list[Reject]) -> Counter[str]:
    return Counter(reject.evidence_uid for reject in rejects)


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
    if not member.opened.fault:
        dated = _dated(held, member)
        ingest.take(uid, Framer(recogniser, limits, rows=member.rows), member.opened.chunks(), dated=dated)
    if member.opened.fault:
        extra.append(Reject(uid, member.opened.size, 0, member.opened.fault, ""))
    return HeldMember(uid, held.sha256, member.name, member.opened.size, member.opened.fault, 0)


def _dated(held: Held, member: Member) -> datetime | None:
    """By when a stream was written, in UTC without a zone: as its archive says, else as its file's system says."""
    written = member.written_at or (datetime.fromisoformat(held.written_at) if held.written_at else None)
    return written and written.astimezone(UTC).replace(tzinfo=None)


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
            if not all((case.lake / name).is_file() for name in journal.parts()):
                journal.forget_lake()
            journal.built_with(catalogue.fingerprint)
            _tidy(case, journal)
            unread = _unread(journal)
            if unread:
                progress.begin("rebuilding the lake", sum(one.size for one in unread))
            for batch in _batches(unread, lambda one: one.size):
                read(case, journal, batch, catalogue, again=True)
                progress.advance(sum(one.size for one in batch))
        finally:
            journal.close()


def _unread(journal: Journal) -> list[Held]:
    done = {member.sha256 for member in journal.members()}
    return [one for one in journal.evidence() if one.sha256 not in done]


def _tidy(case: Case, journal: Journal) -> None:
    """Remove what an unfinished run left: drafts, and parts that were never committed."""
    for folder in (case.evidence, case.lake):
        folder.mkdir(exist_ok=True)
    shutil.rmtree(case.lake / SPILL, ignore_errors=True)
    committed = journal.parts()
    for path in case.lake.iterdir():
        if path.is_file() and path.name not in committed:
            path.unlink()
    for draft in case.evidence.glob(".incoming-*"):
        draft.unlink()


def taken_by() -> str:
    """Who takes evidence: the user of this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return str(os.getuid())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
