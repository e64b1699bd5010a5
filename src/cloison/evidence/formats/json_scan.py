"""Where in a stream of JSON does each record begin and end, however it is laid out and however long the stream is?

A vectorised structural scan: unescaped quotes give the string mask, brackets outside strings give the depth, and only
the brackets down to the wanted depth are looked at one by one. State is carried from chunk to chunk, so arrays, API
pages, concatenated and pretty-printed objects of any length are read in bounded memory. What stands where records
stand and is none is yielded as a fault: every byte but space, commas and what encloses records belongs to a span.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cloison.evidence.formats.pieces import Pieces

Path = tuple[str, ...]
"""The enclosing containers of a record: a member name, or "[]" for an element of an array."""

ELEMENT = "[]"
NO_OBJECT = "not a JSON object"
CUT_OFF = "cut off before its end"
NO_RECORD = "a page that holds no record"
_DELTA = np.zeros(256, dtype=np.int8)
_DELTA[[ord("{"), ord("[")]] = 1
_DELTA[[ord("}"), ord("]")]] = -1
_LOOKBACK = 4096
_SPACE = b" \t\r\n"
_BETWEEN = np.zeros(256, dtype=np.bool_)
_BETWEEN[[*_SPACE, ord(",")]] = True
_GAP = 4
"""With so many bytes between them at most, records follow each other."""
_RUN, _PATIENCE = 2_048, 64
"""So many records are looked for at once; where fewer are found, the next look is so many brackets later."""


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
        limit: a record longer than this many bytes is yielded as a fault without its bytes.
        together: `fed` yields records that follow each other with next to nothing between as `Pieces`.
    """

    def __init__(self, wanted: frozenset[Path], *, limit: int, together: bool = False) -> None:
        self._wanted, self._limit, self._together = wanted, limit, together
        self._deepest = max(len(path) for path in wanted)
        self._buffer, self._base, self._scanned = b"", 0, 0
        self._depth, self._in_string, self._escaping = 0, False, False
        self._stack: list[tuple[str, str]] = []
        self._open: tuple[Path, int] | None = None  # the record that has begun
        self._page: int | None = None  # the top-level container that has begun and has shown no record yet
        self._array: int | None = None  # the depth of the array whose elements are records
        self._gap: int | None = 0  # from here on, what is no record is a fault; None among a page's own members

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[Span]:
        """Take the next bytes and yield what they complete; `last` says that the stream ends here."""
        return (found for found in self.fed(data, last=last) if isinstance(found, Span))

    def fed(self, data: bytes, *, last: bool = False) -> Iterator[Span | Pieces]:
        """As `feed`, but with the records that stand together."""
        self._buffer += data
        if data:
            yield from self._scan(self._scanned - self._base)
            self._scanned = self._base + len(self._buffer)
        if last:
            yield from self._finish()
        self._forget()

    def _scan(self, start: int) -> Iterator[Span | Pieces]:
        window = np.frombuffer(self._buffer, dtype=np.uint8)[start:]
        quotes, self._escaping = _unescaped_quotes(window, escaping=self._escaping)
        brackets = np.flatnonzero((((window | 0x20) - 0x7B) & 0xFD) == 0)  # {, }, [ and ]
        brackets = brackets[(np.searchsorted(quotes, brackets) + self._in_string) % 2 == 0]
        self._in_string ^= bool(len(quotes) % 2)
        if not len(brackets):
            return
        after = _clamped(self._depth + np.cumsum(_DELTA[window[brackets]], dtype=np.int64))
        before = np.concatenate(([self._depth], after[:-1]))
        self._depth = int(after[-1])
        shallow = (np.minimum(after, before) <= self._deepest) & (after != before)
        yield from self._walk(start + brackets[shallow], before[shallow], after[shallow])

    def _walk(
        self, places: npt.NDArray[np.intp], before: npt.NDArray[np.int64], after: npt.NDArray[np.int64]
    ) -> Iterator[Span | Pieces]:
        """The brackets one by one, or where records follow each other, those of many at once."""
        at = patient = 0
        while at < len(places):
            if self._together and at >= patient and self._between_records():
                run = self._run(places[at : at + 2 * _RUN], after[at : at + 2 * _RUN])
                patient = at + 2 * len(run) + (_PATIENCE if len(run) < _RUN else 0)
                if len(run):
                    yield run
                    at += 2 * len(run)
                    continue
            here, depth = int(places[at]), int(after[at])
            yield from self._opened(here, depth - 1) if depth > before[at] else self._closed(here, depth)
            at += 1

    def _between_records(self) -> bool:
        level = len(self._stack)
        expected = self._array == level - 1 or (not level and () in self._wanted)
        return expected and self._open is None and self._gap is not None and self._gap >= self._base

    def _run(self, places: npt.NDArray[np.intp], depths: npt.NDArray[np.int64]) -> Pieces:
        """The records that come next, as long as each is plainly one and next to nothing stands between them."""
        pairs, level, gap = len(places) // 2, len(self._stack), self._gap or 0
        begins, ends = places[: 2 * pairs : 2].astype(np.int64), places[1 : 2 * pairs : 2].astype(np.int64) + 1
        seen = np.frombuffer(self._buffer, dtype=np.uint8)
        plain = (depths[: 2 * pairs : 2] == level + 1) & (depths[1 : 2 * pairs : 2] == level)
        plain &= (seen[begins] == ord("{")) & (ends - begins <= self._limit)
        since = np.concatenate(([gap - self._base], ends[:-1]))[:pairs]
        plain &= begins - since <= _GAP
        for step in range(_GAP):
            plain &= (since + step >= begins) | _BETWEEN[seen[np.minimum(since + step, begins)]]
        count = pairs if plain.all() else int(np.argmin(plain))
        if count:
            self._page, self._gap = None, self._base + int(ends[count - 1])
        return Pieces(self._buffer, begins[:count], (ends - begins)[:count], self._base)

    def _opened(self, at: int, depth: int) -> Iterator[Span]:
        if self._stack and self._open is None:
            parent = self._stack[-1][0]
            self._stack[-1] = (parent, ELEMENT if parent == "[" else self._key_before(at))
        path = tuple(step for _, step in self._stack)
        kind = chr(self._buffer[at])
        self._stack.append((kind, ""))
        if self._open is not None:
            return
        if kind == "{" and path in self._wanted:
            yield from self._between(at)
            self._open, self._page = (path, self._base + at), None
        elif kind == "[" and (*path, ELEMENT) in self._wanted:
            yield from self._between(at)
            self._array, self._gap = depth, self._base + at + 1
        elif not depth and () not in self._wanted:
            yield from self._between(at)
            self._page, self._gap = self._base + at, None

    def _closed(self, at: int, depth: int) -> Iterator[Span]:
        self._stack.pop()
        end = self._base + at + 1
        if self._open is not None:
            if depth == len(self._open[0]):
                yield self._record(*self._open, end)
            return
        if self._array == depth:
            yield from self._between(at)
            self._array, self._gap = None, None
        if not depth and () not in self._wanted:
            if self._page is not None:
                yield Span((), self._page, b"", NO_RECORD, end - self._page)
            self._page, self._gap = None, end

    def _record(self, path: Path, offset: int, end: int) -> Span:
        self._open, self._gap = None, end
        if end - offset > self._limit:
            fault = f"record of {end - offset} bytes is over the limit of {self._limit}"
            return Span(path, offset, b"", fault, end - offset)
        return Span(path, offset, self._buffer[offset - self._base : end - self._base], "", end - offset)

    def _between(self, at: int) -> Iterator[Span]:
        """What stands between two records and is neither space nor comma is a record that cannot be read."""
        if self._gap is None:
            return
        if self._gap < self._base:
            yield Span((), self._gap, b"", NO_OBJECT, self._base + at - self._gap)
            return
        between = self._buffer[self._gap - self._base : at]
        text = between.strip(_SPACE + b",")
        if text:
            yield Span((), self._gap + between.index(text), text, NO_OBJECT, len(text))

    def _key_before(self, at: int) -> str:
        """The name of the member that begins here; one spelled like the mark of an element is no step of a path."""
        head = self._buffer[max(0, at - _LOOKBACK) : at].rstrip(_SPACE).removesuffix(b":").rstrip(_SPACE)
        if not head.endswith(b'"'):
            return ""
        begin = head.rfind(b'"', 0, -1)
        while begin > 0 and (begin - len(head[:begin].rstrip(b"\\"))) % 2:
            begin = head.rfind(b'"', 0, begin)
        name = head[begin + 1 : -1].decode("utf-8", "replace")
        return "" if name == ELEMENT else name

    def _finish(self) -> Iterator[Span]:
        end = self._base + len(self._buffer)
        begun = self._open[1] if self._open is not None else self._page
        if begun is not None:
            yield Span((), begun, b"", CUT_OFF, end - begun)
        else:
            yield from self._between(len(self._buffer))

    def _forget(self) -> None:
        """Drop what no span can need any more: all before what has begun, and what is over the limit by itself."""
        begun = self._open[1] if self._open is not None else self._gap
        keep = max(self._scanned - _LOOKBACK, self._base)
        if begun is not None and self._scanned - begun <= self._limit:
            keep = min(keep, max(begun, self._base))
        self._buffer = self._buffer[keep - self._base :]
        self._base = keep


def _clamped(depth: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Depths of which none is below zero: a closing bracket that nothing opened closes nothing."""
    clamped: npt.NDArray[np.int64] = depth - np.minimum(np.minimum.accumulate(depth), 0)
    return clamped


def _unescaped_quotes(window: npt.NDArray[np.uint8], *, escaping: bool) -> tuple[npt.NDArray[np.intp], bool]:
    """Where quotes stand that no backslash escapes, and whether the window's end escapes what comes next."""
    slashes = np.flatnonzero(window == ord("\\"))
    quotes = np.flatnonzero(window == ord('"'))
    if escaping:  # as if the window began one backslash earlier
        slashes = np.concatenate(([-1], slashes))
    if not len(slashes):
        return quotes, False
    ends = np.flatnonzero(np.append(np.diff(slashes) != 1, True))
    lengths = np.diff(np.concatenate(([-1], ends)))
    escaped = slashes[ends[lengths % 2 == 1]] + 1
    plain = np.ones(len(window) + 1, dtype=np.bool_)
    plain[escaped] = False
    return quotes[plain[quotes]], bool(len(escaped) and escaped[-1] == len(window))
