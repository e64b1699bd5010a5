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
    SHA256 = "sha256"
    SHA512 = "sha512"
    FILE_NAME = "file_name"
    USER_AGENT = "user_agent"
    ACCOUNT = "account"
    CREDENTIAL = "credential"


HASH_KINDS = frozenset({IndicatorKind.MD5, IndicatorKind.SHA1, IndicatorKind.SHA256, IndicatorKind.SHA512})
ADDRESS_KINDS = frozenset({IndicatorKind.IP, IndicatorKind.CIDR, IndicatorKind.RANGE})


@dataclass(frozen=True, slots=True)
class Indicator:
    """One value to look for.

    `value` is the canonical spelling that is compared, `original` the spelling found in `origin` (a file name or
    label), `repairs` the steps that led from one to the other, `context` the description found beside it.
    `valid_from` and `valid_until` are UTC; `None` means open.
    """

    kind: IndicatorKind
    value: str
    original: str
    origin: str
    repairs: tuple[str, ...] = ()
    context: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    @property
    def key(self) -> tuple[IndicatorKind, str]:
        """What makes two indicators the same one."""
        return (self.kind, self.value)
