"""What is there to be logged: the people, tickets, pages, repositories, credentials and the intruder's plan?"""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from demo.model_incident.credentials import Exposed, expose
from demo.model_incident.names import PROJECT_SIZES, SPACES, TEAMS, THINGS, TOPICS
from demo.model_incident.organisation import Person, hire
from demo.model_incident.script import Script, plan

TICKETS_TOTAL = sum(PROJECT_SIZES.values())
PAGES_TOTAL = 14_099
REPOSITORIES_TOTAL = 11_904
SYNCED_TICKETS = 6_000


class Page(NamedTuple):
    """A wiki page."""

    uid: int
    space: str
    title: str


class Repository(NamedTuple):
    """A repository: the project's key in capitals, the slug in small letters."""

    project: str
    slug: str

    def __str__(self) -> str:
        return f"{self.project}/{self.slug}"


@dataclass(frozen=True, eq=False)
class World:
    """All that the writers of logs share. Each writer draws from a random stream of its own."""

    seed: int
    scale: float
    people: tuple[Person, ...]
    pages: tuple[Page, ...]
    repositories: tuple[Repository, ...]
    synced_tickets: tuple[str, ...]
    exposed: tuple[Exposed, ...]
    script: Script

    def stream(self, name: str) -> Random:
        """The random stream of one writer."""
        return Random(f"{self.seed}/{name}")

    def some(self, count: int) -> int:
        """So many records of ordinary life, at this scale."""
        return max(1, int(count * self.scale))

    def of(self, system: str, kind: str) -> list[Exposed]:
        """The exposed credentials of one kind."""
        return [one for one in self.exposed if (one.system, one.kind) == (system, kind)]

    def rotated(self, system: str, kind: str) -> list[tuple[int, Exposed]]:
        """Those of one kind that were killed, and when."""
        return [(one.rotated_at, one) for one in self.of(system, kind) if one.rotated_at is not None]


def make_world(seed: int, scale: float) -> World:
    """The same world for the same seed, whatever the scale."""
    rng = Random(f"{seed}/world")
    people = hire(rng)
    pages, repositories = _pages(rng), _repositories(rng)
    script = plan(rng, [page.uid for page in pages], [str(repository) for repository in repositories])
    shared = rng.sample(script.tickets, 12)
    return World(
        seed=seed,
        scale=scale,
        people=people,
        pages=pages,
        repositories=repositories,
        synced_tickets=tuple(shared + [ticket(rng) for _ in range(SYNCED_TICKETS)]),
        exposed=expose(rng, people),
        script=script,
    )


def ticket(rng: Random) -> str:
    """The key of some ticket."""
    project = rng.choices(tuple(PROJECT_SIZES), tuple(PROJECT_SIZES.values()))[0]
    return f"{project}-{1 + int(rng.random() * PROJECT_SIZES[project])}"


def _pages(rng: Random) -> tuple[Page, ...]:
    uids = rng.sample(range(10_000_000, 99_999_999), PAGES_TOTAL)
    return tuple(
        Page(uid, rng.choice(SPACES), f"{rng.choice(TOPICS)}+{rng.choice(TOPICS)}+{n}") for n, uid in enumerate(uids)
    )


def _repositories(rng: Random) -> tuple[Repository, ...]:
    slugs = [
        f"{team}-{thing}{tail}"
        for team in TEAMS
        for thing in THINGS
        for tail in ("", "-legacy", "-next", "-emea", "-v2", "-test", "-poc")
    ]
    projects = [team[:4].upper() for team in TEAMS]
    return tuple(Repository(rng.choice(projects), slug) for slug in rng.sample(slugs, REPOSITORIES_TOTAL))
