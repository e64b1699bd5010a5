"""Where in a stream of JSON does each record begin and end, however it is laid out and however long the stream is?

A vectorised structural scan: unescaped quotes give the string mask, brackets outside strings give the depth, and only
the brackets down to the wanted depth are looked at one by one. State is carried from chunk to chunk, so arrays, API
pages, concatenated and pretty-printed objects of any length are read in bounded memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Path = tuple[str, ...]
"""The enclosing containers of a record: a member name, or "[]" for an element of an array."""

ELEMENT = "[]"
_DELTA = np.zeros(256, dtype=np.int8)
_DELTA[[ord("{"), ord("[")]] = 1
_DELTA[[ord("}"), ord("]")]] = -1
_LOOKBACK = 4096
_SPACE = b" \t\r\n"


@dataclass(frozen=True)
class Span:
    """A record found: its path, where it begins in the stream, and its bytes; `fault` when it is no record."""

    path: Path
    offset: int
    data: bytes
    fault: str = ""
    length: int = 0


class JsonScan:
    """Finds the objects that stand at any of the wanted paths.

    Args:
        wanted: the paths at which records are looked for; `()` is the top of the stream.
        limit: a record longer than this many bytes is yielded as a fault with its first bytes only.
    """

    def __init__(self, wanted: frozenset[Path], *, limit: int) -> None:
        self._wanted, self._limit = wanted, limit
        self._deepest = max(len(path) for path in wanted)
        self._buffer, self._base, self._scanned = b"", 0, 0
        self._depth, self._quotes = 0, 0
        self._stack: list[tuple[str, str]] = []
        self._open: tuple[Path, int] | None = None
        self._oversize = False
        self._gap_from: int | None = 0 if () in wanted else None

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[Span]:
        """Take the next bytes and yield what they complete; `last` says that the stream ends here."""
        self._buffer += data
        end = len(self._buffer) if last else _before_backslashes(self._buffer)
        start = self._scanned - self._base
        if end > start:
            yield from self._scan(start, end)
            self._scanned = self._base + end
        if last:
            yield from self._finish()
        self._forget()

    def _scan(self, start: int, end: int) -> Iterator[Span]:
        window = np.frombuffer(self._buffer, dtype=np.uint8)[start:end]
        quotes = _unescaped_quotes(window)
        delta = _DELTA[window]
        brackets = np.flatnonzero(delta)
        outside = (np.searchsorted(quotes, brackets) + self._quotes) % 2 == 0
        brackets = brackets[outside]
        steps = delta[brackets].astype(np.int64)
        after = self._depth + np.cumsum(steps)
        shallow = np.flatnonzero(np.minimum(after, after - steps) <= self._deepest)
        for at in shallow:
            yield from self._bracket(start + int(brackets[at]), int(steps[at]), int(after[at]))
        self._quotes = (self._quotes + len(quotes)) % 2
        self._depth = int(after[-1]) if len(after) else self._depth

    def _bracket(self, at: int, step: int, after: int) -> Iterator[Span]:
        if step > 0:
            yield from self._opened(at, after - 1)
        else:
            yield from self._closed(at, after)

    def _opened(self, at: int, depth: int) -> Iterator[Span]:
        if depth != len(self._stack):
            return
        kind = chr(self._buffer[at])
        if self._stack and self._open is None:
            parent = self._stack[-1][0]
            self._stack[-1] = (parent, ELEMENT if parent == "[" else self._key_before(at))
        path = tuple(step for _, step in self._stack)
        if self._open is None:
            if kind == "{" and path in self._wanted:
                yield from self._gap(at)
                self._open = (path, self._base + at)
            elif kind == "[" and (*path, ELEMENT) in self._wanted:
                self._gap_from = self._base + at + 1
        if depth <= self._deepest:
            self._stack.append((kind, ""))

    def _closed(self, at: int, after: int) -> Iterator[Span]:
        if after < 0:
            self._depth = 0
            return
        if len(self._stack) == after + 1:
            self._stack.pop()
        if self._open is not None and after == len(self._open[0]):
            yield self._record(at + 1)
        elif self._open is None and self._gap_from is not None and chr(self._buffer[at]) == "]":
            yield from self._gap(at)
            self._gap_from = None if () not in self._wanted else self._base + at + 1

    def _record(self, end: int) -> Span:
        path, offset = self._open or ((), 0)
        self._open, self._gap_from = None, self._base + end
        if self._oversize:
            self._oversize = False
            length = self._base + end - offset
            return Span(path, offset, b"", f"record of {length} bytes is over the limit of {self._limit}", length)
        return _span(path, offset, self._buffer[offset - self._base : end])

    def _gap(self, at: int) -> Iterator[Span]:
        """What stands between two records and is neither space nor comma is a record that cannot be read."""
        if self._gap_from is None or self._gap_from < self._base:
            return
        between = self._buffer[self._gap_from - self._base : at]
        text = between.strip(_SPACE + b",")
        if text and not text.endswith((b":", b"[")):
            offset = self._gap_from + between.index(text)
            yield _span((), offset, text, "not a JSON object")

    def _key_before(self, at: int) -> str:
        head = self._buffer[max(0, at - _LOOKBACK) : at].rstrip(_SPACE)
        if not head.endswith(b":"):
            return ""
        head = head[:-1].rstrip(_SPACE)
        return head[:-1].rpartition(b'"')[2].decode("utf-8", "replace") if head.endswith(b'"') else ""

    def _finish(self) -> Iterator[Span]:
        if self._open is not None:
            _, offset = self._open
            length = self._base + len(self._buffer) - offset
            yield Span((), offset, b"", "cut off before its end", length)
        elif () in self._wanted and not self._stack:
            yield from self._gap(len(self._buffer))

    def _forget(self) -> None:
        keep = self._open[1] if self._open else max(self._scanned - _LOOKBACK, self._base)
        if self._open and self._scanned - keep > self._limit:
            self._oversize, keep = True, max(self._scanned - _LOOKBACK, self._base)
        if self._gap_from is not None and self._open is None and self._scanned - self._gap_from <= self._limit:
            keep = min(keep, max(self._gap_from, self._base))
        self._buffer = self._buffer[keep - self._base :]
        self._base = keep


def _span(path: Path, offset: int, data: bytes, fault: str = "") -> Span:
    return Span(path, offset, data, fault, len(data))


def _unescaped_quotes(window: npt.NDArray[np.uint8]) -> npt.NDArray[np.intp]:
    quotes = np.flatnonzero(window == ord('"'))
    slashes = np.flatnonzero(window == ord("\\"))
    if not len(slashes):
        return quotes
    last_of_run = np.append(np.diff(slashes) != 1, True)
    ends = np.flatnonzero(last_of_run)
    lengths = np.diff(np.concatenate(([-1], ends)))
    escaped = slashes[ends[lengths % 2 == 1]] + 1
    return quotes[~np.isin(quotes, escaped, assume_unique=True)]


def _before_backslashes(data: bytes) -> int:
    return len(data.rstrip(b"\\"))
