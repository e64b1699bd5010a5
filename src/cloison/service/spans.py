"""From when to when does each stream of raw text speak, by its first and last lines?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cloison.hunt.textsweep import Block
from cloison.service.dating import LINE_BYTES, Known

# So many lines at either end of a stream are asked for their time.
ENDS = 3
# A shorter silence between two files of a source is not told.
SHORTEST_HOLE = timedelta(hours=1)


@dataclass(slots=True)
class Stream:
    """A stream as it passes: its size, its lines, and those at its ends."""

    label: str
    lines: int = 0
    size: int = 0
    head: list[bytes] = field(default_factory=list)
    tail: list[bytes] = field(default_factory=list)

    def passed(self, block: Block, ends: int) -> None:
        """Count a block in which so many lines end, in the order of the stream."""
        if not self.size:
            self.head = block.text[: ENDS * LINE_BYTES].split(b"\n", ENDS)[:ENDS]
        self.size = block.base + len(block.text)
        unended = block.last and block.text and not block.text.endswith(b"\n")
        self.lines += ends + bool(unended)
        if block.text:
            self.tail = block.text[-ENDS * LINE_BYTES :].rstrip(b"\n").rsplit(b"\n", ENDS)[-ENDS:]


@dataclass(frozen=True, slots=True)
class Span:
    """A source speaks in a stream, or is silent, from `first_at` to `last_at` (UTC)."""

    source: str
    evidence: str
    first_at: datetime
    last_at: datetime


def spans_of(streams: Iterable[Stream], known: Mapping[bytes, Known | None]) -> list[Span]:
    """The span of each source in each stream whose ends are of a known source."""
    times: dict[tuple[str, str], list[datetime]] = {}
    for stream in streams:
        for line in (*stream.head, *stream.tail):
            said = known.get(line)
            if said is not None and said.time is not None:
                times.setdefault((said.source, stream.label), []).append(said.time)
    return [Span(source, label, min(seen), max(seen)) for (source, label), seen in times.items()]


def holes(spans: Iterable[Span]) -> Iterator[Span]:
    """Where a source is silent between one stream and the next; what is silent inside a stream is not looked for."""
    until: dict[str, datetime] = {}
    for span in sorted(spans, key=lambda span: (span.source, span.first_at)):
        before = until.get(span.source, span.first_at)
        if span.first_at - before >= SHORTEST_HOLE:
            yield Span(span.source, span.evidence, before, span.first_at)
        until[span.source] = max(before, span.last_at)
