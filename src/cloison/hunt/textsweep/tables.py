"""How are the indicators laid out for the compiled kernel?"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address
from itertools import accumulate
from typing import Any

import numpy as np

from cloison.hunt.textsweep.kept import kernel
from cloison.hunt.textsweep.layout import HEADER, PAD, SECTIONS
from cloison.hunt.textsweep.needles import STRIPPED, WORD, Needle, host_quad, keyed, needles_of
from cloison.model.indicator import ADDRESS_KINDS, Indicator, IndicatorKind

NATIVE = -1
"""The ref of a dotted name in its own script: any of the names with A-labels may be meant."""

_WORD_FORM, _NAME_FORM, _GRAM_FORM = 0, 1, 2
_GRAM = 4
_GRAM_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789._-:") | frozenset(range(0x80, 0x100))
# A filter has so many bits for each key, yet fits into the second cache of a core.
_BITS_PER_KEY, _FEWEST_BITS_LOG, _MOST_BITS_LOG = 32, 12, 23
_TAIL_BITS_LOG = 16
_LOW = (1 << 64) - 1
_Array = np.ndarray[Any, Any]
Groups = dict[bytes, list[tuple[Needle, int]]]
"""Needles by their key, each with the place of the key in it."""
Interval = tuple[int, int, int]
"""First and last address, and the position of the indicator."""


@dataclass(frozen=True)
class Lookup:
    """The kernel's tables, and the way back from a ref to the positions of indicators.

    `native` are the names with A-labels; `unkeyed` those that the kernel cannot look for, because they hold no letter,
    digit or other script.
    """

    tables: _Array
    letters: _Array
    groups: tuple[tuple[int, ...], ...]
    native: tuple[int, ...]
    unkeyed: tuple[int, ...]
    indicators: int

    def positions(self, ref: int) -> tuple[int, ...]:
        """The indicators that a ref stands for."""
        if ref == NATIVE:
            return self.native
        return (ref,) if ref < self.indicators else self.groups[ref - self.indicators]


def lookup_of(indicators: Sequence[Indicator]) -> Lookup:
    """The tables for `indicators`; their order gives the positions."""
    dotted, quads, others = _parted(indicators)
    names: dict[bytes, list[int]] = {}
    for needle in dotted:
        names.setdefault(needle.text.strip(STRIPPED), []).append(needle.indicator)
    v4, v6 = _intervals(indicators)
    v4_first, v4_last, v4_groups = _merged([*v4, *quads])
    v6_first, v6_last, v6_groups = _merged(v6)
    grams, rest = _by_gram(others)
    words, wordless = keyed(rest)
    native = tuple(dict.fromkeys(needle.indicator for needle in dotted if b"xn--" in needle.text))
    first_v4 = len(indicators) + len(names)
    v6_ends = (("first", v6_first), ("last", v6_last))
    needles = [*_flat(words), *_flat(grams)]
    texts = [needle.text for needle, _ in needles]
    sections: dict[str, Sequence[int] | _Array] = {
        **_index("word", words, _WORD_FORM),
        "word_begins": _begins(words.values()),
        "needle_ref": [needle.indicator for needle, _ in needles],
        "needle_begin": [0, *accumulate(map(len, texts))],
        "needle_length": [len(text) for text in texts],
        "needle_key": [place for _, place in needles],
        **_index("gram", grams, _GRAM_FORM),
        "gram_begins": _begins(grams.values()),
        "gram_needles": range(len(needles) - len(_flat(grams)), len(needles)),
        "tail_bits": _tails(names),
        **_index("name", names, _NAME_FORM, len(indicators)),
        "v4_first": v4_first,
        "v4_last": v4_last,
        "v4_begins": np.searchsorted(np.array(v4_last, np.int64), np.arange((1 << 16) + 1) << 16),
        **{f"v6_{end}_high": [number >> 64 for number in numbers] for end, numbers in v6_ends},
        **{f"v6_{end}_low": [number & _LOW for number in numbers] for end, numbers in v6_ends},
    }
    groups = (*map(tuple, names.values()), *v4_groups, *v6_groups)
    unkeyed = tuple(dict.fromkeys(needle.indicator for needle in wordless))
    refs = (first_v4, first_v4 + len(v4_groups), bool(native))
    letters = np.frombuffer(b"".join(texts) or b"\0", np.uint8)
    return Lookup(_laid_out(sections, refs), letters, groups, native, unkeyed, len(indicators))


def _laid_out(sections: Mapping[str, Sequence[int] | _Array], refs: Iterable[int]) -> _Array:
    """The sections one behind the other, after the header that the kernel reads."""
    lengths = [len(sections[name]) for name in SECTIONS]
    begins = list(accumulate(lengths, initial=HEADER))[:-1]
    header = np.array([*begins, *lengths, *refs], np.uint64)
    return np.concatenate([header, *(np.asarray(sections[name], np.uint64) for name in SECTIONS)])


def _parted(indicators: Sequence[Indicator]) -> tuple[list[Needle], list[Interval], list[Needle]]:
    """Dotted names; URLs at an IPv4 address as that address, whose octets are in every log; and the rest."""
    dotted: list[Needle] = []
    quads: list[Interval] = []
    others: list[Needle] = []
    for needle in needles_of(indicators):
        kind = indicators[needle.indicator].kind
        if kind is IndicatorKind.DOMAIN and b"." in needle.text.strip(STRIPPED):
            dotted.append(needle)
        elif kind is IndicatorKind.URL and (number := host_quad(needle.text)) is not None:
            quads.append((number, number, needle.indicator))
        else:
            others.append(needle)
    return dotted, quads, others


def _intervals(indicators: Sequence[Indicator]) -> tuple[list[Interval], list[Interval]]:
    """What addresses the indicators cover, by family."""
    found: tuple[list[Interval], list[Interval]] = ([], [])
    for position, indicator in enumerate(indicators):
        if indicator.kind in ADDRESS_KINDS:
            six = ":" in indicator.value
            found[six].append((*_covered(indicator, 128 if six else 32), position))
    return found


def _covered(indicator: Indicator, width: int) -> tuple[int, int]:
    """The first and the last address of an ip, cidr or range, which is spelled canonically."""
    if indicator.kind is IndicatorKind.RANGE:
        first, _, last = indicator.value.partition("-")
        return _number(first), _number(last)
    address, _, bits = indicator.value.partition("/")
    hosts = (1 << (width - int(bits))) - 1 if bits else 0
    number = _number(address)
    return number & ~hosts, number | hosts


def _number(address: str) -> int:
    if ":" in address:
        return int(IPv6Address(address))
    first, second, third, fourth = map(int, address.split("."))
    return first << 24 | second << 16 | third << 8 | fourth


def _merged(intervals: list[Interval]) -> tuple[list[int], list[int], list[tuple[int, ...]]]:
    """Intervals that overlap become one: firsts, lasts, and the indicators of each."""
    firsts: list[int] = []
    lasts: list[int] = []
    groups: list[tuple[int, ...]] = []
    for first, last, position in sorted(intervals):
        if lasts and first <= lasts[-1]:
            lasts[-1] = max(lasts[-1], last)
            groups[-1] = (*groups[-1], position)
        else:
            firsts.append(first)
            lasts.append(last)
            groups.append((position,))
    return firsts, lasts, groups


def _by_gram(needles: Iterable[Needle]) -> tuple[Groups, list[Needle]]:
    """Needles in another script by four bytes of it, the rarest among the needles; and the others."""
    others: list[Needle] = []
    grams: list[tuple[Needle, list[tuple[bytes, int]]]] = []
    for needle in needles:
        if found := list(_grams(needle.text)):
            grams.append((needle, found))
        else:
            others.append(needle)
    frequency = Counter(gram for _, found in grams for gram, _ in found)
    table: Groups = {}
    for needle, found in grams:
        gram, place = min(found, key=lambda pair: (frequency[pair[0]], pair[1]))
        table.setdefault(gram, []).append((needle, place))
    return table, others


def _grams(text: bytes) -> Iterable[tuple[bytes, int]]:
    """Every four bytes that begin above ASCII and that no decoding takes apart."""
    if text.isascii():
        return
    for place in range(len(text) - _GRAM + 1):
        gram = text[place : place + _GRAM]
        if gram[0] >= 0x80 and _GRAM_BYTES.issuperset(gram):
            yield gram, place


def _flat(groups: Groups) -> list[tuple[Needle, int]]:
    return [pair for group in groups.values() for pair in group]


def _begins(groups: Collection[list[tuple[Needle, int]]]) -> list[int]:
    return [0, *accumulate(map(len, groups))]


def _index(kind: str, keys: Collection[bytes], form: int, first: int = 0) -> dict[str, _Array]:
    """A filter of bits, a table of hashes, and the place of each key, counted from `first`."""
    bits = 1 << max(_FEWEST_BITS_LOG, min(_MOST_BITS_LOG, (len(keys) * _BITS_PER_KEY).bit_length()))
    slots = 1 << (2 * len(keys)).bit_length()
    index = _filter(bits), np.zeros(slots, np.uint64), np.zeros(slots, np.uint64)
    index[2][_filled(keys, form, index[0], index[1])] = np.arange(first, first + len(keys))
    return dict(zip((f"{kind}_bits", f"{kind}_keys", f"{kind}_slots"), index, strict=True))


def _filter(bits: int) -> _Array:
    return np.zeros(bits // 64, np.uint64)


def _filled(keys: Collection[bytes], form: int, bits: _Array, table: _Array) -> _Array:
    """Enter the keys; returns their slots in the table."""
    places = np.zeros(len(keys), np.int64)
    ends = np.array([*accumulate((len(key) + 1 for key in keys), initial=PAD - 1)], np.int64)
    text = np.frombuffer(b"\0" * PAD + b"\0".join(keys) + b"\0" * PAD, np.uint8)
    kernel().fill(
        *(text.ctypes.data, ends.ctypes.data, len(keys), form, bits.ctypes.data, 64 * len(bits)),
        *(table.ctypes.data, len(table), places.ctypes.data),
    )
    return places


def _tails(names: Iterable[bytes]) -> _Array:
    """The filter of the last words of names."""
    bits = _filter(1 << _TAIL_BITS_LOG)
    _filled(dict.fromkeys(WORD.findall(name)[-1] for name in names), _WORD_FORM, bits, np.zeros(0, np.uint64))
    return bits
