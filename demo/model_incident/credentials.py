"""Which credentials leaked on 2023-10-18, and when did the issuer of each one kill it?

Four of them were believed unused and were left alive.
"""

from random import Random
from typing import NamedTuple

from demo.model_incident.clock import DAY, HOUR, MINUTE, at, iso
from demo.model_incident.organisation import Person, hexes, token, uuid

EXPOSED_AT = at("2023-10-18T00:00:00")
ROTATION_STARTS = at("2023-10-18T12:00:00")
ROTATION_DAYS = 19
COUNTS = (
    ("okta", "api_token", 312),
    ("jira", "pat", 1_180),
    ("confluence", "pat", 640),
    ("bitbucket", "access_token", 1_420),
    ("bitbucket", "ssh_key", 903),
    ("aws", "access_key", 268),
    ("cloudflare", "service_token", 46),
    ("cloudflare", "api_token", 118),
    ("jira", "service_account", 41),
    ("confluence", "service_account", 32),
    ("bitbucket", "service_account", 40),
)
PURPOSES = [
    "board",
    "cache",
    "chart",
    "cron",
    "digest",
    "export",
    "feed",
    "graph",
    "import",
    "index",
    "invoice",
    "label",
    "meter",
    "mirror",
    "notify",
    "parcel",
    "print",
    "queue",
    "report",
    "scan",
    "search",
    "ship",
    "stock",
    "sync",
    "tally",
    "track",
]
PLACES = ["north", "south", "east", "west", "dock", "yard", "hub", "gate"]
KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Exposed(NamedTuple):
    """A leaked credential; `rotated_at` is None for the four that stayed alive."""

    system: str
    kind: str
    uid: str
    principal: str
    rotated_at: int | None
    note: str

    def alive_at(self, instant: int) -> bool:
        """Could it still be used?"""
        return self.rotated_at is None or instant < self.rotated_at - MINUTE

    def row(self) -> str:
        """Its line in the list of exposed credentials."""
        return f"{self.system},{self.kind},{self.uid},{self.principal},{iso(EXPOSED_AT)},{self.note}"


def expose(rng: Random, people: tuple[Person, ...]) -> tuple[Exposed, ...]:
    """The 5,000 that were rotated and the four that were not, in the shuffled order of an inventory."""
    rows = [_one(rng, people, system, kind, n) for system, kind, count in COUNTS for n in range(count)]
    rows += _missed(rng)
    rng.shuffle(rows)
    return tuple(rows)


def _missed(rng: Random) -> list[Exposed]:
    note = "believed unused"
    return [
        Exposed("cloudflare", "service_token", uuid(rng), "helpdesk-bot", None, note),
        Exposed("jira", "service_account", "svc-sheets", "svc-sheets", None, note),
        Exposed("bitbucket", "service_account", "svc-gitsync", "svc-gitsync", None, note),
        Exposed("aws", "access_key", "AKIA" + token(rng, 16, KEY_LETTERS), "svc-apps", None, note),
    ]


def _one(rng: Random, people: tuple[Person, ...], system: str, kind: str, n: int) -> Exposed:
    uid, principal = _identity(rng, people, system, kind, n)
    return Exposed(system, kind, uid, principal, _rotation(rng), rng.choice(("", "", "", "in a support attachment")))


def _identity(rng: Random, people: tuple[Person, ...], system: str, kind: str, n: int) -> tuple[str, str]:
    owner = people[n * 7 % len(people)].login
    label = f"{rng.choice(PURPOSES)}-{rng.choice(PLACES)}-{n}"
    account = f"svc-{system[:1]}{PURPOSES[n % len(PURPOSES)]}-{n}"
    identities = {
        ("okta", "api_token"): ("00T" + token(rng, 17), owner),
        ("bitbucket", "access_token"): (f"{250_000_000_000 + n * 1_000_003 + rng.randrange(1_000_000)}", owner),
        ("bitbucket", "ssh_key"): (str(610 + n * 3), people[n % len(people)].login),
        ("aws", "access_key"): ("AKIA" + token(rng, 16, KEY_LETTERS), f"svc-{label}"),
        ("cloudflare", "service_token"): (uuid(rng), label),
        ("cloudflare", "api_token"): (hexes(rng, 32), owner),
    }
    return identities.get((system, kind), (label, owner) if kind == "pat" else (account, account))


def _rotation(rng: Random) -> int:
    """Working hours of some day between 2023-10-18T12:00 and 2023-11-06, mostly the first week."""
    day = int(rng.random() ** 2 * ROTATION_DAYS)
    if day == 0:
        return ROTATION_STARTS + int(rng.random() * 6 * HOUR)
    return EXPOSED_AT + day * DAY + 8 * HOUR + int(rng.random() * 10 * HOUR)


def missed(exposed: tuple[Exposed, ...]) -> dict[str, Exposed]:
    """The four that stayed alive, by who holds them."""
    return {one.principal: one for one in exposed if one.rotated_at is None}
