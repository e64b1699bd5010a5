"""How do framed records become typed event rows in Parquet, with every record accounted for?"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import duckdb

from cloison.errors import EvidenceError
from cloison.lake.framing import Framer
from cloison.lake.judging import UNRECOGNISED, Framed, Judge, Refused
from cloison.lake.loading import Loaded, Loader
from cloison.lake.waiting import Row, Waiting
from cloison.model.limits import LIMITS
from cloison.sources.mapping import Mapping
from cloison.sources.recognise import Recogniser

FLUSH_BYTES = 48 << 20


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


class Ingest:
    """Writes the parts of one batch of evidence below `folder`; `prefix` makes their names new.

    While the engine maps what has waited, the next records are framed: what it found is taken up before more is given
    to it, so that the same evidence always yields the same.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, recogniser: Recogniser, folder: Path, prefix: str) -> None:
        self._engine, self._recogniser, self._prefix = engine, recogniser, prefix
        self._loader = Loader(engine, folder)
        self._waiting: dict[tuple[str, str], Waiting] = {}
        self._judges: dict[str, Recogniser] = {}
        self._worker: ThreadPoolExecutor | None = None
        self._loading: tuple[Mapping, Future[Loaded]] | None = None
        self._numbers = 0
        self.tally = Tally()

    def take(
        self,
        evidence_uid: str,
        framer: Framer,
        chunks: Iterator[bytes],
        recogniser: Recogniser | None = None,
        *,
        dated: datetime | None = None,
    ) -> None:
        """Frame one unpacked stream and queue its records.

        `recogniser` also judges its doubtful ones; `dated` is by when it was written, in UTC without a zone: the year
        of records that state none follows from it.
        """
        if dated is not None:
            self._loader.dated[evidence_uid] = dated
        self._judges[evidence_uid] = recogniser or self._recogniser
        for found in framer.records(chunks):
            if isinstance(found, Refused):
                self._refuse(evidence_uid, found)
            else:
                self._queue(evidence_uid, found)
        self.tally.received[evidence_uid] += framer.received

    def close(self) -> Tally:
        """Write what waits and return what became of the batch."""
        self._settle()
        while self._waiting:
            waiting = self._waiting.pop(next(iter(self._waiting)))
            self._taken_up(waiting.mapping, self._loader.load(waiting, self._part(waiting.mapping)))
            self._settle()
        self._dismiss()
        self.tally.check()
        return self.tally

    def abandon(self) -> None:
        """Stop what the engine is doing; nothing more is written."""
        if self._worker is not None:
            self._engine.interrupt()
        self._dismiss()

    def _dismiss(self) -> None:
        if self._worker is not None:
            self._worker.shutdown(wait=True, cancel_futures=True)
            self._worker = None

    def _refuse(self, evidence_uid: str, refused: Refused, source: str = "") -> None:
        self.tally.rejects.append(Reject(evidence_uid, refused.offset, refused.length, refused.reason, source))

    def _queue(self, evidence_uid: str, framed: Framed) -> None:
        key = (framed.mapping.spec.name, framed.mapping.carrier.name)
        waiting = self._waiting.setdefault(key, Waiting(framed.mapping))
        waiting.add(evidence_uid, framed)
        if waiting.size >= FLUSH_BYTES:
            del self._waiting[key]
            self._settle()
            self._worker = self._worker or ThreadPoolExecutor(1)
            part = self._part(waiting.mapping)
            self._loading = waiting.mapping, self._worker.submit(self._loader.load, waiting, part)

    def _part(self, mapping: Mapping) -> str:
        self._numbers += 1
        return f"{mapping.spec.name}-{self._prefix}-{self._numbers - 1:04}.parquet"

    def _settle(self) -> None:
        """Take up what the engine has made of what it was given, until it is idle: some of it may be given anew."""
        while self._loading is not None:
            (mapping, loading), self._loading = self._loading, None
            self._taken_up(mapping, loading.result())

    def _taken_up(self, mapping: Mapping, loaded: Loaded) -> None:
        for row, reason in loaded.refused:
            self._refuse(row.evidence_uid, Refused(row.offset, row.length, reason), mapping.spec.name)
        for row in loaded.doubtful:
            self._judge(row, mapping)
        for evidence, count in loaded.stored:
            self.tally.stored[evidence, mapping.spec.name] += count
        self.tally.parts += [loaded.part] if loaded.stored else []

    def _judge(self, row: Row, mapping: Mapping) -> None:
        """A row that does not show its carrier's signs is judged by itself, as the first of its stream is."""
        judge = Judge(self._judges[row.evidence_uid], LIMITS)
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
