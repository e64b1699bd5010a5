"""Under which byte strings can an indicator lie in a text?"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import idna

from cloison.hunt.textsweep.addresses import QUAD, quad_number
from cloison.hunt.textsweep.boundaries import RULES, Rule
from cloison.model.indicator import ADDRESS_KINDS, Indicator, IndicatorKind

_DEFAULT_PORTS = {"http": ":80", "https": ":443", "ftp": ":21"}
STRIPPED = b"._-"
_SPELLED_AS_THEY_ARE = frozenset(IndicatorKind) - ADDRESS_KINDS - {IndicatorKind.URL, IndicatorKind.CREDENTIAL}
_WORD_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789")


def _spaced(kept: frozenset[int]) -> bytes:
    """A table for bytes.translate: ASCII in lower-case, every byte outside `kept` a space for bytes.split to cut at."""
    return bytes(byte + 32 if 0x41 <= byte <= 0x5A else byte if byte in kept else 0x20 for byte in range(256))


WORD_TABLE = _spaced(_WORD_BYTES)
NAME_TABLE = _spaced(_WORD_BYTES | frozenset(STRIPPED))

WORD = re.compile(rb"[a-z0-9]+")

# Words of nearly every log line: a poor key for anything.
_COMMON = frozenset(
    b"mozilla applewebkit webkit gecko khtml like windows linux nt http https www com net org html php 0 1 5".split()
)

_QUAD_HOST = re.compile(rb"(?:[a-z0-9+.-]+://)?(?:[^/?@]*@)?(" + QUAD.pattern + rb")(?![^/?:])")


@dataclass(frozen=True, slots=True)
class Needle:
    """A lower-case spelling of the indicator at position `indicator`, and the rule of its edges.

    `exact` is set where case counts: the raw text must hold these very bytes.
    """

    text: bytes
    indicator: int
    rule: Rule
    exact: bytes | None = None


def needles_of(indicators: Sequence[Indicator]) -> Iterator[Needle]:
    """Every literal spelling of every indicator that is not an address (those are compared as numbers)."""
    for position, indicator in enumerate(indicators):
        if indicator.kind in ADDRESS_KINDS:
            continue
        rule = RULES[indicator.kind]
        if indicator.kind in _SPELLED_AS_THEY_ARE and indicator.value.isascii():
            yield Needle(indicator.value.lower().encode(), position, rule)
            continue
        exact = indicator.value.encode() if indicator.kind is IndicatorKind.CREDENTIAL else None
        for spelling in dict.fromkeys(_spellings(indicator)):
            yield Needle(spelling.encode("utf-8").lower(), position, rule, exact)


def _spellings(indicator: Indicator) -> Iterator[str]:
    value = indicator.value
    if indicator.kind is IndicatorKind.URL:
        yield from _url_spellings(value)
        return
    yield value
    if not value.isascii():
        yield value.lower()
        yield value.upper()


def _url_spellings(value: str) -> Iterator[str]:
    """Without closing slash; with and without default port; with the name in A-labels and in its own script."""
    bare = value.removesuffix("/")
    scheme, slashes, rest = bare.rpartition("://") if "://" in bare.partition("?")[0] else ("", "", bare)
    authority, slash, path = rest.partition("/")
    for host in dict.fromkeys((authority, native_name(authority))):
        yield f"{scheme}{slashes}{host}{slash}{path}"
        if scheme in _DEFAULT_PORTS and not host.rpartition("]")[2].count(":"):
            yield f"{scheme}{slashes}{host}{_DEFAULT_PORTS[scheme]}{slash}{path}"


def native_name(name: str) -> str:
    """The name in its own script when it has A-labels, else the name."""
    if "xn--" not in name:
        return name
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name


def host_quad(url: bytes) -> int | None:
    """The number of the IPv4 address that is the host of a lower-case URL."""
    found = _QUAD_HOST.match(url)
    return quad_number(found[1]) if found else None


def keyed(needles: Sequence[Needle]) -> tuple[dict[bytes, list[tuple[Needle, int]]], list[Needle]]:
    """Needles by the rarest word inside them, with the word's place in the needle; and those that hold no word."""
    words = [WORD.findall(needle.text) for needle in needles]
    rank = {word: _rank(word, count) for word, count in Counter(chain.from_iterable(words)).items()}
    table: dict[bytes, list[tuple[Needle, int]]] = {}
    wordless: list[Needle] = []
    for needle, held in zip(needles, words, strict=True):
        if held:
            word = held[0] if len(held) == 1 else min(held, key=rank.__getitem__)
            table.setdefault(word, []).append((needle, _place(needle.text, word)))
        else:
            wordless.append(needle)
    return table, wordless


def _rank(word: bytes, count: int) -> tuple[bool, int, int]:
    return word in _COMMON, count, -len(word)


def _place(text: bytes, word: bytes) -> int:
    """Where a word begins in a text that holds it as a whole one."""
    if text.count(word) == 1:
        return text.index(word)
    return next(found.start() for found in WORD.finditer(text) if found[0] == word)
