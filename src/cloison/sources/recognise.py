"""Of which source and carrier is this record, judged by its content alone?"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from cloison.sources.catalogue import Catalogue
from cloison.sources.mapping import Mapping
from cloison.sources.paths import Segment, parse_path, values_at

_SHAPES, _KEYS, _SAID, _TEXT = 1_024, 8_192, 256, 256
"""So many sets of keys are remembered, none of more letters; so many answers for each, none of more letters."""


@dataclass(frozen=True)
class Signs:
    """The signs of one carrier, parsed once."""

    mapping: Mapping
    all: tuple[tuple[Segment, ...], ...]
    any: tuple[tuple[Segment, ...], ...]
    none: tuple[tuple[Segment, ...], ...]
    match: tuple[tuple[tuple[Segment, ...], re.Pattern[str]], ...]
    match_any: tuple[tuple[tuple[Segment, ...], re.Pattern[str]], ...]
    unlike: tuple[tuple[tuple[Segment, ...], re.Pattern[str]], ...]
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
            and not any(_matches(record, path, wanted) for path, wanted in self.unlike)
            and (not self.match_any or any(_matches(record, path, wanted) for path, wanted in self.match_any))
        )


def _shown(record: object, path: tuple[Segment, ...]) -> bool:
    return any(value is not None for value in values_at(record, path))


def _matches(record: object, path: tuple[Segment, ...], wanted: re.Pattern[str]) -> bool:
    return any(wanted.search(text) for value in values_at(record, path) if (text := _spelled(value)) is not None)


def _spelled(value: object) -> str | None:
    """A text, number or truth value as JSON spells it, which is how the engine reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return value if isinstance(value, str) else None


def signs_of(mapping: Mapping) -> Signs:
    """Parse a carrier's `[recognise]` words."""
    carrier = mapping.carrier
    return Signs(
        mapping,
        tuple(parse_path(path) for path in carrier.all),
        tuple(parse_path(path) for path in carrier.any),
        tuple(parse_path(path) for path in carrier.none),
        _patterns(carrier.match),
        _patterns(carrier.match_any),
        _patterns(carrier.unlike),
        re.compile(carrier.pattern) if carrier.pattern else None,
        frozenset(parse_path(path)[0].name for path in (*carrier.all, *carrier.match)),
    )


def _patterns(wanted: dict[str, str]) -> tuple[tuple[tuple[Segment, ...], re.Pattern[str]], ...]:
    return tuple((parse_path(path), re.compile(pattern)) for path, pattern in wanted.items())


@dataclass(frozen=True)
class Asked:
    """What is asked of records that have the same keys: only carriers that they can be of, and each place once.

    `known` keeps, for what a record says at these places, the carriers whose signs it shows most of.
    """

    signs: tuple[Signs, ...]
    read: tuple[tuple[tuple[str, ...], bool], ...]
    known: dict[tuple[str | bool, ...], tuple[Mapping, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, able: tuple[Signs, ...]) -> "Asked":
        """The places by which these carriers are told apart, each with whether its very text matters."""
        shown = [path for one in able for path in (*one.all, *one.any, *one.none)]
        spelled = {path for one in able for path, _ in (*one.match, *one.match_any, *one.unlike)}
        places = dict.fromkeys([*shown, *sorted(spelled, key=repr)])
        plain = all(segment.pick is None and not segment.text for path in places for segment in path)
        return cls(
            able, tuple((tuple(step.name for step in path), path in spelled) for path in places) if plain else ()
        )

    def best(self, record: dict[str, object]) -> tuple[Mapping, ...]:
        """The carriers whose signs the record shows most of; none when it shows none's."""
        if not self.read:
            return self._scored(record)
        said = tuple([_said(record, names, spelled) for names, spelled in self.read])
        found = self.known.get(said)
        if found is None:
            found = self._scored(record)
            if len(self.known) < _SAID and not any(isinstance(one, str) and len(one) > _TEXT for one in said):
                self.known[said] = found
        return found

    def _scored(self, record: dict[str, object]) -> tuple[Mapping, ...]:
        scored = [(found, signs.mapping) for signs in self.signs if (found := signs.score(record))]
        most = max((score for score, _ in scored), default=0)
        return tuple(mapping for score, mapping in scored if score == most)


def _said(record: object, names: tuple[str, ...], spelled: bool) -> str | bool:
    """What a record says at a place: the text where it matters, else whether there is anything."""
    for name in names:
        if type(record) is not dict:  # quicker than isinstance, and no reader yields another kind of mapping
            return False
        record = record.get(name)
    if not spelled or record is None:
        return record is not None
    return record if type(record) is str else _spelled(record) or True


@dataclass
class Recogniser:
    """Decides record by record; remembers what it saw, so that a record which fits siblings alike follows its file."""

    signs: tuple[Signs, ...]
    seen: Counter[str] = field(default_factory=Counter)
    asked: dict[tuple[str, ...], Asked] = field(default_factory=dict)
    usual: dict[tuple[int, ...], Mapping] = field(default_factory=dict)

    @classmethod
    def of(cls, mappings: Iterable[Mapping]) -> "Recogniser":
        """A recogniser over compiled carriers."""
        return cls(tuple(signs_of(mapping) for mapping in mappings))

    def record(self, record: dict[str, object]) -> Mapping | None:
        """The carrier whose signs the record shows most of; None when it shows none's."""
        equal = self._asked(tuple(record)).best(record)
        if not equal:
            return None
        chosen = equal[0] if len(equal) == 1 else self._usual(equal)
        if not chosen.carrier.weak:
            self.seen[chosen.spec.name] += 1
            self.usual.clear()
        return chosen

    def _usual(self, equal: tuple[Mapping, ...]) -> Mapping:
        """Of carriers that fit alike, the one whose source was seen most; as long as nothing more is seen, the same."""
        key = tuple(map(id, equal))
        found = self.usual.get(key)
        if found is None:
            found = max(equal, key=lambda mapping: (self.seen[mapping.spec.name], not mapping.carrier.weak))
            self.usual[key] = found
        return found

    def _asked(self, keys: tuple[str, ...]) -> Asked:
        found = self.asked.get(keys)
        if found is None:
            if len(self.asked) >= _SHAPES:
                self.asked.clear()
            able = tuple(signs for signs in self.signs if not signs.line and signs.tops <= set(keys))
            found = Asked.of(able)
            if sum(map(len, keys)) <= _KEYS:
                self.asked[keys] = found
        return found

    def line(self, text: str) -> Mapping | None:
        """The line carrier whose grammar the text follows; the one with the most named parts when several do."""
        fitting = [signs for signs in self.signs if signs.line and signs.line.search(text)]
        if not fitting:
            return None
        return max(fitting, key=lambda signs: len(signs.line.groupindex) if signs.line else 0).mapping


class Recognisers:
    """A recogniser for each stream, over all carriers or those of one source.

    Their signs are parsed once, and what is asked of records of like keys is found out once for all streams; of what
    was seen each stream remembers its own.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._first: dict[str, Recogniser] = {}

    def of(self, source: str = "") -> Recogniser:
        """One that has seen nothing yet.

        Raises:
            SourceError: no source has that name.
        """
        first = self._first.get(source)
        if first is None:
            mappings = self._catalogue.only(source) if source else self._catalogue.mappings
            first = self._first[source] = Recogniser.of(mappings)
        return Recogniser(first.signs, asked=first.asked)
