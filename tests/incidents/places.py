"""From where does whom come: own networks, partners, homes, a shared egress, the intruder?"""

from dataclasses import dataclass
from random import Random

BLOCKS = ("192.0.2", "198.51.100", "203.0.113")


@dataclass(frozen=True)
class Places:
    """Who has which addresses; the three documentation blocks change their roles from incident to incident."""

    office: tuple[str, ...]  # one for all (NAT), or one a desk
    vpn: str
    proxy: str
    servers: tuple[str, ...]
    partners: tuple[str, ...]
    homes: tuple[str, ...]
    neighbour: str  # in the network of a partner, and not the partner's
    shared: str  # a commercial egress that several of the staff use
    travels: tuple[str, ...]
    strangers: tuple[str, ...]
    published: tuple[str, ...]
    hidden: tuple[str, ...]
    networks: tuple[tuple[str, str], ...]

    def is_own(self, address: str) -> bool:
        """Whether it lies within a known own network."""
        return address in {*self.office, self.vpn, self.proxy, *self.servers}


def drawn(rng: Random) -> Places:
    """Places for one incident."""
    own, partner, outside = rng.sample(BLOCKS, 3)
    nat = rng.random() < 0.5
    published = _intruders(rng, outside, 200, 2 if rng.random() < 0.3 else 1)
    return Places(
        office=(f"{own}.1",) if nat else tuple(f"{own}.{10 + number}" for number in range(40)),
        vpn=f"{own}.70",
        proxy=f"{own}.250",
        servers=tuple(f"{own}.{number}" for number in rng.sample(range(130, 160), 6)),
        partners=tuple(f"{partner}.{number}" for number in rng.sample(range(10, 60), 12)),
        homes=tuple(_home(rng, partner, number) for number in range(48)),
        neighbour=f"{partner}.{rng.randrange(61, 99)}",
        shared=f"2001:db8:5a5a:{rng.randrange(16, 256):x}::1",
        travels=tuple(f"2001:db8:7{number:03x}:{rng.randrange(9999):x}::{number + 2:x}" for number in range(8)),
        strangers=tuple(f"{outside}.{number}" for number in range(100, 140)),
        published=published,
        hidden=_intruders(rng, outside, 206, 24),
        networks=((f"{own}.0/26", "Office"), (f"{own}.64/26", "VPN"), (f"{own}.128/25", "Servers")),
    )


def _home(rng: Random, block: str, number: int) -> str:
    if rng.random() < 0.4:
        return f"2001:db8:{0x1000 + number * 7:x}:{rng.randrange(1, 9)}::{rng.randrange(2, 0xFFFF):x}"
    return f"{block}.{100 + number * 3}"


def _intruders(rng: Random, block: str, first: int, count: int) -> tuple[str, ...]:
    """Rented hosts and exits of VPNs, over IPv4 and IPv6."""
    return tuple(
        f"2001:db8:{0x9000 + first + number:x}:{number}::{rng.randrange(2, 0xFFFF):x}"
        if rng.random() < 0.3
        else f"{block}.{first + number * 2}"
        for number in range(count)
    )
