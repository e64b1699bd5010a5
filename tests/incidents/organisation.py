"""Who works there, which integrations run, and what lies in its systems?"""

from dataclasses import dataclass
from random import Random

from tests.incidents import chance, places
from tests.incidents.deeds import DAY, HOUR, MINUTE, moment
from tests.incidents.places import Places

FIRST = ("ada", "bela", "cato", "dora", "edda", "falk", "gisa", "hugo", "ines", "jaro", "kira", "lino", "mara", "nils")
LAST = ("alder", "birk", "corvin", "dahl", "esker", "finch", "gorse", "holm", "iver", "juniper", "kestrel", "larch")
DOMAINS = ("marlow", "fennick", "ostrava-tools", "quillback", "hartsease", "tidewright", "copperlane", "northfold")
ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo", "Australia/Adelaide", "UTC")
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.2 Safari/605.1.15",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:122.0) Gecko/20100101 Firefox/122.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0",
)
ROBOTS = ("sheets", "mirror", "helpdesk", "backup", "metrics", "docs-sync", "deploy", "chatops", "inventory", "labels")
CONTENT = ("jira", "confluence", "bitbucket", "aws", "okta")
KINDS = {
    "jira": "service_account",
    "confluence": "service_account",
    "bitbucket": "service_account",
    "aws": "access_key",
    "okta": "api_token",
    "gate": "service_token",
}
WORDS = ("invoice", "vpn", "laptop", "customs", "onboarding", "printer", "release 4", "badge")


@dataclass(frozen=True)
class Person:
    """Someone of the staff."""

    login: str
    email: str
    number: int
    desk: str
    home: str
    agent: str


@dataclass(frozen=True)
class Robot:
    """An integration: one account in one system, at work from few places with one client, by day and by night."""

    login: str
    system: str
    credential: str
    addresses: tuple[str, ...]
    agent: str
    every: int  # milliseconds between two rounds
    ssh: bool = False

    @property
    def kind(self) -> str:
        """The kind of its credential, as a ledger says."""
        return "ssh_key" if self.ssh else KINDS[self.system]


@dataclass(frozen=True)
class Organisation:
    """Everything that is there before anyone breaks in."""

    seed: int
    domain: str
    start: int
    end: int
    exposed_at: int
    zone: str
    systems: frozenset[str]
    people: tuple[Person, ...]
    robots: tuple[Robot, ...]
    places: Places
    things: dict[str, tuple[str, ...]]
    busy: float

    def admin(self, number: int = 0) -> Person:
        """One of the administrators."""
        return self.people[number % 2]

    def principal(self, system: str, login: str) -> str:
        """How an account is called in a system: okta and the gate know people by their address."""
        known_by_mail = system in {"okta", "gate"} and "@" not in login and "-4" not in login
        return f"{login}@{self.domain}" if known_by_mail else login


def drawn(seed: int, *, busy: float) -> Organisation:
    """The organisation of an incident."""
    rng = chance.stream(seed, "organisation")
    where = places.drawn(rng)
    systems = _systems(rng)
    domain = f"{rng.choice(DOMAINS)}.example"
    start = moment("2025-01-06") + rng.randrange(60) * 7 * DAY
    exposed = start + rng.randrange(12, 17) * DAY + rng.randrange(24) * HOUR
    return Organisation(
        seed,
        domain,
        start,
        exposed + 24 * DAY,
        exposed,
        rng.choice(ZONES),
        systems,
        _people(rng, where, domain),
        _robots(rng, where, systems),
        where,
        _things(rng),
        busy,
    )


def _systems(rng: Random) -> frozenset[str]:
    chosen = rng.sample(CONTENT, rng.randint(2, 4))
    if "okta" in chosen and len(chosen) == 2:
        chosen.append(rng.choice(("jira", "confluence", "bitbucket")))
    return frozenset([*chosen, *(one for one in ("gate", "web") if rng.random() < 0.5)])


def _people(rng: Random, where: Places, domain: str) -> tuple[Person, ...]:
    logins = rng.sample([f"{first}.{last}" for first in FIRST for last in LAST], rng.randint(9, 24))
    return tuple(
        Person(
            login,
            f"{login}@{domain}",
            number,
            where.office[number % len(where.office)],
            where.homes[number],
            rng.choice(AGENTS),
        )
        for number, login in enumerate(logins)
    )


def _robots(rng: Random, where: Places, systems: frozenset[str]) -> tuple[Robot, ...]:
    """Two in each system; the second of Bitbucket comes with an SSH key."""
    names, made = list(ROBOTS), list[Robot]()
    rng.shuffle(names)
    for system in sorted(systems - {"web"}):
        for turn in range(2):
            ssh = system == "bitbucket" and turn == 1
            name = names.pop() if names else f"robot{len(made)}"
            own = rng.random() < 0.5
            addresses = tuple(rng.sample(where.servers if own else where.partners, rng.randint(1, 3)))
            every = rng.choice((20, 20, 60) if system == "confluence" else (30, 60, 120, 240, 240)) * MINUTE
            agent = "SSH-2.0-OpenSSH_9.3" if ssh else _agent(rng, name)
            made.append(Robot(f"svc-{name}", system, _credential(rng, system, ssh), addresses, agent, every, ssh))
    return tuple(made)


def _agent(rng: Random, name: str) -> str:
    return rng.choice((f"{name}-sync/{rng.randint(1, 9)}.2", f"Java/17.0.{rng.randint(1, 9)}", "okhttp/4.12.0"))


def _credential(rng: Random, system: str, ssh: bool) -> str:
    if ssh:
        return chance.digits(rng, 4)
    if system == "aws":
        return "AKIA" + chance.letters(rng, 16, chance.KEY_LETTERS)
    if system == "okta":
        return "00T" + chance.letters(rng, 17)
    return chance.uuid(rng) if system == "gate" else ""


def _things(rng: Random) -> dict[str, tuple[str, ...]]:
    """What can be read, by kind; enough that the staff and the intruder seldom meet."""
    keys = rng.sample(("OPS", "FIN", "HR", "NET", "SUP", "WEB"), 3)
    return {
        "ticket": tuple(f"{rng.choice(keys)}-{number}" for number in rng.sample(range(1, 90_000), 900)),
        "page": tuple(str(number) for number in rng.sample(range(65_000, 990_000), 700)),
        "repository": tuple(f"{rng.choice(keys)}/{name}-{number}" for number, name in enumerate(ROBOTS * 20)),
        "object": tuple(f"{rng.choice(DOMAINS)}-{name}-{number}/all.csv" for number, name in enumerate(ROBOTS * 2)),
        "secret": tuple(f"prod/{name}-{number}" for number, name in enumerate(ROBOTS)),
        "app": tuple("0oa" + chance.letters(rng, 17) for _ in range(6)),
    }
