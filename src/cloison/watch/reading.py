"""How do pieces of streams become event rows, by the same sources and the same SQL as what is taken into a case?"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import duckdb
import numpy as np

from cloison.evidence.containers import FAULTS, members
from cloison.evidence.formats.pieces import Pieces
from cloison.lake.framing import Framer
from cloison.lake.ingest import Frames, Ingest, Reject
from cloison.lake.judging import Framed, Judge, Refused
from cloison.lake.repeats import PART
from cloison.model.limits import Limits
from cloison.sources.catalogue import Catalogue
from cloison.sources.paths import quoted
from cloison.sources.recognise import Recogniser, Recognisers
from cloison.watch.prints import HEAD, longest
from cloison.watch.shapes import prelude_of
from cloison.watch.streams import Gap, Piece, Stream

ARRIVED = "arrived"
_COLUMNS = ", ".join(f"{quoted(name)} {kind}" for name, kind in PART.items())
_RECOGNISERS = 4_096
"""Of so many streams it is remembered what their records look like."""

Known = Callable[[bytes], list[Stream]]
"""The streams that begin as some first bytes do."""


@dataclass(frozen=True)
class Batch:
    """What arrived together: how many records, how many of them stored, and what could not be read."""

    received: int
    stored: int
    rejects: tuple[Reject, ...]
    gaps: tuple[Gap, ...]


class Reader:
    """Reads pieces into the table `arrived`, which holds one batch at a time."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, catalogue: Catalogue, limits: Limits) -> None:
        self._engine, self._limits = engine, limits
        self._fresh = Recognisers(catalogue)
        self._recognisers: dict[str, Recogniser] = {}
        self.framed: list[tuple[str, Framed, Judge]] = []
        """The records of the last batch, as they were framed."""
        engine.execute(f"CREATE TABLE {ARRIVED} ({_COLUMNS})")

    def read(self, pieces: list[Piece], known: Known) -> Batch:
        """The rows of a batch, in place of those of the batch before."""
        self._engine.execute(f"TRUNCATE {ARRIVED}")
        gaps: list[Gap] = []
        self.framed = []
        ingest = Ingest(self._engine, _into_memory, "arrived", side_by_side=2)
        try:
            for piece in pieces:
                for uid, framer, chunks, written in self._streams(piece, known, gaps):
                    ingest.take(uid, Noting(framer, uid, self.framed), chunks, dated=written)
            tally = ingest.close()
        finally:
            ingest.abandon()
        stored: Counter[str] = Counter()
        for (uid, _), count in tally.stored.items():
            stored[uid] += count
        return Batch(sum(tally.received.values()), sum(stored.values()), tuple(tally.rejects), tuple(gaps))

    def _streams(
        self, piece: Piece, known: Known, gaps: list[Gap]
    ) -> Iterator[tuple[str, Frames, Iterator[bytes], datetime]]:
        written = datetime.fromtimestamp(piece.written, UTC).replace(tzinfo=None)
        if piece.stream.whole:
            yield from self._unpacked(piece, written, known, gaps)
            return
        uid = piece.stream.uid
        framer = Framer(self._recogniser(uid), self._limits)
        yield uid, Onward(framer, piece.offset, len(piece.prelude)), chain([piece.prelude], piece.chunks()), written

    def _unpacked(
        self, piece: Piece, written: datetime, known: Known, gaps: list[Gap]
    ) -> Iterator[tuple[str, Frames, Iterator[bytes], datetime]]:
        """The members of a whole file; of one that is the copy of a stream, what was not read of that."""
        path = Path(f"/proc/self/fd/{piece.held.fileno()}" if piece.held else piece.stream.path)
        try:
            read = dict(_read_before(path, self._limits, known))
            for number, member in enumerate(members(path, self._limits)):
                at, prelude = read.get(number, (0, b""))
                framer = Framer(self._fresh.of(), self._limits, rows=member.rows)
                frames = Onward(framer, at, len(prelude)) if at else framer
                yield f"{piece.stream.uid}.{number}", frames, _behind(member.opened.chunks(), at, prelude), written
                if member.opened.fault:
                    gaps.append(Gap(piece.stream.path, member.opened.fault))
        except FAULTS as fault:
            why = fault.strerror if isinstance(fault, OSError) and fault.strerror else fault
            gaps.append(Gap(piece.stream.path, f"cannot be read: {why}"))
        finally:
            if piece.held:
                piece.held.close()

    def _recogniser(self, uid: str) -> Recogniser:
        known = self._recognisers.pop(uid, None) or self._fresh.of()
        self._recognisers[uid] = known
        if len(self._recognisers) > _RECOGNISERS:
            del self._recognisers[next(iter(self._recognisers))]
        return known


