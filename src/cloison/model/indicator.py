"""What is looked for, where did it come from, and until when does it hold?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class IndicatorKind(StrEnum):
    """The kinds of value that can be looked for."""

    IP = "ip"
    CIDR = "cidr"
    RANGE = "range"
    DOMAIN = "domain"
    URL = "url"
    EMAIL = "email"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"
    FILE_NAME = "file_name"
    USER_AGENT = "user_agent"
    ACCOUNT = "account"
    CREDENTIAL = "credential"
    AS_NUMBER = "as_number"
    JA3 = "ja3"
    JA4 = "ja4"

    __hash__ = str.__hash__  # in C; an enumeration's own would be asked for every indicator of a list


_K = IndicatorKind
HASH_KINDS = frozenset({_K.MD5, _K.SHA1, _K.SHA224, _K.SHA256, _K.SHA384, _K.SHA512})
ADDRESS_KINDS = frozenset({_K.IP, _K.CIDR, _K.RANGE})
UNSWEPT_KINDS = {
    _K.AS_NUMBER: "no event carries the number of an autonomous system",
    _K.JA3: "no event carries the fingerprint of a TLS client",
    _K.JA4: "no event carries the fingerprint of a TLS client",
}
"""Kinds that no column of the events can hold, and why; in raw text they are looked for all the same."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One value to look for.

    `value` is the canonical spelling that is compared, `original` the spelling found in `origin` (a file name or
    label) at `place` (a line, a page, the id of an object), `repairs` the steps that led from one to the other,
    `context` the description found beside it. `valid_from` and `valid_until` are UTC; `None` means open. `tlp` is the
    Traffic Light Protocol's word (2.0, lower-case), empty where none is given.
    """

    kind: IndicatorKind
    value: str
    original: str
    origin: str
    repairs: tuple[str, ...] = ()
    context: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    place: str = ""
    tlp: str = ""

    @property
    def key(self) -> tuple[IndicatorKind, str]:
        """What makes two indicators the same one."""
        return (self.kind, self.value)
