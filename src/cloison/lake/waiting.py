"""How do the records of one carrier wait for the engine, and in which columns does it read them?"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cloison.evidence.formats.pieces import Pieces, Whole
from cloison.lake.judging import Framed
from cloison.sources.mapping import Mapping

_JOINED_BYTES = 2 << 20
_ROWS = 16_384
"""Rows of one batch: the engine reads batches side by side."""
_SHORT = 12
"""A view of at most so many bytes holds them itself."""


class Row(NamedTuple):
    """One record that waits."""

    evidence_uid: str
    offset: int
    length: int
    sure: bool
    payload: bytes


@dataclass
class Waiting:
    """Records of one carrier that wait for the engine, and how many bytes they have."""

    mapping: Mapping
    framed: list[tuple[str, Framed]] = field(default_factory=list)
    size: int = 0

    def add(self, evidence_uid: str, framed: Framed) -> None:
        """Let some more wait."""
        if isinstance(framed.payloads, Pieces):
            framed = replace(framed, payloads=framed.payloads.narrowed())
        self.framed.append((evidence_uid, framed))
        self.size += framed.size

    def split(self, parts: int, least: int) -> Iterator["Waiting"]:
        """The same in so many parts at most, none but the last of fewer bytes than `least`."""
        share = max(least, self.size // parts)
        part = Waiting(self.mapping)
        for uid, framed in self.framed:
            part.framed.append((uid, framed))
            part.size += framed.size
            if part.size >= share:
                yield part
                part = Waiting(self.mapping)
        if part.framed:
            yield part

    def rows(self, places: dict[str, set[int]] | None = None) -> Iterator[Row]:
        """Each by itself; with `places` only those that stand at an offset of their evidence."""
        for uid, one in self.framed:
            if places is None or uid in places:
                for number, offset in _chosen(one.offsets, None if places is None else places[uid]):
                    payload = one.payloads[number]
                    if self.mapping.carrier.kind == "json":
                        payload = payload.replace(b"\r", b" ")
                    yield Row(uid, offset, int(one.lengths[number]), one.sure, payload)

    def batches(self) -> list[pa.RecordBatch]:
        """All of them in columns, the bytes where they are.

        Raises:
            UnicodeDecodeError: a JSON record is not UTF-8. In lines what cannot be spelled is replaced.
        """
        lines = self.mapping.carrier.kind == "lines"
        return [
            batch.slice(at, _ROWS)
            for group in _groups(self.framed)
            for batch in [_columns(group, lines=lines)]
            for at in range(0, batch.num_rows, _ROWS)
        ]


def waiting(mapping: Mapping, rows: list[Row]) -> Waiting:
    """Rows that wait again."""
    again = Waiting(mapping)
    for uid, alike in groupby(rows, key=lambda row: (row.evidence_uid, row.sure)):
        listed = list(alike)
        offsets, lengths = [row.offset for row in listed], [row.length for row in listed]
        again.add(uid[0], Framed(mapping, offsets, lengths, [row.payload for row in listed], uid[1]))
    return again


def _chosen(offsets: list[int] | Whole, wanted: set[int] | None) -> Iterator[tuple[int, int]]:
    known = offsets if isinstance(offsets, list) else offsets.tolist()
    return ((number, offset) for number, offset in enumerate(known) if wanted is None or offset in wanted)


def _groups(framed: list[tuple[str, Framed]]) -> Iterator[list[tuple[str, Framed]]]:
    """Small ones together, large ones by themselves, whose bytes need no copy then."""
    group: list[tuple[str, Framed]] = []
    size = 0
    for one in framed:
        group.append(one)
        size += one[1].size
        if size >= _JOINED_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _columns(group: list[tuple[str, Framed]], *, lines: bool) -> pa.RecordBatch:
    records = _joined([one.payloads for _, one in group])
    uids = Pieces.of(uid.encode() for uid, _ in group)
    counts = [len(one.offsets) for _, one in group]
    each = np.repeat(np.arange(len(group)), counts)
    columns = {
        "_e": _views(uids.only(each)),
        "_o": pa.array(np.concatenate([np.asarray(one.offsets, np.int64) for _, one in group])),
        "_l": pa.array(np.concatenate([np.asarray(one.lengths, np.int64) for _, one in group])),
        "_f": pa.array(np.repeat([one.sure for _, one in group], counts)),
        "rec": _views(_spelled(records, lines=lines)),
    }
    return pa.RecordBatch.from_pydict(columns)


def _joined(payloads: list[list[bytes] | Pieces]) -> Pieces:
    return Pieces.joined([one if isinstance(one, Pieces) else Pieces.of(one) for one in payloads])


def _spelled(records: Pieces, *, lines: bool) -> Pieces:
    """The records as the engine can take them: in UTF-8, a line without a NUL, an object on one line."""
    buffer = records.buffer
    if not lines:
        _valid(records)
        return Pieces(buffer.replace(b"\r", b" "), records.begins, records.sizes) if b"\r" in buffer else records
    try:
        if b"\0" not in buffer:
            _valid(records)
            return records
    except UnicodeDecodeError:
        pass
    return Pieces.of(line.decode("utf-8", "replace").replace("\0", "").encode() for line in records)


def _valid(records: Pieces) -> None:
    if not records.buffer.isascii():
        for record in records:
            record.decode()


def _views(texts: Pieces) -> pa.Array:
    """An Arrow column of text that points into the buffer: size, first bytes, number of the buffer, place in it."""
    views = np.zeros((len(texts), 4), np.int32)
    views[:, 0], views[:, 3] = texts.sizes, texts.begins
    seen = np.frombuffer(texts.buffer, np.uint8)
    first: npt.NDArray[np.uint8] = views.view(np.uint8).reshape(-1, 16)
    if len(seen):
        first[:, 4:8] = seen[np.minimum(texts.begins[:, None] + np.arange(4), len(seen) - 1)]
    for number in np.flatnonzero(texts.sizes <= _SHORT).tolist():
        held = texts[number].ljust(_SHORT, b"\0")
        first[number, 4:] = np.frombuffer(held, np.uint8)
    return pa.Array.from_buffers(pa.string_view(), len(texts), [None, pa.py_buffer(views), pa.py_buffer(texts.buffer)])
