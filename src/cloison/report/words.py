"""How is what came out of a log written in a report so that it stays inert text?

Everything that a report prints passes through a `Voice`: control, format and bidirectional marks become visible
escapes, overlong text is cut with its length said, and the addresses of the intruder are made harmless.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from cloison.model.inert import inert as visible
from cloison.report.dossier import Dossier

TEXT_CHARACTERS = 600
"""A longer text is cut here, and says how long it was."""
_NETWORK_KINDS = frozenset({"ip", "cidr", "range", "domain", "url", "email"})
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?")


@dataclass(frozen=True)
class Voice:
    """Writes any value of a dossier as inert text; `dangerous` finds what must not become a link."""

    dangerous: re.Pattern[str] | None = None

    def __call__(self, value: object) -> str:
        """The value as inert text; markup that was built by escaping stays as it is."""
        if isinstance(value, Markup):
            return value
        text = plain(value)
        return inert(self.dangerous.sub(lambda found: defang(found[0]), text) if self.dangerous else text)


def voice_of(dossier: Dossier) -> Voice:
    """The voice that makes every indicator seen and every compromised address of this dossier harmless."""
    seen = {value for kind, value, count, _, _ in dossier.sightings if count and kind in _NETWORK_KINDS}
    held = {one.uid for one in dossier.held if one.kind == "address"}
    return Voice(_any_of(seen | held))


def _any_of(values: Iterable[str]) -> re.Pattern[str] | None:
    found = "|".join(re.escape(value) for value in sorted(values, key=lambda value: (-len(value), value)) if value)
    return re.compile(rf"(?<![\w-])(?:{found})(?![\w-])", re.IGNORECASE) if found else None


def plain(value: object) -> str:
    """A value as text: counts with their thousands apart, times in UTC with a Z, nothing as an empty string."""
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    return instant(value) if isinstance(value, datetime) else str(value)


def instant(value: datetime) -> str:
    """`2023-11-14 09:22:49Z`; the fraction of a second is left to the record."""
    return f"{value:%Y-%m-%d %H:%M:%S}Z"


def inert(text: str) -> str:
    """The text made inert; what is longer than `TEXT_CHARACTERS` is cut, and its length said."""
    cut = text if len(text) <= TEXT_CHARACTERS else f"{text[:TEXT_CHARACTERS]}… ({len(text):,} characters)"
    return visible(cut)


def defang(value: str) -> str:
    """An address, name or link spelled so that nothing makes a link of it: `203.0.113[.]126`, `hxxp://a[.]example`."""
    if _IPV4.fullmatch(value):
        network, _, last = value.rpartition(".")
        return f"{network}[.]{last}"
    if ":" in value and "." not in value and "//" not in value:
        return value.replace(":", "[:]", 1)
    return re.sub(r"^http", "hxxp", value, flags=re.IGNORECASE).replace(".", "[.]")


def indicator(kind: str, value: str) -> str:
    """An indicator as a report spells it: defanged where it is a place in a network."""
    return defang(value) if kind in _NETWORK_KINDS else value


def share(part: int, whole: int) -> str:
    """How much of the whole, to two figures that say something: `0.0017 %`, `1.0 %`, `none`."""
    if not whole or not part:
        return "none" if whole else "total not given"
    percent = 100 * part / whole
    places = next((places for places in range(1, 12) if round(percent, places) >= 10.0 ** (1 - places)), 12)
    return f"{percent:.{places}f} %"


Telling = Callable[[object], str]
"""Writes a value as inert text: what drawings are given, so that none can write raw text."""