class Noting:
    """Frames as another framer does, and notes what was framed."""

    def __init__(self, framer: Frames, uid: str, noted: list[tuple[str, Framed, Judge]]) -> None:
        self._framer, self._uid, self._noted = framer, uid, noted

    @property
    def received(self) -> int:
        """How many records there were."""
        return self._framer.received

    @property
    def judge(self) -> Judge:
        """For what is doubtful."""
        return self._framer.judge

    def records(self, chunks: Iterator[bytes]) -> Iterator[Framed | Refused]:
        """The same records."""
        for found in self._framer.records(chunks):
            if isinstance(found, Framed):
                self._noted.append((self._uid, found, self._framer.judge))
            yield found


class Onward:
    """Frames a stream from some place on, behind the head of a table that was read before."""

    def __init__(self, framer: Framer, offset: int, prelude: int) -> None:
        self._framer, self._prelude = framer, prelude
        self._ahead = offset - prelude
        self.received = 0

    @property
    def judge(self) -> Judge:
        """For what is doubtful."""
        return self._framer.judge

    def records(self, chunks: Iterator[bytes]) -> Iterator[Framed | Refused]:
        """Every record behind the prelude, at its place in the stream."""
        for found in self._framer.records(chunks):
            if isinstance(found, Refused):
                if found.length and found.offset >= self._prelude:
                    self.received += 1
                    yield replace(found, offset=found.offset + self._ahead)
                continue
            placed = _placed(found, self._prelude, self._ahead)
            self.received += len(placed.offsets)
            if len(placed.offsets):
                yield placed


def _placed(found: Framed, prelude: int, ahead: int) -> Framed:
    offsets = np.asarray(found.offsets, np.int64)
    chosen = np.flatnonzero(offsets >= prelude)
    payloads = found.payloads if isinstance(found.payloads, Pieces) else Pieces.of(found.payloads)
    if len(chosen) < len(offsets):
        lengths = np.asarray(found.lengths, np.int64)[chosen]
        return replace(found, offsets=offsets[chosen] + ahead, lengths=lengths, payloads=payloads.only(chosen))
    return replace(found, offsets=offsets + ahead, lengths=np.asarray(found.lengths, np.int64))


def _read_before(path: Path, limits: Limits, known: Known) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Which members are copies of streams, how much of each was read there, and the head of the table that it is."""
    with suppress(*FAULTS):
        for number, member in enumerate(members(path, limits)):
            chunks = member.opened.chunks()
            first = b"" if member.rows else next(chunks, b"")
            alike = [one.print for one in known(first[:HEAD])]
            twin = longest(chain([first], chunks), alike) if alike else None
            if twin:
                yield number, (twin.position, prelude_of(first))


def _behind(chunks: Iterator[bytes], at: int, prelude: bytes) -> Iterator[bytes]:
    if prelude:
        yield prelude
    for chunk in chunks:
        if at < len(chunk):
            yield chunk[at:] if at else chunk
        at = max(0, at - len(chunk))


def _into_memory(engine: duckdb.DuckDBPyConnection, rows: str, _: str) -> None:
    engine.execute(f"INSERT INTO {ARRIVED} {rows}")
