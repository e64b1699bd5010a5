"""Which values are glued into a word or hidden by percent escapes, yet cannot be anything else?"""

import re
from collections.abc import Iterator

from cloison.hunt.intel.found import CUT, DECODED, HASH_KIND, Found
from cloison.hunt.intel.refang import DOT, MISPLACED, plain, repairs
from cloison.model.indicator import IndicatorKind
from cloison.ocsf.observables import canonical_hash, canonical_ip, canonical_url

_D = f"[.{DOT}{MISPLACED}]"
_QUAD = re.compile(rf"(?<=[A-Za-z]{{2}})\d{{1,3}}(?:{_D}\d{{1,3}}){{3}}(?=[A-Za-z]{{2}})")
_HASH = re.compile(r"(?<=[g-zG-Z])(?:[0-9A-Fa-f]{128}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?=[g-zG-Z])")
_ENCODED = re.compile(r"(?<![\w%])(?:https?|ftp)%3A%2F%2F(?:[\w.~-]|%[0-9A-F]{2}){1,2000}", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


def glued(text: str) -> Iterator[Found]:
    """Addresses and hashes with letters glued to both sides, as text taken out of a PDF or a page has them."""
    for found in _QUAD.finditer(text):
        address = canonical_ip(plain(found[0]))
        if address is not None:
            yield Found(found.start(), found.end(), IndicatorKind.IP, address, (*repairs(found[0]), CUT))
    for found in _HASH.finditer(text):
        value = canonical_hash(found[0])
        if value is not None:
            yield Found(found.start(), found.end(), HASH_KIND[len(value)], value, (CUT,))


def encoded_urls(text: str) -> Iterator[Found]:
    """URLs whose every mark is a percent escape (`http%3A%2F%2Fevil.example`), as logs quote them."""
    for found in _ENCODED.finditer(text):
        url = canonical_url(_ESCAPE.sub(_spelled, found[0]))
        if url is not None:
            yield Found(found.start(), found.end(), IndicatorKind.URL, url, (DECODED,))


def _spelled(escape: "re.Match[str]") -> str:
    number = int(escape[1], 16)
    return chr(number) if 0x20 < number < 0x7F else escape[0]
