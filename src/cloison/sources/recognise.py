"""Of which source and carrier is this record, judged by its content alone?"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from cloison.sources.mapping import Mapping
from cloison.sources.paths import Segment, parse_path, values_at


@dataclass(frozen=True)
class Signs:
    """The signs of one carrier, parsed once."""

    mapping: Mapping
    all: tuple[tuple[Segment, ...], ...]
    any: tuple[tuple[Segment, ...], ...]
    none: tuple[tuple[Segment, ...], ...]
    match: tuple[tuple[tuple[Segment, ...], re.Pattern[str]], ...]
    match_any: tuple[tuple[tuple[Segment, ...], re.Pattern[str]], ...]
    line: re.Pattern[str] | None
    tops: frozenset[str]

    def score(self, record: dict[str, object]) -> int:
        """How many signs the record shows; 0 when one that must be there is missing."""
        if self.line or not self.tops <= record.keys() or not self._must(record):
            return 0
        some = sum(_shown(record, path) for path in self.any)
        if self.any and not some:
            return 0
        found = len(self.all) + min(some, 1) + 2 * len(self.match) + 2 * bool(self.match_any)
        return 1 if self.mapping.carrier.weak else found

    def _must(self, record: dict[str, object]) -> bool:
        """Whether every sign is there that must be, and none that must not."""
        return (
            not any(_shown(record, path) for path in self.none)
            and all(_shown(record, path) for path in self.all)
            and all(_matches(record, path, wanted) for path, wanted in self.match)
            and (not self.match_any or any(_matches(record, path, wanted) for path, wanted in self.match_any))
        )


def _shown(record: object, path: tuple[Segment, ...]) -> bool:
    return any(value is not None for value in values_at(record, path))


def _matches(record: object, path: tuple[Segment, ...], wanted: re.Pattern[str]) -> bool:
    return any(isinstance(value, str) and wanted.search(value) for value in values_at(record, path))


def signs_of(mapping: Mapping) -> Signs:
    """Parse a carrier's `[recognise]` words."""
    carrier = mapping.carrier
    return Signs(
        mapping,
        tuple(parse_path(path) for path in carrier.all),
        tuple(parse_path(path) for path in carrier.any),
        tuple(parse_path(path) for path in carrier.none),
        tuple((parse_path(path), re.compile(wanted)) for path, wanted in carrier.match.items()),
        tuple((parse_path(path), re.compile(wanted)) for path, wanted in carrier.match_any.items()),
        re.compile(carrier.pattern) if carrier.pattern else None,
        frozenset(parse_path(path)[0].name for path in (*carrier.all, *carrier.match)),
    )


@dataclass
class Recogniser:
    """Decides record by record; remembers what it saw, so that a record which fits siblings alike follows its file."""

    signs: tuple[Signs, ...]
    seen: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, mappings: Iterable[Mapping]) -> "Recogniser":
        """A recogniser over compiled carriers."""
        return cls(tuple(signs_of(mapping) for mapping in mappings))

    def record(self, record: dict[str, object]) -> Mapping | None:
        """The carrier whose signs the record shows most of; None when it shows none's."""
        scored = [(found, signs.mapping) for signs in self.signs if (found := signs.score(record))]
        if not scored:
            return None
        best = max(score for score, _ in scored)
        equal = [mapping for score, mapping in scored if score == best]
        chosen = max(equal, key=lambda mapping: (self.seen[mapping.spec.name], not mapping.carrier.weak))
        if not chosen.carrier.weak:
            self.seen[chosen.spec.name] += 1
        return chosen

    def line(self, text: str) -> Mapping | None:
        """The line carrier whose grammar the text follows; the one with the most named parts when several do."""
        fitting = [signs for signs in self.signs if signs.line and signs.line.search(text)]
        if not fitting:
            return None
        return max(fitting, key=lambda signs: len(signs.line.groupindex) if signs.line else 0).mapping
