"""How does one unpacked stream become records, each with its place, its carrier if known, and nothing lost?"""

from collections.abc import Callable, Generator, Iterator
from itertools import chain, groupby, islice

import numpy as np
import orjson

from cloison.evidence.formats.csv_rows import (
    WORDS,
    Row,
    as_object,
    header_again,
    header_of,
    is_directive,
    split_rows,
    words_of,
)
from cloison.evidence.formats.json_scan import JsonScan, Path, Span
from cloison.evidence.formats.pieces import Pieces
from cloison.evidence.formats.text_lines import Lines, place_lines
from cloison.evidence.formats.unwrap import PAGES, holds
from cloison.lake.judging import UNRECOGNISED, Framed, Judge, Refused, decoded, trimmed
from cloison.lake.places import Place, Places
from cloison.model.limits import Limits
from cloison.sources.mapping import Mapping
from cloison.sources.recognise import Recogniser

HEAD = 1 << 20
_BOM = b"\xef\xbb\xbf"
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x1b")
_ROWS = 2_000
_PROBED_LINES, _PROBED_RECORDS, _PROBED_BYTES = 400, 200, 1 << 16
_BETWEEN = b" \t\r\n,"
_HEAD_LINES = 16
"""Among so many first lines the names of a table's columns and its first row stand."""

_SAMPLED, _SAMPLE = 200, 4
"""Where nothing is ever known, the first few of each so many records are still judged."""


