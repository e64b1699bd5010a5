"""Which addresses does a stretch of text spell, in whatever form, and which networks hold them?"""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cloison.hunt.textsweep.boundaries import word_begins_at, word_ends_at
from cloison.model.indicator import Indicator, IndicatorKind
from cloison.ocsf.observables import Address, parse_ip

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

QUAD = re.compile(rb"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}")
_COLONS = re.compile(rb":[0-9a-f]{0,4}:")
_V6_BYTES = frozenset(b"0123456789abcdef:.")
_V6_LONGEST = 45
_COLON = 0x3A
_ZERO = 0x30
_PERCENT = 0x25
_HEX_PAIR = re.compile(rb"[0-9a-f]{2}")
_V6_TAIL = re.compile(rb"[0-9a-f:]*$")


def networks_of(indicator: Indicator) -> tuple[Network, ...]:
    """The networks an ip, cidr or range stands for (a range is the fewest networks that cover it exactly)."""
    if indicator.kind is IndicatorKind.RANGE:
        first, _, last = indicator.value.partition("-")
        return tuple(ipaddress.summarize_address_range(*_same_family(first, last)))
    return (ipaddress.ip_network(indicator.value, strict=False),)


def _same_family(first: str, last: str) -> tuple[ipaddress.IPv4Address, ipaddress.IPv4Address]:
    return ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class NetworkIndex:
    """Networks by family and prefix length: at most 33 or 129 look-ups say which of them hold an address."""

    tables: dict[int, dict[int, dict[int, tuple[int, ...]]]]

    @classmethod
    def of(cls, networks: Iterable[tuple[Network, int]]) -> "NetworkIndex":
        """Index `(network, position of its indicator)`."""
        tables: dict[int, dict[int, dict[int, tuple[int, ...]]]] = {4: {}, 6: {}}
        for network, indicator in networks:
            shift = network.max_prefixlen - network.prefixlen
            table = tables[network.version].setdefault(shift, {})
            number = int(network.network_address) >> shift
            table[number] = (*table.get(number, ()), indicator)
        return cls(tables)

    def holding(self, version: int, number: int) -> list[int]:
        """The positions of the indicators whose network holds the address `number` of IP `version`."""
        held_by: list[int] = []
        for shift, table in self.tables[version].items():
            held_by += table.get(number >> shift, ())
        return held_by

    def __bool__(self) -> bool:
        return any(self.tables.values())


def quad_number(quad: bytes) -> int | None:
    """A dotted quad as number; None above 255 or with leading zeros, which some readers take for octal."""
    octets = quad.split(b".")
    if b"0" in quad and any(len(octet) > 1 and octet[0] == _ZERO for octet in octets):
        return None
    try:
        return int.from_bytes(bytes(map(int, octets)), "big")
    except ValueError:
        return None


def colon_addresses(text: bytes, *, mapped_only: bool) -> Iterator[tuple[int, int, Address]]:
    """Every IPv6 spelling in lower-cased `text`; with `mapped_only` just those that can carry an IPv4 address."""
    done = 0
    for trigger in _triggers(text, mapped_only=mapped_only):
        if trigger < done:
            continue
        start, end = _stretch(text, trigger)
        done = max(end, trigger + 1)
        yield from _address_in(text, start, end)


def _triggers(text: bytes, *, mapped_only: bool) -> Iterator[int]:
    if not mapped_only:
        yield from (found.start() for found in _COLONS.finditer(text))
        return
    at = text.find(b":ffff:")
    while at >= 0:
        yield at
        at = text.find(b":ffff:", at + 1)


def _stretch(text: bytes, at: int) -> tuple[int, int]:
    """The run of address characters around `at`, no longer than an address can be on either side."""
    start, end = at, at
    while start > 0 and at - start <= _V6_LONGEST and text[start - 1] in _V6_BYTES:
        start -= 1
    while end < len(text) and end - at <= _V6_LONGEST and text[end] in _V6_BYTES:
        end += 1
    return start, end


def _address_in(text: bytes, start: int, end: int) -> Iterator[tuple[int, int, Address]]:
    while end > start and (text[end - 1] == 0x2E or (text[end - 1] == _COLON and text[end - 2 : end] != b"::")):
        end -= 1
    if text[start : start + 1] == b":" and text[start : start + 2] != b"::":
        start += 1
    if end - start > _V6_LONGEST or not _framed(text, start, end):
        return
    spelled = text[start:end].decode("ascii")
    address = parse_ip(spelled) if spelled.count(":") > 1 else None
    if address is not None:
        yield start, end, address


def _framed(text: bytes, start: int, end: int) -> bool:
    if start > 0 and (word_ends_at(text, start - 1) or (text[start - 1] == _PERCENT and _HEX_PAIR.match(text, start))):
        return False
    return end == len(text) or not word_begins_at(text, end)


def tail_of_other_address(text: bytes, start: int, end: int) -> bool:
    """Whether the dotted quad at `start`..`end` is the tail of an IPv6 spelling, which is swept as a whole."""
    if start == 0 or text[start - 1] != _COLON:
        return False
    head = _V6_TAIL.search(text, max(0, start - _V6_LONGEST), start)
    spelled = (head[0] if head else b"").decode("ascii") + text[start:end].decode("ascii")
    return parse_ip(spelled) is not None
