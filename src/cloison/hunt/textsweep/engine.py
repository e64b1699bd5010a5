"""Where in one stretch of text does any indicator stand?

Few spellings are searched for one by one. Many are looked up: the text is cut into words and dotted names, the distinct
ones are looked up, and only those that can hold an indicator are located.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cloison.hunt.textsweep.addresses import (
    QUAD,
    Network,
    NetworkIndex,
    colon_addresses,
    networks_of,
    quad_number,
    tail_of_other_address,
)
from cloison.hunt.textsweep.boundaries import RULES, stands_alone
from cloison.hunt.textsweep.needles import NAME_TABLE, STRIPPED, WORD, WORD_TABLE, Needle, keyed, needles_of
from cloison.model.indicator import ADDRESS_KINDS, Indicator, IndicatorKind
from cloison.ocsf.observables import canonical_domain

Place = tuple[int, int, int]
"""Start, end, position of the indicator."""
Hot = dict[bytes, list[tuple[Needle, int]]]
"""A word or name of the text, the spellings it can belong to, and how far from its start each begins."""

# Measured on an access log: up to here one search per spelling beats cutting the text into names.
FEW = 16
# Dotted names known to hold nothing; the set is emptied when full, which costs time and changes no result.
CLEAN_LIMIT = 200_000
_LONGEST_NAME = 1024

_NAME_BYTES = re.compile(rb"[a-z0-9._-]+")
_HIGH_RUN = re.compile(rb"[a-z0-9_.\x80-\xff-]+")
_NAME = re.compile(r"[\w\u0300-\u036f.-]+")
_ADDRESS_RULE = RULES[IndicatorKind.IP]
_DOMAIN_RULE = RULES[IndicatorKind.DOMAIN]


@dataclass(frozen=True, slots=True)
class Plan:
    """The indicators, compiled: literal spellings, names to look up, words that lead to spellings, networks."""

    needles: tuple[Needle, ...]
    domains: dict[bytes, tuple[Needle, ...]]
    last_labels: frozenset[bytes]
    words: dict[bytes, list[tuple[Needle, int]]]
    wordless: tuple[Needle, ...]
    native_domains: dict[str, tuple[int, ...]]
    networks: NetworkIndex
    v4_prefixes: tuple[bytes, ...] | None
    has_v4: bool
    has_v6: bool

    @property
    def few(self) -> bool:
        """Whether searching spelling by spelling is the faster way."""
        return self.v4_prefixes is not None and len(self.needles) + len(self.v4_prefixes) <= FEW


def compiled(indicators: Sequence[Indicator]) -> Plan:
    """The plan for `indicators`; their order gives the positions."""
    needles = tuple(needles_of(indicators))
    by_name: dict[bytes, tuple[Needle, ...]] = {}
    native: dict[str, tuple[int, ...]] = {}
    others = []
    for needle in needles:
        if indicators[needle.indicator].kind is not IndicatorKind.DOMAIN:
            others.append(needle)
            continue
        name = needle.text.strip(STRIPPED)
        by_name[name] = (*by_name.get(name, ()), needle)
        if b"xn--" in needle.text:
            spelled = needle.text.decode("ascii")
            native[spelled] = (*native.get(spelled, ()), needle.indicator)
    words, wordless = keyed(others)
    networks = [
        (network, position)
        for position, indicator in enumerate(indicators)
        if indicator.kind in ADDRESS_KINDS
        for network in networks_of(indicator)
    ]
    return Plan(
        needles,
        by_name,
        frozenset(name.rpartition(b".")[2] for name in by_name),
        words,
        tuple(wordless),
        native,
        NetworkIndex.of(networks),
        _v4_prefixes([network for network, _ in networks]),
        any(network.version == 4 for network, _ in networks),
        any(network.version == 6 for network, _ in networks),
    )


def _v4_prefixes(networks: Sequence[Network]) -> tuple[bytes, ...] | None:
    """What the addresses of the IPv4 networks begin with; None when some network fixes no whole octet."""
    prefixes = set()
    for network in networks:
        if network.version == 6:
            continue
        whole = network.prefixlen // 8
        if whole == 0:
            return None
        octets = str(network.network_address).split(".")
        prefixes.add((".".join(octets[:whole]) + ("." if whole < 4 else "")).encode("ascii"))
    return tuple(sorted(prefixes))


class Engine:
    """Finds the places of one plan's indicators; remembers which names are clean."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._clean: set[bytes] = set()

    def places(self, text: bytes) -> Iterator[Place]:
        """Every place in `text` where an indicator stands alone; one place may come twice."""
        low = text.lower()
        yield from self._few(text, low) if self._plan.few else self._many(text, low)
        if self._plan.networks:
            yield from self._colon_places(low)
        if self._plan.native_domains and not low.isascii():
            yield from self._native_places(low)

    def _few(self, text: bytes, low: bytes) -> Iterator[Place]:
        for needle in self._plan.needles:
            yield from _places_of(needle, text, low)
        for prefix in self._plan.v4_prefixes or ():
            at = low.find(prefix)
            while at >= 0:
                quad = QUAD.match(low, at)
                if quad:
                    yield from self._quad_places(low, at, quad.end())
                at = low.find(prefix, at + 1)

    def _quad_places(self, low: bytes, start: int, end: int) -> Iterator[Place]:
        number = quad_number(low[start:end])
        held_by = self._plan.networks.holding(4, number) if number is not None else ()
        if held_by and _quad_stands(low, start, end):
            yield from ((start, end, indicator) for indicator in held_by)

    def _many(self, text: bytes, low: bytes) -> Iterator[Place]:
        for needle in self._plan.wordless:
            yield from _places_of(needle, text, low)
        fresh = set(text.translate(NAME_TABLE).split()) - self._clean
        words, names = self._hot_words(fresh), self._hot_names(fresh)
        self._remember(fresh, words, names)
        needles = {needle for found in (*words.values(), *names.values()) for needle, _ in found}
        if len(needles) <= FEW:
            for needle in needles:
                yield from _places_of(needle, text, low)
            return
        yield from _places_at(WORD, words, text, low)
        yield from _places_at(_NAME_BYTES, names, text, low)

    def _hot_words(self, names: set[bytes]) -> Hot:
        """The distinct words of `names` that lead to a spelling, and how far from the word that begins."""
        if not self._plan.words:
            return {}
        present = self._plan.words.keys() & set(b" ".join(names).translate(WORD_TABLE).split())
        return {word: [(needle, -place) for needle, place in self._plan.words[word]] for word in present}

    def _hot_names(self, names: set[bytes]) -> Hot:
        """Which of `names` hold a domain or an address, and how far from the name's start."""
        hot: Hot = {}
        for name in names:
            if b"." in name and (found := [*self._domains_of(name), *self._quads_of(name)]):
                hot[name] = found
        return hot

    def _remember(self, fresh: set[bytes], words: Hot, names: Hot) -> None:
        """Note the names that hold neither a hot word nor anything else; another thread may be reading the notes."""
        if words:
            fresh = {name for name in fresh if words.keys().isdisjoint(WORD.findall(name))}
        self._clean |= fresh.difference(names)
        if len(self._clean) > CLEAN_LIMIT:
            self._clean.clear()

    def _domains_of(self, name: bytes) -> list[tuple[Needle, int]]:
        stripped = name.rstrip(STRIPPED)
        if stripped.rpartition(b".")[2] not in self._plan.last_labels:
            return []
        found: list[tuple[Needle, int]] = []
        start, end = 0, len(stripped)
        while 0 <= start < end:
            suffix = stripped[start:].lstrip(STRIPPED)
            for needle in self._plan.domains.get(suffix, ()):
                begin = end - len(suffix) - needle.text.index(suffix)
                found.append((needle, begin))
            start = stripped.find(b".", start) + 1 or end
        return found

    def _quads_of(self, name: bytes) -> list[tuple[Needle, int]]:
        if name.count(b".") < 3 or not self._plan.has_v4:
            return []
        found: list[tuple[Needle, int]] = []
        for quad in QUAD.finditer(name):
            number = quad_number(quad[0])
            held_by = self._plan.networks.holding(4, number) if number is not None else ()
            found += ((Needle(quad[0], indicator, _ADDRESS_RULE), quad.start()) for indicator in held_by)
        return found

    def _colon_places(self, low: bytes) -> Iterator[Place]:
        for start, end, address in colon_addresses(low, mapped_only=not self._plan.has_v6):
            yield from (
                (start, end, indicator) for indicator in self._plan.networks.holding(address.version, int(address))
            )

    def _native_places(self, low: bytes) -> Iterator[Place]:
        """Names written in their own script rather than in A-labels."""
        for run in _HIGH_RUN.finditer(low):
            if run[0].isascii() or len(run[0]) > _LONGEST_NAME:
                continue
            spelled = run[0].decode("utf-8", "surrogateescape")
            for name in _NAME.finditer(spelled):
                offset = run.start() + len(spelled[: name.start()].encode("utf-8", "surrogateescape"))
                yield from self._native_suffixes(low, name[0], offset)

    def _native_suffixes(self, low: bytes, name: str, offset: int) -> Iterator[Place]:
        name = name.rstrip("._-")
        end = offset + len(name.encode("utf-8", "surrogateescape"))
        labels = name.split(".")
        for first in range(len(labels)):
            suffix = ".".join(labels[first:]).lstrip("._-")
            if suffix.isascii():
                return
            start = end - len(suffix.encode("utf-8", "surrogateescape"))
            for indicator in self._plan.native_domains.get(canonical_domain(suffix) or "", ()):
                if stands_alone(low, start, end, _DOMAIN_RULE):
                    yield start, end, indicator


def _places_of(needle: Needle, text: bytes, low: bytes) -> Iterator[Place]:
    at = low.find(needle.text)
    while at >= 0:
        if _stands(needle, text, low, at):
            yield at, at + len(needle.text), needle.indicator
        at = low.find(needle.text, at + 1)


def _places_at(pattern: "re.Pattern[bytes]", hot: Hot, text: bytes, low: bytes) -> Iterator[Place]:
    for token in pattern.finditer(low) if hot else ():
        for needle, delta in hot.get(token[0], ()):
            start = token.start() + delta
            if start >= 0 and low.startswith(needle.text, start) and _stands(needle, text, low, start):
                yield start, start + len(needle.text), needle.indicator


def _stands(needle: Needle, text: bytes, low: bytes, start: int) -> bool:
    end = start + len(needle.text)
    if needle.rule is _ADDRESS_RULE:
        return _quad_stands(low, start, end)
    if needle.exact is not None and text[start:end] != needle.exact:
        return False
    return stands_alone(low, start, end, needle.rule)


def _quad_stands(low: bytes, start: int, end: int) -> bool:
    return stands_alone(low, start, end, _ADDRESS_RULE) and not tail_of_other_address(low, start, end)
