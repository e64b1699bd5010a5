"""Under which ids does what we write stand, so that the same indicator has the same id wherever it is written?"""

import hashlib
from collections.abc import Iterable

from cloison.model.indicator import Indicator

NAMESPACE = bytes.fromhex("5d1f6a1f0c4b5c0f9c0ea1b2c7d3e4f5")
"""Our own name space for UUIDs (RFC 9562); STIX keeps the one of its standard for observed objects."""


def uuid5(name: str, namespace: bytes = NAMESPACE) -> str:
    """The UUID of `name` in our name space or another (RFC 9562, version 5)."""
    digest = bytearray(hashlib.sha1(namespace + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def uuid_of(what: str, indicators: Iterable[Indicator]) -> str:
    """The UUID of an object of sort `what` that holds these indicators, in this order."""
    return uuid5("\n".join((what, *(f"{one.kind}\t{one.value}" for one in indicators))))


EXTENSION = f"extension-definition--{uuid5('extension-definition')}"
"""What we add to a STIX indicator: original spelling, repairs, origin, and the range that its networks spell."""
PRODUCER = f"identity--{uuid5('identity')}"
"""Who wrote it, as STIX demands of an extension."""
TITLE = "Indicators written by cloison"
"""The title of a MISP event of ours, which says nothing of its indicators."""
KIND_TAG, FROM_TAG, UNTIL_TAG = 'cloison:kind="', 'cloison:valid_from="', 'cloison:valid_until="'
"""Machine tags with which a MISP attribute says what MISP has no field for."""
