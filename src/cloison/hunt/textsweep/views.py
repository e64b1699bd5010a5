"""How does a line read once its escapes are decoded, and where in the raw line does each decoded byte come from?"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

# JSON in JSON in a query string: deeper nesting than this is not followed.
ROUNDS = 3

ESCAPE = re.compile(rb'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})|%[0-9A-Fa-f]{2}')
_SHORT = {b'\\"': b'"', b"\\\\": b"\\", b"\\/": b"/"} | {
    b"\\" + letter: b" " for letter in (b"b", b"f", b"n", b"r", b"t")
}


@lru_cache(maxsize=4096)
def _spelled(escape: bytes) -> bytes:
    """What one escape stands for (RFC 8259 section 7, RFC 3986 section 2.1, nginx's hex); a control becomes a space."""
    if escape in _SHORT:
        return _SHORT[escape]
    number = int(escape.lstrip(b"\\ux%"), 16) if escape.strip(b"\\ux%0") else 0
    if number < 0x20:
        return b" "
    if escape.startswith(b"\\u"):
        return chr(number).encode("utf-8", "replace")
    return bytes([number])


def decoded(text: bytes) -> bytes:
    """`text` with every escape decoded once, left to right."""
    return ESCAPE.sub(lambda found: _spelled(found[0]), text)


@dataclass(slots=True)
class View:
    """Lines that hold escapes, decoded `rounds` times, with the way back to the raw text."""

    raw: bytes
    rounds: int
    text: bytes
    line_starts: tuple[int, ...]
    line_ends: tuple[int, ...]
    _decoded_starts: list[int] = field(default_factory=list)
    _line: int = -1
    _places: "array[int]" = field(default_factory=lambda: array("q"))

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Where decoded `start`..`end` lies in the raw text."""
        if not self._decoded_starts:
            self._decoded_starts = [0, *(found.end() for found in re.finditer(rb"\n", self.text))]
        line = bisect_right(self._decoded_starts, start) - 1
        if line != self._line:
            self._line, self._places = line, self._places_of(line)
        offset, base = self._decoded_starts[line], self.line_starts[line]
        return base + self._places[start - offset], base + self._places[end - offset]

    def _places_of(self, line: int) -> "array[int]":
        text = self.raw[self.line_starts[line] : self.line_ends[line]]
        places = array("q", range(len(text) + 1))
        for _ in range(self.rounds):
            text, places = _decoded_with_places(text, places)
        return places


def _decoded_with_places(text: bytes, places: "array[int]") -> tuple[bytes, "array[int]"]:
    """One round of decoding that carries each byte's raw place; the last place is the end of the line."""
    pieces: list[bytes] = []
    kept: array[int] = array("q")
    at = 0
    for found in ESCAPE.finditer(text):
        spelled = _spelled(found[0])
        pieces += (text[at : found.start()], spelled)
        kept.extend(places[at : found.start()])
        kept.extend([places[found.start()]] * len(spelled))
        at = found.end()
    pieces.append(text[at:])
    kept.extend(places[at:])
    return b"".join(pieces), kept


def views(raw: bytes) -> Iterator[View]:
    """The decoded views of the lines of `raw` that hold escapes: decoded once, twice, up to `ROUNDS` times."""
    starts, ends = _escaped_lines(raw)
    lines = [raw[start:end] for start, end in zip(starts, ends, strict=True)]
    for rounds in range(1, ROUNDS + 1):
        if not lines:
            return
        text = decoded(b"\n".join(lines))
        yield View(raw, rounds, text, tuple(starts), tuple(ends))
        again = [(place, line) for place, line in enumerate(text.split(b"\n")) if ESCAPE.search(line)]
        starts, ends = [starts[place] for place, _ in again], [ends[place] for place, _ in again]
        lines = [line for _, line in again]


def _escaped_lines(raw: bytes) -> tuple[list[int], list[int]]:
    starts: list[int] = []
    ends: list[int] = []
    found = ESCAPE.search(raw)
    while found:
        start = raw.rfind(b"\n", 0, found.start()) + 1
        end = raw.find(b"\n", found.end())
        end = len(raw) if end < 0 else end
        starts.append(start)
        ends.append(end)
        found = ESCAPE.search(raw, end)
    return starts, ends
