"""How does what is pushed become lines that can be kept as evidence and read as any log is?"""

from collections.abc import Iterator

import orjson
from isal import isal_zlib

from cloison.evidence.formats.json_scan import CUT_OFF, ELEMENT, JsonScan
from cloison.model.limits import LIMITS

_FLAT = bytes.maketrans(b"\r\n", b"  ")
_SYSLOG_MOST = 1 << 20
_JSON_FOLLOWS = {b"{", b"[", b'"', b"]", b""}
"""What stands behind the bracket of an array of records; behind that of a log's line stand words or numbers."""


class PushError(ValueError):
    """Why something pushed cannot be taken."""


def unpacked(body: bytes, coding: str, most: int) -> bytes:
    """A body as it was before it was packed.

    Raises:
        PushError: it is packed in an unknown way, damaged, or more than so many bytes.
    """
    if coding in {"", "identity"}:
        return body
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise PushError(f"unknown content coding {coding[:40]!r}: send gzip or none")
    opened = isal_zlib.decompressobj(wbits=47)
    try:
        data: bytes = opened.decompress(body, most + 1)
    except isal_zlib.error as fault:  # type: ignore[misc] # the package has no types
        raise PushError(f"damaged: {fault}") from fault
    if len(data) > most or not opened.eof:
        raise PushError(f"cut off, or more than {most} bytes when unpacked")
    return data


def lines_of(body: bytes) -> list[bytes]:
    """The records of a body, a line each: JSON texts of any layout, the elements of an array, or lines of text.

    Nothing is left out: what is no record stays a line, and is counted as a reject when it is read. What begins as JSON
    and is damaged is kept as a text in quotes: as it came it would take what comes after it for its rest.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    found = _scanned(text) if text.startswith((b"[", b"{")) else None
    if found is not None:
        return found
    return [_quoted(line) if _is_damaged(line) else line for line in text.splitlines() if line.strip()]


def _scanned(text: bytes) -> list[bytes] | None:
    """The JSON texts, or the elements of the array, each on one line; None where not all is such.

    One that was cut off at the end is kept in quotes, unless lines in it are objects of their own.
    """
    path = (ELEMENT,) if text.startswith(b"[") else ()
    spans = [*JsonScan(frozenset({path}), limit=LIMITS.record_bytes).feed(text, last=True)]
    cut: list[bytes] = []
    if spans and spans[-1].fault == CUT_OFF:
        rest = text[spans.pop().offset :]
        if not _is_json_begun(rest) or any(map(_is_object, rest.splitlines()[1:])):
            return None
        cut = [_quoted(rest)]
    if any(span.fault for span in spans) or not (spans or cut):
        return None
    return [span.data.translate(_FLAT) for span in spans] + cut


def _is_json_begun(line: bytes) -> bool:
    return line.startswith(b"{") or (line.startswith(b"[") and line[1:].lstrip()[:1] in _JSON_FOLLOWS)


def _is_damaged(line: bytes) -> bool:
    """Whether a line begins as JSON does, and does not go on so."""
    return _is_json_begun(line) and not _is_json(line)


def _is_object(line: bytes) -> bool:
    return line.startswith(b"{") and _is_json(line)


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _quoted(line: bytes) -> bytes:
    return orjson.dumps(line.decode("utf-8", "backslashreplace"))


class SyslogFrames:
    """The messages in a TCP stream of RFC 6587: each with its length before it, or each on a line."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[bytes]:
        """The messages that are complete; with `last` also what is left."""
        self._held += data
        while self._held and (size := self._counted()) is not None:
            message, self._held = self._held[size[0] : size[1]], self._held[max(size[1], size[2]) :]
            yield message
        if last and self._held:
            yield self._held
            self._held = b""

    def _counted(self) -> tuple[int, int, int] | None:
        """Where the first message begins and ends, and where the next begins; None when it is not complete."""
        digits, space, _ = self._held[:12].partition(b" ")
        if digits.isdigit() and not digits.startswith(b"0"):
            if space and (begin := len(digits) + 1) + int(digits) <= len(self._held) and int(digits) <= _SYSLOG_MOST:
                return begin, begin + int(digits), begin + int(digits)
            if not space or int(digits) <= _SYSLOG_MOST:
                return None
        end = self._held.find(b"\n")
        if end < 0:
            return (0, len(self._held), 0) if len(self._held) > _SYSLOG_MOST else None
        return 0, end, end + 1


def line_of_syslog(message: bytes) -> bytes:
    """A syslog message as one line: line ends in it are spelled as rsyslog spells them."""
    return message.strip(b"\0\r\n ").replace(b"\r\n", b"#012").replace(b"\n", b"#012").replace(b"\r", b"#015")
