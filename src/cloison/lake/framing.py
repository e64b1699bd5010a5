"""How does one unpacked stream become records, each with its place, its carrier if known, and nothing lost?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import orjson

from cloison.evidence.formats.csv_rows import as_object, header_of, split_rows
from cloison.evidence.formats.json_scan import JsonScan, Path, Span
from cloison.evidence.formats.text_lines import Lines, split_lines
from cloison.evidence.formats.unwrap import PAGES, carried_text, inside
from cloison.model.limits import Limits
from cloison.sources.mapping import Mapping
from cloison.sources.recognise import Recogniser

HEAD = 1 << 20


@dataclass(frozen=True)
class Framed:
    """Consecutive records of one carrier. `sure` says that each was recognised by itself; else the engine checks.

    `payloads` are JSON objects, or for a line carrier the lines themselves; `lengths` are bytes in the stream.
    """

    mapping: Mapping
    offsets: list[int]
    lengths: list[int]
    payloads: list[bytes]
    sure: bool


@dataclass(frozen=True)
class Refused:
    """A record that cannot be taken: its place and why."""

    offset: int
    length: int
    reason: str


UNRECOGNISED = "recognised by no source"


class Framer:
    """Frames one stream. After the records are consumed, `received` says how many there were."""

    def __init__(self, recogniser: Recogniser, limits: Limits) -> None:
        self._recogniser, self._limits = recogniser, limits
        self._guess: Mapping | None = None
        self._recognised = 0
        self._unrecognised: list[Refused] = []
        self.received = 0

    def records(self, chunks: Iterator[bytes]) -> Iterator[Framed | Refused]:
        """Every record of the stream, in order, as carried or refused."""
        head = _head(chunks)
        if not head.strip():
            yield from self._empty(head)
            return
        whole = chain([head], chunks)
        skip = 3 if head.startswith(b"\xef\xbb\xbf") else 0
        for found in self._shaped(head[skip:], whole):
            self.received += len(found.offsets) if isinstance(found, Framed) else 1
            yield found
        for refused in self.left():
            self.received += 1
            yield refused

    def left(self) -> list[Refused]:
        """What no source recognised while nothing else of the stream was recognised either."""
        return self._unrecognised

    def _empty(self, head: bytes) -> Iterator[Refused]:
        self.received = 1
        yield Refused(0, len(head), "empty: no record in it")

    def _shaped(self, head: bytes, whole: Iterator[bytes]) -> Iterator[Framed | Refused]:
        text = head.lstrip()
        if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:4096]:
            yield from self._as_one(whole, "not UTF-8 text: binary or UTF-16")
        elif text.startswith((b"{", b"[{", b"[ ", b"[\n", b"[\r", b"[]")) and not self._lines_known(head):
            yield from self._json(text, whole)
        elif (header := self._csv_header(head)) is not None:
            yield from self._csv(header, whole)
        else:
            yield from self._guarded(self._lines(split_lines(whole, limit=self._limits.record_bytes)), whole)

    def _as_one(self, whole: Iterator[bytes], reason: str) -> Iterator[Refused]:
        yield Refused(0, sum(map(len, whole)), reason)

    def _lines_known(self, head: bytes) -> bool:
        first = head.split(b"\n", 1)[0].decode("utf-8", "replace")
        return not first.startswith("{") and self._recogniser.line(first) is not None

    # -- JSON ---------------------------------------------------------------------------------------------------

    def _json(self, head: bytes, whole: Iterator[bytes]) -> Iterator[Framed | Refused]:
        if self._one_a_line(head):
            yield from self._guarded(self._lines(split_lines(whole, limit=self._limits.record_bytes)), whole)
            return
        path = self._path_of(head)
        scan = JsonScan(frozenset({path}), limit=self._limits.record_bytes)
        yield from self._guarded(self._spans(scan, whole), whole)

    def _one_a_line(self, head: bytes) -> bool:
        """Whether each line is an object of its own: some are whole, and none is a line of a pretty-printed one."""
        if head.startswith(b"["):
            return False
        lines = [line.strip() for line in head.split(b"\n")[:400]]
        pretty = any(line == b"{" or line.startswith(b'"') for line in lines)
        return not pretty and any(line[:1] == b"{" and _decoded(line) is not None for line in lines)

    def _path_of(self, head: bytes) -> Path:
        """Where the records stand: at the top, in an array, or inside a page."""
        pages = JsonScan(PAGES, limit=self._limits.record_bytes)
        found = [span for span in pages.feed(head) if not span.fault]
        for span in found[:200]:
            record = _decoded(span.data)
            if record is not None and self._resolve(record) is not None:
                return span.path
        return ("[]",) if head.startswith(b"[") else ()

    def _spans(self, scan: JsonScan, whole: Iterable[bytes]) -> Iterator[Framed | Refused]:
        for chunk in whole:
            yield from self._grouped(list(scan.feed(chunk.removeprefix(b"\xef\xbb\xbf"))))
        yield from self._grouped(list(scan.feed(b"", last=True)))

    def _grouped(self, spans: list[Span]) -> Iterator[Framed | Refused]:
        good = [span for span in spans if not span.fault]
        yield from (Refused(span.offset, span.length, span.fault) for span in spans if span.fault)
        payloads = [span.data.replace(b"\n", b" ").replace(b"\r", b" ") for span in good]
        yield from self._objects([span.offset for span in good], [span.length for span in good], payloads)

    def _objects(self, offsets: list[int], lengths: list[int], payloads: list[bytes]) -> Iterator[Framed | Refused]:
        """Objects of one chunk: taken together for the carrier of the first, the engine checks each."""
        if self._guess is not None and self._guess.carrier.kind == "json" and payloads:
            self._recognised += len(payloads)
            yield Framed(self._guess, offsets, lengths, payloads, sure=False)
            return
        for offset, length, payload in zip(offsets, lengths, payloads, strict=True):
            yield from self.judge(offset, length, payload)

    def judge(self, offset: int, length: int, payload: bytes) -> Iterator[Framed | Refused]:
        """One object by itself: recognised, unwrapped and recognised, opened as a page, or refused."""
        record = _decoded(payload)
        if record is None:
            yield Refused(offset, length, _json_fault(payload))
            return
        resolved = self._resolve(record)
        if resolved is not None:
            yield self._known(offset, length, payload, record, *resolved)
            return
        spans = [span for span in JsonScan(PAGES, limit=self._limits.record_bytes).feed(payload, last=True)]
        if spans:
            yield from self._page(offset, spans)
        else:
            yield from self._unknown(offset, length)

    def _known(
        self, offset: int, length: int, payload: bytes, record: dict[str, object], mapping: Mapping, inner: object
    ) -> Framed:
        self._recognised += 1
        direct = inner is record
        if direct:
            self._guess = mapping
        carried = payload if direct else inner.encode() if isinstance(inner, str) else orjson.dumps(inner)
        return Framed(mapping, [offset], [length], [carried], sure=True)

    def _page(self, base: int, spans: list[Span]) -> Iterator[Framed | Refused]:
        for span in spans:
            record = _decoded(span.data)
            resolved = None if record is None else self._resolve(record)
            if record is None or resolved is None:
                yield from self._unknown(base + span.offset, span.length)
            else:
                mapping, inner = resolved
                carried = inner.encode() if isinstance(inner, str) else orjson.dumps(inner)
                self._recognised += 1
                yield Framed(mapping, [base + span.offset], [span.length], [carried], sure=True)

    def _resolve(self, record: dict[str, object], depth: int = 3) -> tuple[Mapping, object] | None:
        """The carrier of a record and the record itself, out of its envelopes."""
        mapping = self._recogniser.record(record)
        if mapping is not None:
            return mapping, record
        if not depth:
            return None
        for inner in inside(record):
            if (found := self._resolve(inner, depth - 1)) is not None:
                return found
        for text in carried_text(record):
            if (line := self._recogniser.line(text.strip())) is not None:
                return line, text.strip()
        return None

    def _unknown(self, offset: int, length: int) -> Iterator[Refused]:
        if self._recognised:
            yield Refused(offset, length, UNRECOGNISED)
        else:
            self._unrecognised.append(Refused(offset, length, UNRECOGNISED))

    def _guarded(self, found: Iterator[Framed | Refused], whole: Iterator[bytes]) -> Iterator[Framed | Refused]:
        """Stops judging one by one where nothing is ever recognised: the rest is listed as one."""
        for one in found:
            if self._unrecognised and self._recognised:
                yield from self._unrecognised
                self._unrecognised.clear()
            yield one
            if len(self._unrecognised) > self._limits.probe_records:
                first = self._unrecognised[0].offset
                last = self._unrecognised[-1]
                self._unrecognised = [
                    Refused(first, last.offset + last.length - first + sum(map(len, whole)), UNRECOGNISED)
                ]
                return

    # -- text ---------------------------------------------------------------------------------------------------

    def _lines(self, lines: Iterator[Lines]) -> Iterator[Framed | Refused]:
        for part in lines:
            if part.fault:
                yield Refused(part.offsets[0], part.length, part.fault)
                continue
            yield from self._part(part)

    def _part(self, part: Lines) -> Iterator[Framed | Refused]:
        guess = self._guess
        if guess is not None and guess.carrier.kind == "lines":
            kept = [(o, line) for o, line in zip(part.offsets, part.lines, strict=True) if line.strip()]
            yield Framed(guess, [o for o, _ in kept], [len(x) for _, x in kept], [x for _, x in kept], sure=False)
            self._recognised += len(kept)
            return
        if guess is not None:
            yield from self._json_part(guess, part)
            return
        for at, (offset, line) in enumerate(zip(part.offsets, part.lines, strict=True)):
            if line.strip():
                yield from self.judge_line(offset, line)
            if self._guess is not None:
                yield from self._part(Lines(part.offsets[at + 1 :], part.lines[at + 1 :]))
                return
            if len(self._unrecognised) > self._limits.probe_records:
                rest = Lines(part.offsets[at + 1 :], part.lines[at + 1 :])
                self._unrecognised += [Refused(o, len(x), UNRECOGNISED) for o, x in zip(rest.offsets, rest.lines, strict=True)]
                return

    def _json_part(self, guess: Mapping, part: Lines) -> Iterator[Framed | Refused]:
        offsets, lengths, payloads = [], [], []
        for offset, line in zip(part.offsets, part.lines, strict=True):
            text = line.strip()
            if len(text) > 2 and text[:1] == b"{" and text[-1:] == b"}":
                offsets.append(offset)
                lengths.append(len(line))
                payloads.append(text)
            elif text:
                yield from self.judge_line(offset, line)
        if payloads:
            self._recognised += len(payloads)
            yield Framed(guess, offsets, lengths, payloads, sure=False)

    def judge_line(self, offset: int, line: bytes) -> Iterator[Framed | Refused]:
        """One line by itself: an object, a line of a known grammar, or either behind a syslog header."""
        if line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
        text = line.strip()
        if text.startswith(b"{"):
            yield from self.judge(offset, len(line), text)
            return
        decoded = text.decode("utf-8", "replace")
        mapping = self._recogniser.line(decoded)
        if mapping is not None:
            self._recognised += 1
            self._guess = mapping
            yield Framed(mapping, [offset], [len(line)], [text], sure=True)
            return
        yield from self._behind_header(offset, line, decoded)

    def _behind_header(self, offset: int, line: bytes, text: str) -> Iterator[Framed | Refused]:
        for start in _message_starts(text):
            body = text[start:]
            if body.startswith("{") and (record := _decoded(body.encode())) is not None:
                found = self._resolve(record)
                if found is not None:
                    self._recognised += 1
                    carried = found[1].encode() if isinstance(found[1], str) else orjson.dumps(found[1])
                    yield Framed(found[0], [offset], [len(line)], [carried], sure=True)
                    return
            elif (mapping := self._recogniser.line(body)) is not None:
                self._recognised += 1
                yield Framed(mapping, [offset], [len(line)], [body.encode()], sure=True)
                return
        yield from self._unknown(offset, len(line))

    # -- CSV ----------------------------------------------------------------------------------------------------

    def _csv_header(self, head: bytes) -> tuple[list[str], str] | None:
        lines = head.split(b"\n", 2)
        header = header_of(lines[0])
        if header is None or len(lines) < 2 or self._lines_known(head):
            return None
        record = as_object(*header, next(split_rows(iter([lines[1] + b"\n"]), limit=len(head) + 1))[1])
        return header if record is not None else None

    def _csv(self, header: tuple[list[str], str], whole: Iterator[bytes]) -> Iterator[Framed | Refused]:
        rows = split_rows(whole, limit=self._limits.record_bytes)
        next(rows)
        yield from self._guarded(self._rows(header, rows), whole)

    def _rows(self, header: tuple[list[str], str], rows: Iterator[tuple[int, bytes]]) -> Iterator[Framed | Refused]:
        names, delimiter = header
        for offset, row in rows:
            if not row.strip():
                continue
            record = as_object(names, delimiter, row)
            if record is None:
                yield Refused(offset, len(row), f"row does not have the {len(names)} columns of its header")
            else:
                yield from self.judge(offset, len(row), orjson.dumps(record))


def _head(chunks: Iterator[bytes]) -> bytes:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    return head


def _decoded(payload: bytes) -> dict[str, object] | None:
    try:
        record = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) else None


def _json_fault(payload: bytes) -> str:
    try:
        orjson.loads(payload)
    except orjson.JSONDecodeError as fault:
        return f"not JSON: {fault}"
    return "not a JSON object"


def _message_starts(text: str) -> Iterator[int]:
    """Where the message of a line may begin behind a syslog header of the first few words."""
    brace = text.find("{")
    if brace > 0:
        yield brace
    at = 0
    for _ in range(8):
        at = text.find(" ", at) + 1
        if not at:
            return
        yield at
