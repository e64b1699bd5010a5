"""How do framed records become typed event rows in Parquet, chunk by chunk, with every record accounted for?"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa

from cloison.errors import EvidenceError
from cloison.lake.framing import Framer
from cloison.lake.judging import UNRECOGNISED, Framed, Judge, Refused
from cloison.model.limits import LIMITS
from cloison.sources.mapping import Mapping
from cloison.sources.paths import literal, quoted
from cloison.sources.recognise import Recogniser

FLUSH_BYTES = 48 << 20
CHUNK = "chunk.ndjson"
"""The file that the engine reads a chunk from; it may go once the batch is done."""

EARLIEST, LATEST = "1990-01-01", "2100-01-01"
"""A time outside is not understood: no log here is so old, and one record must not stretch a table over ages."""

_CUSTODY = re.compile(rb'\{"_e":"([^"]*)","_o":(\d+),"_l":(\d+),"_f":(true|false),')


_UNSURE = f"""SELECT evidence_uid, record_offset FROM chunk
WHERE NOT _sure OR time IS NULL OR time < TIMESTAMP '{EARLIEST}' OR time >= TIMESTAMP '{LATEST}'"""
_DATA_FAULTS = (duckdb.DataError, duckdb.InvalidInputException)


@dataclass(frozen=True)
class Reject:
    """A record that is not in the lake: where it is and why."""

    evidence_uid: str
    offset: int
    length: int
    reason: str
    source: str = ""


@dataclass
class Pending:
    """Records of one carrier that wait for the engine, as NDJSON rows that carry their own custody."""

    mapping: Mapping
    rows: list[bytes] = field(default_factory=list)
    size: int = 0


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
    """Writes the parts of one batch of evidence below `folder`; `prefix` makes their names new."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, recogniser: Recogniser, folder: Path, prefix: str) -> None:
        self._engine, self._recogniser, self._folder, self._prefix = engine, recogniser, folder, prefix
        self._pending: dict[tuple[str, str], Pending] = {}
        self._judges: dict[str, Recogniser] = {}
        self.tally = Tally()

    def take(
        self, evidence_uid: str, framer: Framer, chunks: Iterator[bytes], recogniser: Recogniser | None = None
    ) -> None:
        """Frame one unpacked stream and queue its records; `recogniser` also judges its doubtful ones."""
        self._judges[evidence_uid] = recogniser or self._recogniser
        for found in framer.records(chunks):
            if isinstance(found, Refused):
                self._refuse(evidence_uid, found)
            else:
                self._queue(evidence_uid, found)
        self.tally.received[evidence_uid] += framer.received

    def close(self) -> Tally:
        """Write what waits and return what became of the batch."""
        while self._pending:
            self._flush(next(iter(self._pending)))
        self.tally.check()
        return self.tally

    def _refuse(self, evidence_uid: str, refused: Refused, source: str = "") -> None:
        self.tally.rejects.append(Reject(evidence_uid, refused.offset, refused.length, refused.reason, source))

    def _queue(self, evidence_uid: str, framed: Framed) -> None:
        key = (framed.mapping.spec.name, framed.mapping.carrier.name)
        pending = self._pending.setdefault(key, Pending(framed.mapping))
        rows = _rows(evidence_uid, framed)
        pending.rows += rows
        pending.size += sum(map(len, rows))
        if pending.size >= FLUSH_BYTES:
            self._flush(key)

    def _flush(self, key: tuple[str, str]) -> None:
        pending = self._pending.pop(key)
        if not self._load(pending):
            return
        unsure = self._engine.execute(_UNSURE).fetchall()
        if unsure:
            self._reconsider(pending, set(unsure))
        self._store(pending.mapping)

    def _load(self, pending: Pending) -> bool:
        """Map the rows into the table `chunk`: strictly, and on a fault leniently, with each that is no JSON judged."""
        try:
            self._map(pending.mapping, self._strict(pending.mapping, pending.rows))
        except _DATA_FAULTS:
            rows = [row for row in pending.rows if self._is_object(row, pending.mapping)]
            pending.rows = self._mappable(pending.mapping, rows)
            if len(pending.rows) < len(rows) and pending.rows:
                self._map(pending.mapping, self._lenient(pending.mapping, pending.rows))
        return bool(pending.rows)

    def _mappable(self, mapping: Mapping, rows: list[bytes]) -> list[bytes]:
        """The rows that the engine can map, found by halving; the others are refused."""
        if not rows:
            return []
        try:
            self._map(mapping, self._lenient(mapping, rows))
        except _DATA_FAULTS as fault:
            if len(rows) == 1:
                self._reject_row(rows[0], f"cannot be mapped: {str(fault).splitlines()[0]}", mapping.spec.name)
                return []
            half = len(rows) // 2
            return self._mappable(mapping, rows[:half]) + self._mappable(mapping, rows[half:])
        return rows

    def _map(self, mapping: Mapping, records: str) -> None:
        self._engine.execute(f"CREATE OR REPLACE TEMP VIEW raw_records AS {records}")
        self._engine.execute(f"CREATE OR REPLACE TEMP TABLE chunk AS {mapping.select}")

    def _strict(self, mapping: Mapping, rows: list[bytes]) -> str:
        path = self._folder / CHUNK
        with path.open("wb") as file:
            file.write(b"\n".join(rows))
        columns = {"_e": "VARCHAR", "_o": "BIGINT", "_l": "BIGINT", "_f": "BOOLEAN", **mapping.columns}
        listed = ", ".join(f"{quoted(name)}: {literal(kind)}" for name, kind in columns.items())
        longest = max(map(len, rows)) + 1
        return (
            f"SELECT * FROM read_json({literal(str(path))}, format = 'newline_delimited', "
            f"columns = {{{listed}}}, maximum_object_size = {max(longest, 1 << 20)})"
        )

    def _lenient(self, mapping: Mapping, rows: list[bytes]) -> str:
        placed = [(hit, row) for row in rows if (hit := _CUSTODY.match(row))]
        table = pa.table(
            {
                "_e": [hit[1].decode() for hit, _ in placed],
                "_o": [int(hit[2]) for hit, _ in placed],
                "_l": [int(hit[3]) for hit, _ in placed],
                "_f": [hit[4] == b"true" for hit, _ in placed],
                "rec": [(b"{" + row[hit.end() :]).decode() for hit, row in placed],
            }
        )
        self._engine.register("lenient_rows", table)
        names = ", ".join(f"struct_extract(_j, {literal(name)}) AS {quoted(name)}" for name in mapping.structure)
        structure = literal(orjson.dumps(mapping.structure).decode())
        return (
            f"SELECT _e, _o, _l, _f, {names} FROM (SELECT *, json_transform(rec, {structure}) AS _j FROM lenient_rows)"
        )

    def _is_object(self, row: bytes, mapping: Mapping) -> bool:
        """Whether a row is JSON; if not, it is judged by itself, as the first of its stream is."""
        try:
            orjson.loads(row)
        except orjson.JSONDecodeError:
            self._judge(row, mapping)
            return False
        return True

    def _reject_row(self, row: bytes, reason: str, source: str) -> None:
        found = _CUSTODY.match(row)
        if found:
            refused = Refused(int(found[2]), int(found[3]), reason)
            self._refuse(found[1].decode(), refused, source)

    def _reconsider(self, pending: Pending, unsure: set[tuple[str, int]]) -> None:
        """Rows that do not show their carrier's signs are judged one by one; the rest of the chunk stands."""
        doubtful: list[tuple[str, int]] = []
        for row in pending.rows:
            found = _CUSTODY.match(row)
            place = (found[1].decode(), int(found[2])) if found else ("", -1)
            if not found or place not in unsure:
                continue
            if found[4] == b"true":
                self._reject_row(row, "its time is missing or not understood", pending.mapping.spec.name)
            else:
                self._judge(row, pending.mapping)
            doubtful.append(place)
        evidence, offsets = zip(*doubtful, strict=True)
        self._engine.register("doubtful", pa.table({"e": evidence, "o": offsets}))
        self._engine.execute(
            "DELETE FROM chunk USING doubtful AS d WHERE chunk.evidence_uid = d.e AND chunk.record_offset = d.o"
        )
        self._engine.unregister("doubtful")

    def _judge(self, row: bytes, mapping: Mapping) -> None:
        found = _CUSTODY.match(row)
        if not found:
            return
        evidence_uid, offset, length = found[1].decode(), int(found[2]), int(found[3])
        judge, payload = Judge(self._judges[evidence_uid], LIMITS), b"{" + row[found.end() :]
        if mapping.carrier.kind == "lines":
            outcomes = [*judge.line(offset, orjson.loads(payload)["line"].encode())]
        else:
            outcomes = [*judge.json_text(offset, length, payload)]
        self.tally.received[evidence_uid] += len(outcomes) - 1
        for outcome in outcomes:
            if isinstance(outcome, Refused):
                self._refuse(evidence_uid, outcome if len(outcomes) > 1 else Refused(offset, length, outcome.reason))
            else:
                self._queue(evidence_uid, outcome if len(outcomes) > 1 else replace(outcome, lengths=[length]))

    def _store(self, mapping: Mapping) -> None:
        counts = self._engine.execute("SELECT evidence_uid, count(*) FROM chunk GROUP BY ALL").fetchall()
        if not counts:
            return
        for evidence, count in counts:
            self.tally.stored[evidence, mapping.spec.name] += count
        name = f"{mapping.spec.name}-{self._prefix}-{len(self.tally.parts):04}.parquet"
        self._engine.execute(
            f"COPY (SELECT * EXCLUDE (_sure) FROM chunk ORDER BY time, event_uid) "
            f"TO {literal(str(self._folder / name))} (FORMAT parquet, COMPRESSION zstd)"
        )
        self.tally.parts.append(name)


def _rows(evidence_uid: str, framed: Framed) -> list[bytes]:
    """The records as NDJSON rows with their custody in front."""
    evidence, sure = evidence_uid.encode(), b"true" if framed.sure else b"false"
    triples = zip(framed.offsets, framed.lengths, framed.payloads, strict=True)
    if framed.mapping.carrier.kind == "lines":
        return [
            b'{"_e":"%b","_o":%d,"_l":%d,"_f":%b,"line":%b}' % (evidence, offset, length, sure, _text(line))
            for offset, length, line in triples
        ]
    return [
        b'{"_e":"%b","_o":%d,"_l":%d,"_f":%b,%b' % (evidence, offset, length, sure, record[1:].replace(b"\r", b" "))
        for offset, length, record in triples
    ]


def _text(line: bytes) -> bytes:
    return orjson.dumps(line.decode("utf-8", "replace").replace("\0", ""))


__all__ = ["UNRECOGNISED", "Ingest", "Reject", "Tally"]