class Framer:
    """Frames one stream. After the records are consumed, `received` says how many there were.

    With `rows` each line of it is a row of a table, and its place is its number; `judge` is for what is doubtful.
    """

    def __init__(self, recogniser: Recogniser, limits: Limits, *, rows: bool = False) -> None:
        self._recogniser, self._limits, self._rows = recogniser, limits, rows
        self.judge = Judge(recogniser, limits, rows=rows)
        self._guess: Mapping | None = None
        self._weak = False  # what came last shares its signs with others
        self._wrapped = False  # what came last stood in an envelope or behind a header
        self._size = 0
        self._path: Path | None = None
        self._recognised = False
        self._unknown: list[Refused] = []  # held back until something of the stream is recognised
        self._sampling = False
        self.received = 0

    def records(self, chunks: Iterator[bytes]) -> Iterator[Framed | Refused]:
        """Every record of the stream, in order, as carried or refused."""
        for found in self._guarded(self._shaped(self._counted(chunks))):
            self.received += len(found.offsets) if isinstance(found, Framed) else 1
            yield found
        if not self.received:
            self.received = 1
            yield Refused(0, self._size, "empty: no record in it")

    def _counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._size += len(chunk)
            yield chunk

    def _guarded(self, found: Iterator[Framed | Refused]) -> Iterator[Framed | Refused]:
        """Holds back what is unknown while all is; over the limit it becomes one, and only samples are judged."""
        for one in found:
            if isinstance(one, Refused) and one.reason == UNRECOGNISED and not self._recognised:
                self._unknown.append(one)
                if self._sampling or len(self._unknown) > self._limits.probe_records:
                    first, last = self._unknown[0], self._unknown[-1]
                    both = _as_one((first.offset, first.length), (last.offset, last.length))
                    self._sampling, self._unknown = True, [both]
                continue
            if isinstance(one, Framed):
                self._recognised, self._sampling = True, False
                yield from self._unknown
                self._unknown = []
            yield one
        yield from self._unknown

    def _shaped(self, chunks: Iterator[bytes]) -> Iterator[Framed | Refused]:
        if self._rows:
            return self._rowed(chunks)
        head = _head(chunks)
        whole = chain([head], chunks)
        text = head.removeprefix(_BOM).lstrip()
        if not text:
            return iter(())
        if self._is_binary(head):
            return self._whole(whole, "not UTF-8 text: binary or UTF-16")
        if text.startswith((b"{", b"[{", b"[ ", b"[\n", b"[\r", b"[]")) and not self._lines_known(text):
            alone = not self._is_page(text) and _one_a_line(text)
            return self._lines(whole) if alone else self._json(text, whole)
        header = self._csv_header(text) or self._words_header(text)
        return self._lines(whole) if header is None else self._csv(header, whole)

    def _is_binary(self, head: bytes) -> bool:
        """Many control characters, and no line that a source knows: a few in a log do not make the log unread."""
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return True
        if len(head) - len(head.translate(None, _CONTROLS)) < len(head) // 16 + 1:
            return False
        lines = (trimmed(0, line)[1] for line in head.split(b"\n")[:_PROBED_LINES])
        return not any(
            decoded(line) or self._recogniser.line(line.decode("utf-8", "replace")) for line in lines if line
        )

    def _whole(self, whole: Iterator[bytes], reason: str) -> Iterator[Refused]:
        yield Refused(0, sum(map(len, whole)), reason)

    def _lines_known(self, text: bytes) -> bool:
        first = text.split(b"\n", 1)[0].decode("utf-8", "replace")
        return not first.startswith("{") and self._recogniser.line(first) is not None

    # -- JSON ---------------------------------------------------------------------------------------------------

    def _json(self, text: bytes, whole: Iterator[bytes]) -> Iterator[Framed | Refused]:
        scan = JsonScan(frozenset({self._path_of(text)}), limit=self._limits.record_bytes, together=True)
        first = next(whole)
        spaced = first.replace(_BOM, b"   ", 1) if first.startswith(_BOM) else first
        for chunk in chain([spaced], whole):
            yield from self._spans(list(scan.fed(chunk)))
        yield from self._spans(list(scan.fed(b"", last=True)))

    def _is_page(self, text: bytes) -> bool:
        """Whether all that there is is one object on one line, no record itself, with its records in one array."""
        if len(text) >= HEAD or b"\n" in text.strip():
            return False
        record = decoded(self._shell(text)) or decoded(text)
        if record is None or self.judge.resolved(record) is not None:
            return False
        return [path for path in PAGES if holds(record, path)] == [self._path_of(text)]

    def _shell(self, text: bytes) -> bytes:
        """A page with only the first of its records, where they follow each other: what it is, is seen by that too."""
        scan = JsonScan(frozenset({self._path_of(text)}), limit=self._limits.record_bytes, together=True)
        runs = [*scan.fed(text, last=True)]
        ends = [0]
        for run in runs:
            if isinstance(run, Span) or (len(ends) > 1 and text[ends[-1] : run.begins[0]].strip(_BETWEEN)):
                return text
            ends += [int(run.begins[0] + run.sizes[0]), int(run.begins[-1] + run.sizes[-1])]
        return text[: ends[1]] + text[ends[-1] :] if runs else text

    def _path_of(self, text: bytes) -> Path:
        """Where the records stand: at the top, in an array, or inside a page."""
        if self._path is None:
            self._path = next(self._paths(text), ("[]",) if text.startswith(b"[") else ())
        return self._path

    def _paths(self, text: bytes) -> Iterator[Path]:
        pages = JsonScan(PAGES, limit=self._limits.record_bytes)
        spans = (span for part in (text[:_PROBED_BYTES], text[_PROBED_BYTES:]) for span in pages.feed(part))
        for span in islice((span for span in spans if not span.fault), _PROBED_RECORDS):
            record = decoded(span.data)
            if record is not None and self.judge.resolved(record) is not None:
                yield span.path

    def _spans(self, spans: list[Span | Pieces]) -> Iterator[Framed | Refused]:
        for together, some in groupby(spans, key=lambda one: isinstance(one, Pieces)):
            if together:
                for run in some:
                    if isinstance(run, Pieces):
                        yield from self._batch(Places(run.offsets, run.sizes, _unbroken(run)), self.judge.json_text)
                continue
            found = [one for one in some if isinstance(one, Span)]
            yield from (Refused(span.offset, span.length, span.fault) for span in found if span.fault)
            places = [(one.offset, one.length, one.data.translate(_ONE_LINE)) for one in found if not one.fault]
            yield from self._batch(Places.of(places), self.judge.json_text)

    # -- text ---------------------------------------------------------------------------------------------------

    def _lines(self, whole: Iterator[bytes]) -> Iterator[Framed | Refused]:
        for part in place_lines(whole, limit=self._limits.record_bytes):
            if isinstance(part, Lines):
                yield Refused(part.offsets[0], part.length, part.fault)
                continue
            bare = part.trimmed()
            places = Places(bare.offsets, bare.sizes, bare)
            yield from self._batch(places, lambda offset, _, line: self.judge.line(offset, line))

    def _rowed(self, chunks: Iterator[bytes]) -> Iterator[Framed | Refused]:
        number = 0
        for part in place_lines(chunks, limit=self._limits.record_bytes):
            if isinstance(part, Lines):
                yield Refused(number, 1, part.fault)
                number += 1
                continue
            numbers = np.arange(number, number + len(part))
            yield from self._batch(Places(numbers, np.ones_like(numbers), part), self.judge.json_text)
            number += len(part)

    # -- CSV ----------------------------------------------------------------------------------------------------

    def _csv_header(self, text: bytes) -> tuple[list[str], str] | None:
        first, separator, rest = text.partition(b"\n")
        header = header_of(first)
        if header is None or not separator or self._lines_known(text):
            return None
        rows = [row.data for row in islice(split_rows([rest], limit=HEAD), _PROBED_LINES)]
        if rows and as_object(*header, rows[0]) is not None:
            return header
        records = (as_object(*header, row) for row in rows)
        known = (record is not None and self._recogniser.record(record) is not None for record in records)
        return header if not rows or any(known) else None

    def _words_header(self, text: bytes) -> tuple[list[str], str] | None:
        """Names with spaces between, under which the first row shows the signs of a source: any prose has words."""
        lines = (line for line in text.split(b"\n", _HEAD_LINES)[:_HEAD_LINES] if line.strip())
        told = [line for line in lines if not is_directive(line)]
        header = words_of(told[0]) if told else None
        rows = (as_object(*header, line) for line in told[1:] or told) if header else iter(())
        known = any(record is not None and self._recogniser.record(record) is not None for record in rows)
        return header if known else None

    def _csv(self, header: tuple[list[str], str], whole: Iterator[bytes]) -> Iterator[Framed | Refused]:
        rows = split_rows(whole, limit=self._limits.record_bytes)
        next(row for row in rows if row.data.strip() and not _aside(header, row))
        while batch := list(islice(rows, _ROWS)):
            places: list[Place] = []
            for row in batch:
                again = header_again(*header, row.data)
                if again is None:
                    yield from _celled(header, row, places)
                header = again or header
            yield from self._batch(Places.of(places), self.judge.json_text)

    # -- records together -----------------------------------------------------------------------------------------

    def _batch(
        self, places: Places, judge: Callable[[int, int, bytes], Iterator[Framed | Refused]]
    ) -> Iterator[Framed | Refused]:
        """Consecutive records: judged one by one until one shows the carrier of its kind, then taken together."""
        at = 0
        while at < len(places):
            if self._guess is not None:
                yield from self._together(self._guess, places.only(slice(at, None)), judge)
                return
            if self._sampling and at % _SAMPLED >= _SAMPLE:
                end = min(at + _SAMPLED - at % _SAMPLED, len(places))
                yield _as_one(places[at][:2], places[end - 1][:2])
                at = end
                continue
            if self._wrapped:
                yield from self._unwrapped(places.only(slice(at, None)), judge)
                return
            if self._weak:
                at += yield from self._sorted(places.only(slice(at, None)), judge)
                continue
            yield from self._first(judge(*places[at]))
            at += 1

    def _first(self, judged: Iterator[Framed | Refused]) -> Iterator[Framed | Refused]:
        """One record by itself: the first that came as such says what those behind it are likely to be."""
        for found in judged:
            if isinstance(found, Framed) and found.direct:
                self._weak = found.mapping.carrier.weak
                self._guess = self._guess or (None if self._weak else found.mapping)
            self._wrapped = isinstance(found, Framed) and not found.direct
            yield found

    def _sorted(
        self, places: Places, judge: Callable[[int, int, bytes], Iterator[Framed | Refused]]
    ) -> Generator[Framed | Refused, None, int]:
        """Records whose signs others share: each is recognised by itself, and those of a carrier are taken together."""
        alike: dict[tuple[str, str], tuple[Mapping, list[int]]] = {}
        number = 0
        for number, payload in enumerate(places.payloads, 1):
            record = decoded(payload) if payload[:1] == b"{" else None
            mapping = None if record is None else self._recogniser.record(record)
            if mapping is None:
                yield from self._first(judge(*places[number - 1]))
            else:
                key = (mapping.spec.name, mapping.carrier.name)
                alike.setdefault(key, (mapping, []))[1].append(number - 1)
                self._weak = mapping.carrier.weak
                self._guess = None if self._weak else mapping
            if not self._weak:
                break
        for mapping, numbers in alike.values():
            taken = places.only(np.array(numbers))
            yield Framed(mapping, taken.offsets, taken.lengths, taken.payloads, sure=True, direct=True)
        return number

    def _unwrapped(
        self, places: Places, judge: Callable[[int, int, bytes], Iterator[Framed | Refused]]
    ) -> Iterator[Framed | Refused]:
        """Records in envelopes: each is recognised by itself, and those of a carrier are taken together."""
        alike: dict[tuple[str, str, bool], tuple[Mapping, list[int], list[bytes]]] = {}
        for number, payload in enumerate(places.payloads):
            found = self.judge.alone(payload)
            if found is None:
                yield from judge(*places[number])
                continue
            mapping, carried, direct = found
            key = (mapping.spec.name, mapping.carrier.name, direct)
            _, numbers, payloads = alike.setdefault(key, (mapping, [], []))
            numbers.append(number)
            payloads.append(carried)
        for (_, _, direct), (mapping, numbers, payloads) in alike.items():
            taken = places.only(np.array(numbers))
            yield Framed(mapping, taken.offsets, taken.lengths, Pieces.of(payloads), sure=True, direct=direct)
        plain = sum(len(numbers) for (_, _, direct), (_, numbers, _) in alike.items() if direct)
        self._wrapped = 2 * plain < len(places)

    def _together(
        self, guess: Mapping, places: Places, judge: Callable[[int, int, bytes], Iterator[Framed | Refused]]
    ) -> Iterator[Framed | Refused]:
        """All that looks like the guessed carrier, for the engine to check; what does not is judged by itself."""
        alike = places.payloads.enclosed(b"{", b"}") | (guess.carrier.kind == "lines")
        if alike.any():
            taken = places if alike.all() else places.only(alike)
            yield Framed(guess, taken.offsets, taken.lengths, taken.payloads, sure=False, direct=True)
        for number in np.flatnonzero(~alike).tolist():
            yield from judge(*places[number])


