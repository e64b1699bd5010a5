"""How do framed records become typed event rows, with every record accounted for?"""

from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import duckdb

from cloison.errors import EvidenceError
from cloison.lake.judging import UNRECOGNISED, Framed, Judge, Refused
from cloison.lake.loading import Keep, Loaded, Loader
from cloison.lake.waiting import Row, Waiting
from cloison.sources.mapping import Mapping

FLUSH_BYTES, FIRST_BYTES = 48 << 20, 8 << 20
"""So much waits before it is mapped; less at first, so that there is soon something to do while more is framed."""


@dataclass(frozen=True)
class Reject:
    """A record that is not in the lake: where it is and why."""

    evidence_uid: str
    offset: int
    length: int
    reason: str
    source: str = ""


@dataclass
class Tally:
    """What became of a batch: rows stored by (evidence, source), rejects, parts written, records received."""

    stored: Counter[tuple[str, str]] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Every record received is stored or rejected, or the batch is not taken.

        Raises:
            EvidenceError: the counts do not agree; nothing of the batch is recorded.
        """
        seen: Counter[str] = Counter()
        for (evidence, _), count in self.stored.items():
            seen[evidence] += count
        seen.update(reject.evidence_uid for reject in self.rejects)
        for evidence, count in self.received.items():
            if seen[evidence] != count:
                raise EvidenceError(
                    f"{count} records were received but {seen[evidence]} accounted for",
                    where=evidence,
                    remedy="this is a fault of cloison: please report it with the file's first lines",
                )


class Frames(Protocol):
    """Frames one stream, as `Framer` does."""

    @property
    def received(self) -> int:
        """How many records there were, once all are consumed."""

    @property
    def judge(self) -> Judge:
        """For what is doubtful."""

    def records(self, chunks: Iterator[bytes]) -> Iterator[Framed | Refused]:
        """Every record of the stream, in order."""


class Ingest:
    """Has the parts of one batch of evidence kept; `prefix` makes their names new.

    While what has waited is mapped, on `side_by_side` connections of the engine, the next records are framed. What was
    found is taken up in the order in which it was given, and before more is given than there are connections, so that
    the same evidence always yields the same.
    """

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        keep: Keep,
        prefix: str,
        *,
        side_by_side: int = 2,
    ) -> None:
        self._engine = engine  # its functions go with it, while cursors still call them
        self._prefix = prefix
        self._engines = [engine.cursor() for _ in range(side_by_side)]
        self._dated: dict[str, datetime] = {}
        self._loaders = deque(Loader(one, keep, self._dated) for one in self._engines)
        self._workers = ThreadPoolExecutor(side_by_side)
        self._waiting: dict[tuple[str, str], Waiting] = {}
        self._judges: dict[str, Judge] = {}
        self._loading: deque[tuple[Mapping, Future[Loaded]]] = deque()
        self._numbers = 0
        self.tally = Tally()

    def take(
        self, evidence_uid: str, framer: Frames, chunks: Iterator[bytes], *, dated: datetime | None = None
    ) -> None:
        """Frame one unpacked stream and queue its records; its doubtful ones are judged as its first was.

        `dated` is by when it was written, in UTC without a zone: the year of records that state none follows from it.
        """
        if dated is not None:
            self._dated[evidence_uid] = dated
        self._judges[evidence_uid] = framer.judge
        for found in framer.records(chunks):
            if isinstance(found, Refused):
                self._refuse(evidence_uid, found)
            else:
                self._queue(evidence_uid, found)
        self.tally.received[evidence_uid] += framer.received

    def close(self) -> Tally:
        """Write what waits and return what became of the batch."""
        while self._waiting or self._loading:
            for key in list(self._waiting):
                for some in self._waiting.pop(key).split(len(self._loaders), FIRST_BYTES):
                    self._give(some)
            self._settle(0)
        self._dismiss()
        self.tally.check()
        return self.tally

    def abandon(self) -> None:
        """Stop what the engine is doing; nothing more is written."""
        if self._loading:
            for engine in self._engines:
                engine.interrupt()
        self._dismiss()

    def _dismiss(self) -> None:
        self._workers.shutdown(wait=True, cancel_futures=True)

    def _refuse(self, evidence_uid: str, refused: Refused, source: str = "") -> None:
        self.tally.rejects.append(Reject(evidence_uid, refused.offset, refused.length, refused.reason, source))

    def _queue(self, evidence_uid: str, framed: Framed) -> None:
        key = (framed.mapping.spec.name, framed.mapping.carrier.name)
        waiting = self._waiting.setdefault(key, Waiting(framed.mapping))
        waiting.add(evidence_uid, framed)
        if waiting.size >= min(FLUSH_BYTES, FIRST_BYTES << self._numbers):
            self._give(self._waiting.pop(key))

    def _give(self, waiting: Waiting) -> None:
        """Let the connection that has been idle for longest map what waits."""
        self._settle(len(self._loaders) - 1)
        part = f"{waiting.mapping.spec.name}-{self._prefix}-{self._numbers:04}.parquet"
        self._numbers += 1
        self._loaders.rotate(-1)
        self._loading.append((waiting.mapping, self._workers.submit(self._loaders[-1].load, waiting, part)))

    def _settle(self, left: int) -> None:
        """Take up what was made of what was given first, until so many are left at most: some may be given anew."""
        while len(self._loading) > left:
            mapping, loading = self._loading.popleft()
            self._taken_up(mapping, loading.result())

    def _taken_up(self, mapping: Mapping, loaded: Loaded) -> None:
        for row, reason in loaded.refused:
            self._refuse(row.evidence_uid, Refused(row.offset, row.length, reason), mapping.spec.name)
        for row in loaded.doubtful:
            self._judge(row, mapping)
        for evidence, count in loaded.stored:
            self.tally.stored[evidence, mapping.spec.name] += count
        for evidence, more in loaded.unfolded:
            self.tally.received[evidence] += more
        self.tally.parts += [loaded.part] if loaded.stored else []

    def _judge(self, row: Row, mapping: Mapping) -> None:
        """A row that does not show its carrier's signs is judged by itself, as the first of its stream is."""
        judge = self._judges[row.evidence_uid]
        if mapping.carrier.kind == "lines":
            outcomes = [*judge.line(row.offset, row.payload.decode("utf-8", "replace").replace("\0", "").encode())]
        else:
            outcomes = [*judge.json_text(row.offset, row.length, row.payload)]
        self.tally.received[row.evidence_uid] += len(outcomes) - 1
        alone = len(outcomes) == 1
        for outcome in outcomes:
            if isinstance(outcome, Refused):
                kept = Refused(row.offset, row.length, outcome.reason) if alone else outcome
                self._refuse(row.evidence_uid, kept)
            else:
                self._queue(row.evidence_uid, replace(outcome, lengths=[row.length]) if alone else outcome)


__all__ = ["UNRECOGNISED", "Ingest", "Reject", "Tally"]
