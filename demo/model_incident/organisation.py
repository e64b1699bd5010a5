"""Who works at Brightwater Freight, where do they sit, and which addresses are whose?"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from demo.model_incident.clock import DAY, HOUR
from demo.model_incident.names import AGENTS, FIRST, LAST

DOMAIN = "brightwater.example"
PROXY = "192.0.2.129"
OFFICE_PROXY = "192.0.2.62"
JIRA_SERVER = "192.0.2.130"
WIKI_SERVER = "192.0.2.131"
GIT_SERVER = "192.0.2.132"
JIRA_SERVER_2 = "192.0.2.134"
CI_RUNNERS = tuple(f"192.0.2.{n}" for n in range(140, 148))
MAIL_RELAY = "192.0.2.150"
LOG_COLLECTOR = "192.0.2.151"
PROVISIONER = "192.0.2.152"
CONSOLE_SERVER = "192.0.2.180"
HELPDESK_EGRESS = tuple(f"198.51.100.{n}" for n in range(16, 20))
SHEETS_EGRESS = tuple(f"198.51.100.{n}" for n in range(32, 36))
GITSYNC_EGRESS = "198.51.100.40"
APPS_EGRESS = "198.51.100.48"
PROBE_EGRESS = "198.51.100.56"
NETWORKS = (
    ("192.0.2.0/26", "office"),
    ("2001:db8:10::/48", "office"),
    ("192.0.2.64/27", "vpn"),
    ("192.0.2.128/26", "datacenter"),
    (f"{JIRA_SERVER}/32", "jira server"),
    (f"{JIRA_SERVER_2}/32", "jira server 2"),
    (f"{WIKI_SERVER}/32", "wiki server"),
    (f"{GIT_SERVER}/32", "git server"),
    ("192.0.2.140/30", "ci runners"),
    ("192.0.2.144/30", "ci runners"),
    (f"{CONSOLE_SERVER}/32", "console server"),
)
HEADCOUNT = 900
OFFICE_HOURS = range(7, 18)


class Person(NamedTuple):
    """An employee, under the id that each system gives them."""

    number: int
    login: str
    name: str
    email: str
    okta_id: str
    wiki_key: str
    edge_id: str
    device_id: str
    home: str
    desk: str
    agent: str

    @property
    def jira_id(self) -> str:
        """The numeric id of Jira's own user table."""
        return str(10_200 + self.number)

    @property
    def git_id(self) -> str:
        """The small integer of Bitbucket's user table."""
        return str(101 + self.number)


class Visit(NamedTuple):
    """One person at work in one product for a while: one address, one session."""

    person: Person
    address: str
    session: str
    instants: tuple[int, ...]


def token(
    rng: Random, length: int, alphabet: str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
) -> str:
    """An opaque id."""
    return "".join(rng.choices(alphabet, k=length))


def hexes(rng: Random, length: int) -> str:
    """An opaque id of hexadecimal digits."""
    return f"{rng.getrandbits(4 * length):0{length}x}"


def uuid(rng: Random) -> str:
    """A version 4 uuid."""
    digits = hexes(rng, 32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def session_id(rng: Random) -> str:
    """A short hash of a web session, as Atlassian's access logs print it."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "1" + "".join(rng.choices(digits, k=5))


def hire(rng: Random) -> tuple[Person, ...]:
    """The employees. Logins are unique; no one is called M. Alder."""
    pairs = rng.sample([(first, last) for first in FIRST for last in LAST], 3 * HEADCOUNT)
    by_login = {
        f"{first[0].lower()}.{last.lower()}{'' if n < HEADCOUNT * 2 else n % 7}": (first, last)
        for n, (first, last) in enumerate(pairs)
    }
    chosen = list(by_login.items())[:HEADCOUNT]
    return tuple(_person(rng, number, login, *name) for number, (login, name) in enumerate(chosen))


def _person(rng: Random, number: int, login: str, first: str, last: str) -> Person:
    return Person(
        number=number,
        login=login,
        name=f"{first} {last}",
        email=f"{login}@{DOMAIN}",
        okta_id="00u" + token(rng, 17),
        wiki_key=hexes(rng, 32),
        edge_id=uuid(rng),
        device_id=uuid(rng),
        home=_home(rng, number),
        desk=f"2001:db8:10:{number % 9:x}::{number + 16:x}" if number % 8 == 0 else f"192.0.2.{1 + number % 60}",
        agent=rng.choice(AGENTS),
    )


def _home(rng: Random, number: int) -> str:
    if number % 5 == 0:
        return f"2001:db8:{0x2000 + number:x}:{rng.randrange(1, 0xFFFF):x}::{rng.randrange(1, 0xFFFF):x}"
    return f"203.0.113.{128 + rng.randrange(127)}"


def address_of(rng: Random, person: Person, instant: int) -> str:
    """Where someone works from at that hour: desk, VPN or home."""
    draw = rng.random()
    if draw < 0.6 and instant % DAY // HOUR in OFFICE_HOURS:
        return person.desk
    return f"192.0.2.{65 + rng.randrange(30)}" if draw < 0.75 else person.home


def visits(
    rng: Random,
    people: tuple[Person, ...],
    starts: list[int],
    mean: int,
    pace_s: int = 45,
    session: Callable[[Random], str] = session_id,
) -> list[Visit]:
    """One visit for each start: about `mean` acts, some `pace_s` seconds apart."""
    made = []
    for start in starts:
        person = people[int(rng.random() ** 2 * len(people))]
        instant, instants = start, []
        for _ in range(1 + int(rng.random() * 2 * mean)):
            instants.append(instant)
            instant += 300 + int(rng.expovariate(1 / (pace_s * 1000)))
        made.append(Visit(person, address_of(rng, person, start), session(rng), tuple(instants)))
    return made
