"""Is this text one value and nothing else, spelled in the ordinary way?

Lists of a hundred thousand values are read by this; whatever it does not settle is read with all care, to the same end.
"""

import re

from cloison.hunt.intel.find import HASH, canonical_network
from cloison.hunt.intel.found import HASH_KIND
from cloison.hunt.intel.names import host_name, reads_as_file_name
from cloison.model.indicator import IndicatorKind
from cloison.ocsf.observables import canonical_email, canonical_ip, canonical_url

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL})+"
_QUAD = r"\d{1,3}(?:\.\d{1,3}){3}"
_SHAPES = re.compile(
    rf"(?P<address>{_QUAD}|(?=[0-9A-Fa-f:]{{5}})(?:[0-9A-Fa-f]{{0,4}}:){{2,7}}[0-9A-Fa-f]{{0,4}})(?P<bits>/\d{{1,3}})?"
    r"|(?P<hash>[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128})"
    rf"|(?P<url>https?://(?:{_NAME})(?::\d{{1,5}})?(?:/[A-Za-z0-9_/-]+(?:\.[A-Za-z0-9_/-]+)*)?/?)"
    rf"|(?P<email>[A-Za-z0-9][A-Za-z0-9.+_-]{{0,62}}@{_NAME})"
    rf"|(?P<name>{_NAME})",
    re.ASCII,
)


def whole_value(text: str) -> tuple[IndicatorKind, str] | None:
    """The kind and the canonical spelling of `text`; None where it takes more care to say."""
    shape = _SHAPES.fullmatch(text)
    if shape is None:
        return None
    kind, value = _read(text, shape)
    if value is None:
        return None
    return kind, text if value == text else value  # one string for both, in a list of a hundred thousand


def _read(text: str, shape: "re.Match[str]") -> tuple[IndicatorKind, str | None]:
    if shape["hash"]:
        return HASH_KIND[len(text)], text.lower()
    if shape["bits"]:
        network = canonical_network(text)
        return (IndicatorKind.CIDR if network and "/" in network else IndicatorKind.IP), network
    if shape["address"]:
        return IndicatorKind.IP, canonical_ip(text)
    if shape["url"]:
        host = text.partition("://")[2].partition("/")[0].partition(":")[0]
        return IndicatorKind.URL, canonical_url(text) if host_name(host) or canonical_ip(host) else None
    if shape["email"]:
        address = canonical_email(text)
        return IndicatorKind.EMAIL, address if address and host_name(address.rpartition("@")[2]) else None
    name = None if HASH.search(text) else host_name(text)  # it may be a sample's name
    return IndicatorKind.DOMAIN, None if name is None or reads_as_file_name(name) else name
