"""Of which carrier is this one record, out of its pages, envelopes and headers, and where does it stand?"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import orjson

from cloison.evidence.formats.bare import line_of
from cloison.evidence.formats.json_scan import JsonScan
from cloison.evidence.formats.pieces import Pieces, Whole
from cloison.evidence.formats.unwrap import PAGES, inside
from cloison.model.limits import Limits
from cloison.model.wording import many
from cloison.sources.mapping import Mapping
from cloison.sources.recognise import Recogniser

UNRECOGNISED = "recognised by no source"
_PIECE = 1 << 20
_ENVELOPES_DEEP = 3
_HEADER_WORDS = 8
_STAMP = r"(?:[A-Z][a-z]{2} [ \d]\d(?: \d{4})? \d{2}:\d{2}:\d{2}(?:\.\d+)?|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\S*)"
_HEADERS = (
    re.compile(r"<\d{1,3}>1 \S+ \S+ \S+ \S+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(?:@cee: ?)?"),
    re.compile(rf"(?:<\d{{1,3}}>)?{_STAMP} \S+ [^\s:\[]+(?:\[[^\]\s]*\])?: ?(?:@cee: ?)?"),
    re.compile(rf"(?:<\d{{1,3}}>)?{_STAMP} \S+ "),
)
"""The header of RFC 5424, and that of RFC 3164 with and without a tag."""
_HEADER = re.compile(rf"<\d{{1,3}}>|{_STAMP}")

Carried = tuple[Mapping, object]
"""A carrier and its record: the members of an object, or a line."""


@dataclass(frozen=True)
class Framed:
    """Consecutive records of one carrier.

    Attributes:
        offsets, lengths: where each stands in the unpacked stream, in bytes.
        payloads: JSON objects, or for a line carrier the lines themselves; a `Pieces` where many are taken together.
        sure: each was recognised by itself; else the engine checks.
        direct: the payload is the record itself, out of no page, envelope or header.
    """

    mapping: Mapping
    offsets: list[int] | Whole
    lengths: list[int] | Whole
    payloads: list[bytes] | Pieces
    sure: bool
    direct: bool = False

    @property
    def size(self) -> int:
        """How many bytes the payloads have."""
        return int(self.payloads.sizes.sum()) if isinstance(self.payloads, Pieces) else sum(map(len, self.payloads))


@dataclass(frozen=True)
class Refused:
    """A record that cannot be taken: its place and why."""

    offset: int
    length: int
    reason: str


class Judge:
    """Judges records one by one; the recogniser remembers what it saw of this stream.

    With `rows` a record is a row of a table: nothing inside it has a place of its own.
    """

    def __init__(self, recogniser: Recogniser, limits: Limits, *, rows: bool = False) -> None:
        self._recogniser, self._limits, self._rows = recogniser, limits, rows
        self._last: tuple[Mapping, re.Pattern[str]] | None = None  # the grammar of the text before

    def json_text(self, offset: int, length: int, payload: bytes) -> Iterator[Framed | Refused]:
        """One JSON text: recognised, unwrapped and recognised, opened as a page, or refused."""
        found = self._json_text(offset, length, payload)
        return iter([_one_row(offset, [*found])]) if self._rows else found

    def _json_text(self, offset: int, length: int, payload: bytes) -> Iterator[Framed | Refused]:
        try:
            record = orjson.loads(payload)
        except orjson.JSONDecodeError as fault:
            mended = _mended(payload)
            if mended is None:
                yield from self._torn(offset, length, payload, f"not JSON: {fault}")
                return
            payload, record = mended
        resolved = self.resolved(record) if isinstance(record, dict) else None
        if resolved is not None:
            yield _framed(offset, length, payload, record, *resolved)
        else:
            yield from self._page(offset, length, payload)

    def _torn(self, base: int, length: int, payload: bytes, fault: str) -> Iterator[Framed | Refused]:
        """What is no JSON text may be several, with nothing between them."""
        spans = [*JsonScan(frozenset({()}), limit=self._limits.record_bytes).feed(payload, last=True)]
        if len(spans) < 2 or any(span.fault for span in spans):
            yield Refused(base, length, fault)
            return
        for span in spans:
            yield from self.json_text(base + span.offset, span.length, span.data)

    def _page(self, base: int, length: int, payload: bytes) -> Iterator[Framed | Refused]:
        scan = JsonScan(PAGES, limit=self._limits.record_bytes)
        pieces = (payload[at : at + _PIECE] for at in range(0, len(payload), _PIECE))
        spans = [span for piece in pieces for span in scan.feed(piece)] + [*scan.feed(b"", last=True)]
        if all(span.fault for span in spans):
            yield Refused(base, length, UNRECOGNISED)
            return
        for span in spans:
            record = None if span.fault else decoded(span.data)
            resolved = None if record is None else self.resolved(record)
            if record is None or resolved is None:
                yield Refused(base + span.offset, span.length, span.fault or UNRECOGNISED)
            else:
                framed = _framed(base + span.offset, span.length, span.data, record, *resolved)
                yield replace(framed, direct=False)

    def resolved(self, record: dict[str, object], depth: int = _ENVELOPES_DEEP) -> Carried | None:
        """The carrier of a record and the record itself, out of its envelopes; None when no source knows it."""
        mapping = self._recogniser.record(record)
        if mapping is not None:
            return mapping, record
        if not depth:
            return None
        for inner in inside(record):
            found = self._text(inner, record) if isinstance(inner, str) else self.resolved(inner, depth - 1)
            if found is not None:
                return found
        return None

    def _text(self, text: str, envelope: dict[str, object]) -> Carried | None:
        """A text out of an envelope: a line of a known grammar, the message of one, or either behind a header."""
        if (mapping := self._grammar(text)) is not None:
            return mapping, text
        line = line_of(envelope, text)
        if line is not None and (mapping := self._grammar(line)) is not None:
            return mapping, line
        return self._behind_header(text) if _HEADER.match(text) else None

    def _grammar(self, text: str) -> Mapping | None:
        """The carrier of a line, first asked of the one that the line before it was of."""
        if self._last is None or not self._last[1].search(text):
            mapping = self._recogniser.line(text)
            if mapping is None:
                return None
            self._last = mapping, re.compile(mapping.carrier.pattern or "")
        return self._last[0]

    def line(self, offset: int, line: bytes) -> Iterator[Framed | Refused]:
        """One line: a JSON text, a line of a known grammar, or either behind a syslog header."""
        offset, text = trimmed(offset, line)
        if text.startswith((b"{", b"[{")):
            yield from self.json_text(offset, len(text), text)
            return
        spelled = text.decode("utf-8", "replace")
        mapping = self._recogniser.line(spelled)
        if mapping is not None:
            yield Framed(mapping, [offset], [len(text)], [text], sure=True, direct=True)
            return
        found = self._behind_header(spelled)
        if found is None:
            yield Refused(offset, len(text), UNRECOGNISED)
        else:
            yield Framed(found[0], [offset], [len(text)], [_carried(found[1])], sure=True)

    def _behind_header(self, text: str) -> Carried | None:
        """What stands behind a syslog header, or behind something like one of a few words."""
        for start in _message_starts(text):
            body = text[start:]
            if body.startswith("{"):
                record = decoded(body.encode())
                found = None if record is None else self.resolved(record)
            else:
                mapping = self._grammar(body)
                found = None if mapping is None else (mapping, body)
            if found is not None:
                return found
        return None

    def _as_before(self, text: str) -> Carried | None:
        """A line of the grammar of the one before it, behind a syslog header: so are most of a file."""
        if self._last is None:
            return None
        ends = (found.end() for header in _HEADERS if (found := header.match(text)))
        return next(((self._last[0], text[end:]) for end in ends if self._last[1].search(text[end:])), None)

    def alone(self, payload: bytes) -> tuple[Mapping, bytes, bool] | None:
        """The carrier of a payload that is one record, what it carries, and whether that is the payload itself.

        None where there is more to be said of it: it is unknown, a page, or torn.
        """
        if payload.startswith(b"{"):
            record = decoded(payload)
            found = None if record is None else self.resolved(record)
            if found is None:
                return None
            return found[0], payload if found[1] is record else _carried(found[1]), found[1] is record
        spelled = payload.decode("utf-8", "replace")
        found = self._as_before(spelled)
        if found is None and (mapping := self._recogniser.line(spelled)) is not None:
            return mapping, payload, True
        found = found or self._behind_header(spelled)
        return None if found is None else (found[0], _carried(found[1]), False)


def _one_row(number: int, found: list[Framed | Refused]) -> Framed | Refused:
    """What was found in a row, at the place of the row."""
    if len(found) > 1:
        return Refused(number, 1, f"a row that holds {many(len(found), 'record')}")
    one = found[0]
    if isinstance(one, Refused):
        return Refused(number, 1, one.reason)
    return replace(one, offsets=[number], lengths=[1])


def trimmed(offset: int, line: bytes) -> tuple[int, bytes]:
    """A line without a byte order mark and the space around it, and where that begins."""
    bare = line.removeprefix(b"\xef\xbb\xbf").lstrip()
    return offset + len(line) - len(bare), bare.rstrip()


def decoded(payload: bytes) -> dict[str, object] | None:
    """A JSON object; None when it is none."""
    try:
        record = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) else None


def _mended(payload: bytes) -> tuple[bytes, dict[str, object]] | None:
    """An object that only a lenient reader takes: bytes that are no UTF-8, bare control characters, half surrogates.

    What cannot be spelled is replaced; the raw bytes stay in custody. A stranger who puts such a byte into a name that
    he gives must not get his records out of the lake by it.
    """
    try:
        record = json.loads(payload.decode("utf-8", "replace"), strict=False, parse_float=str, parse_constant=str)
        spelled = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return None
    return (spelled, orjson.loads(spelled)) if isinstance(record, dict) else None


def _framed(
    offset: int, length: int, payload: bytes, record: dict[str, object], mapping: Mapping, inner: object
) -> Framed:
    direct = inner is record
    return Framed(mapping, [offset], [length], [payload if direct else _carried(inner)], sure=True, direct=direct)


def _carried(inner: object) -> bytes:
    return inner.encode() if isinstance(inner, str) else orjson.dumps(inner)


def _message_starts(text: str) -> Iterator[int]:
    """Where the message of a line may begin: behind its syslog header, else at a brace or any of the first words."""
    for header in _HEADERS:
        if (found := header.match(text)) and found.end() < len(text):
            yield found.end()
    brace = text.find("{")
    if brace > 0:
        yield brace
    at = 0
    for _ in range(_HEADER_WORDS):
        at = text.find(" ", at) + 1
        if not at:
            return
        yield at
