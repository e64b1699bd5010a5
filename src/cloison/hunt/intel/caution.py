"""Which indicators should nobody hunt blindly, and why?

A flag changes no indicator: it is still swept for and its sightings are listed, yet nothing is called compromised by it
until a person says so.
"""

import hashlib
import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from publicsuffixlist import PublicSuffixList

from cloison.hunt.intel.commonplace import (
    BIG_NETWORKS,
    OWN_NAMES,
    RESERVED,
    RESOLVERS,
    SHARED_NAMES,
    SYSTEM_ACCOUNTS,
    SYSTEM_FILES,
    TELLERS,
)
from cloison.model.indicator import ADDRESS_KINDS, HASH_KINDS, Indicator, IndicatorKind

_K = IndicatorKind
_WIDEST = {4: 16, 6: 32}
"""A network with a shorter prefix holds many organisations."""
_RESERVED = {
    version: [
        (int(network.network_address), int(network.broadcast_address), f"in {network}: {why}")
        for network, why in ((ipaddress.ip_network(text), why) for text, why in RESERVED.items())
        if network.version == version
    ]
    for version in (4, 6)
}
"""By version, the first and last address of each reserved network, and what is said of it."""
_EMPTY = frozenset(
    hashlib.new(name, text, usedforsecurity=False).hexdigest()
    for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
    for text in (b"", b"\n", b"\r\n", b"\x00")
)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Caution:
    """A line of the case's own list: a value as indicators spell it, why it is flagged, whether it counts yet."""

    value: str
    why: str
    follow: bool = False


@dataclass(frozen=True)
class Cautions:
    """The case's own list, ready to be asked."""

    exact: Mapping[str, Caution]
    networks: tuple[tuple[Network, Caution], ...]

    @classmethod
    def of(cls, listed: Iterable[Caution]) -> "Cautions":
        """Index the list; a later line for the same value replaces an earlier one."""
        exact = {one.value.lower(): one for one in listed}
        networks = tuple((network, one) for one in exact.values() if (network := _network(one.value)) is not None)
        return cls(exact, networks)

    def about(self, indicator: Indicator) -> Caution | None:
        """What the case says of an indicator: of its value first, then of a network that holds it, then of a parent."""
        said = self.exact.get(indicator.value.lower())
        if said is not None:
            return said
        if indicator.kind in ADDRESS_KINDS:
            own = networks_of(indicator)
            return next((one for network, one in self.networks if all(_inside(part, network) for part in own)), None)
        if indicator.kind is _K.DOMAIN:
            return next((self.exact[name] for name in _parents(indicator.value) if name in self.exact), None)
        return None


NONE = Cautions.of(())


def caution_about(indicator: Indicator, cautions: Cautions = NONE) -> str:
    """Why an indicator is not followed without a person's word; empty when it is. The case's own list has the last."""
    said = cautions.about(indicator)
    if said is not None:
        return "" if said.follow else said.why
    return next((why for asked in _QUESTIONS if (why := asked(indicator))), "")


def networks_of(indicator: Indicator) -> Sequence[Network]:
    """The networks an ip, cidr or range stands for."""
    first, dash, last = indicator.value.partition("-")
    if not dash:
        return (ipaddress.ip_network(indicator.value, strict=False),)
    low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
    return tuple(ipaddress.summarize_address_range(low, high))


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _inside(part: Network, whole: Network) -> bool:
    return part.version == whole.version and part.subnet_of(whole)  # type: ignore[arg-type]


def _parents(name: str) -> list[str]:
    labels = name.split(".")
    return [".".join(labels[first:]) for first in range(1, len(labels) - 1)]


def _address(indicator: Indicator) -> str:
    if indicator.kind not in ADDRESS_KINDS:
        return ""
    if indicator.value in RESOLVERS:
        return RESOLVERS[indicator.value]
    networks = networks_of(indicator)
    for part in networks:
        low, high = int(part.network_address), int(part.broadcast_address)
        for first, last, said in _RESERVED[part.version]:
            if low <= last and first <= high:
                return said
    wide = [part for part in networks if part.prefixlen < _WIDEST[part.version]]
    return f"{wide[0]} is as wide as many organisations" if wide else ""


def _domain(indicator: Indicator) -> str:
    name = indicator.value
    if indicator.kind is _K.URL:
        name = _bare_host(name)
    elif indicator.kind is not _K.DOMAIN:
        return ""
    parents = {name, name.removeprefix("www."), *_parents(name)}
    if not parents.isdisjoint(TELLERS):
        return "a site that publishes accounts of attacks"
    if not parents.isdisjoint(OWN_NAMES):
        return "a well-known name that machines everywhere ask for"
    if name.removeprefix("www.") in SHARED_NAMES or (name and _is_shared(name)):
        return "a name below which anybody may publish"
    return ""


def _bare_host(url: str) -> str:
    """The host of a URL that asks for nothing in particular; empty when it names a path."""
    authority, _, path = url.rpartition("://")[2].partition("/")
    host = authority.rpartition("@")[2].partition(":")[0]
    parents = {host, *_parents(host)}
    return host if not path or not parents.isdisjoint(TELLERS) else ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def _is_shared(name: str) -> bool:
    return "." in name and _suffixes().publicsuffix(name) == name


def _hash(indicator: Indicator) -> str:
    if indicator.kind not in HASH_KINDS:
        return ""
    if indicator.value in _EMPTY:
        return "the hash of an empty file, or of one mark"
    return "no hash of anything: one digit repeated" if len(set(indicator.value)) == 1 else ""


def _named(kind: IndicatorKind, names: Iterable[str], why: str) -> Callable[[Indicator], str]:
    known = frozenset(names)
    return lambda indicator: why if indicator.kind is kind and indicator.value in known else ""


_QUESTIONS: tuple[Callable[[Indicator], str], ...] = (
    _address,
    _domain,
    _hash,
    _named(_K.FILE_NAME, SYSTEM_FILES, "a file that every system has"),
    _named(_K.ACCOUNT, SYSTEM_ACCOUNTS, "an account that every system has"),
    _named(_K.AS_NUMBER, BIG_NETWORKS, "a provider's whole network, with its every customer"),
)