_ONE_LINE = bytes.maketrans(b"\r\n", b"  ")


def _unbroken(run: Pieces) -> Pieces:
    """Records that are each on one line."""
    alone = run.narrowed()
    return Pieces(alone.buffer.translate(_ONE_LINE), alone.begins, alone.sizes, alone.base)


def _as_one(first: tuple[int, int], last: tuple[int, int]) -> Refused:
    """Unknown records from the first to the last, told as one; each is given by its offset and length."""
    return Refused(first[0], last[0] + last[1] - first[0], UNRECOGNISED)


def _head(chunks: Iterator[bytes]) -> bytes:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    return head


def _one_a_line(text: bytes) -> bool:
    """Whether lines are objects of their own, and no more look like parts of one, as a broken line alone may do."""
    if text.startswith(b"["):
        return False
    lines = [stripped for line in text.split(b"\n")[:_PROBED_LINES] if (stripped := line.strip())]
    whole = sum(line.startswith(b"{") and decoded(line) is not None for line in lines)
    parts = sum(line.endswith((b"{", b"[", b",")) or line.startswith((b'"', b"}", b"]")) for line in lines)
    return whole > 0 and whole >= parts


def _aside(header: tuple[list[str], str], row: Row) -> bool:
    """Whether a row is none of the table's, but a word about it."""
    return header[1] == WORDS and is_directive(row.data)


def _celled(header: tuple[list[str], str], row: Row, places: list[Place]) -> Iterator[Refused]:
    """Adds a row's object to `places`; where a stray quote made one of several lines, each line by itself."""
    names, delimiter = header
    if row.fault:
        yield Refused(row.offset, row.length, row.fault)
        return
    if not row.data.strip() or _aside(header, row):
        return
    record = as_object(names, delimiter, row.data)
    if record is not None:
        places.append((row.offset, row.length, orjson.dumps(record)))
    elif len(row.lines) > 1:
        for offset, line in row.lines:
            yield from _celled(header, Row(offset, len(line), ((offset, line),)), places)
    else:
        yield Refused(row.offset, row.length, f"row does not have the {len(names)} columns of its header")
