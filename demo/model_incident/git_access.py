"""What does Bitbucket's access log hold: every request in and out, over HTTP and over SSH?"""

from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import NamedTuple

from demo.model_incident import clock, intruder_git, write
from demo.model_incident import organisation as org
from demo.model_incident.clock import SECOND
from demo.model_incident.git_requests import GitRequest, http, ssh
from demo.model_incident.world import Repository, World

NODE = "@1KQ7ZB4"
GIT_AGENT = "git/2.39.3"
CURRENT_FROM = clock.at("2023-11-24")


class _Key(NamedTuple):
    number: str
    label: str


def write_git_access(world: World, evidence: Path) -> None:
    """Rotated and compressed by day; the last day is the open file."""
    requests = [*ordinary(world), *intruder_git.requests(world)]
    requests.sort(key=lambda request: request.at)
    records = [record for count, request in enumerate(requests) for record in pair(request, count)]
    for day, data in write.by_day(records).items():
        if clock.at(day) >= CURRENT_FROM:
            write.plain(evidence / "bitbucket/log/atlassian-bitbucket-access.log", write.lines(data))
        else:
            write.gz(evidence / f"bitbucket/log/atlassian-bitbucket-access-{day}.0.log.gz", write.lines(data))


def pair(request: GitRequest, count: int) -> Iterable[write.Line]:
    """The line when the request came in and the line when the answer went out, under one request id."""
    uid = f"{NODE}x{clock.minute_of_day(request.at)}x{40_000_000 + count}x{count % 5}"
    done = request.at + request.took
    head = f"{request.client} | {request.protocol} |"
    if request.protocol == "ssh":
        tail = f"{request.agent} | - | - | {request.session} | "
    else:
        tail = f"{request.agent} | - | - | - | - | - | - | "
    known = request.user if request.protocol == "ssh" else "-"
    yield request.at, f"{head} i{uid} | {known} | {clock.spaced_ms(request.at)} | {request.action} | {tail}".encode()
    if request.lost:
        return
    sizes = f"{request.status} | {request.read} | {request.written}"
    tail = f"{request.agent} | {sizes} | {request.labels} | {request.took} | {request.session} | "
    yield done, f"{head} o{uid} | {request.user} | {clock.spaced_ms(done)} | {request.action} | {tail}".encode()


def ordinary(world: World) -> list[GitRequest]:
    """Everything but the intruder."""
    rng = world.stream("git access")
    return [
        *_links(rng, world),
        *_mirror(rng, world),
        *_builds(rng, world),
        *_browsing(rng, world),
        *_staff_git(rng, world),
        *_jobs(rng, world),
    ]


def _links(rng: Random, world: World) -> list[GitRequest]:
    """Jira asks for commits, from the ticket server's own address, under an account of its own."""
    made = []
    for t in clock.every(rng, 10, 15):
        client = org.JIRA_SERVER if rng.random() < 0.8 else org.JIRA_SERVER_2
        for turn in range(2):
            repository = rng.choice(world.repositories[:900])
            url = f"/rest/api/1.0/projects/{repository.project}/repos/{repository.slug}/commits?limit=25"
            agent = "Apache-HttpClient/4.5.13 (Java/11.0.20)"
            made.append(http(rng, t + turn * 700, client, "svc-jira-link", f"GET {url}", 200, agent))
    return made


def fetch(rng: Random, at: int, client: str, user: str, repository: Repository, label: str) -> list[GitRequest]:
    """Git over HTTP: the challenge, the advertisement of refs, the pack."""
    path = f"/scm/{repository.project.lower()}/{repository.slug}.git"
    session = org.session_id(rng)
    hello = http(rng, at, client, "-", f"GET {path}/info/refs?service=git-upload-pack", 401, GIT_AGENT)
    refs = http(
        rng, at + 180, client, user, f"GET {path}/info/refs?service=git-upload-pack", 200, GIT_AGENT, session, "refs"
    )
    pack = http(rng, at + 520, client, user, f"POST {path}/git-upload-pack", 200, GIT_AGENT, session, label)
    return [
        hello,
        refs,
        pack._replace(read=391, written=20_000 + int(rng.expovariate(1 / 9e6)), took=90 + rng.randrange(5_000)),
    ]


def _mirror(rng: Random, world: World) -> list[GitRequest]:
    """The mirror fetches day and night, with the account that leaked, over HTTP and over SSH."""
    made: list[GitRequest] = []
    key = _Key("4410", "gitsync@mirror")
    for t in clock.every(rng, 15, 45):
        client = org.GITSYNC_EGRESS if rng.random() < 0.5 else rng.choice(org.CI_RUNNERS)
        for turn in range(world.some(3)):
            repository = rng.choice(world.repositories[:3_000])
            at = t + turn * 6 * SECOND
            if rng.random() < 0.6:
                made += fetch(rng, at, client, "svc-gitsync", repository, "fetch, protocol:2")
            else:
                made.append(ssh(rng, at, client, "svc-gitsync", str(repository), "fetch", key.number, key.label))
    return made


def _builds(rng: Random, world: World) -> list[GitRequest]:
    made: list[GitRequest] = []
    for t in clock.arrivals(rng, world.some(2_600)):
        repository, runner = rng.choice(world.repositories[:1_500]), rng.choice(org.CI_RUNNERS)
        made += fetch(
            rng, t, runner, "svc-build", repository, rng.choice(("clone, cache:hit", "shallow clone, cache:miss"))
        )
    return made


def _browsing(rng: Random, world: World) -> list[GitRequest]:
    made = []
    for visit in org.visits(rng, world.people, clock.arrivals(rng, world.some(1_500)), 7, 40):
        repository = rng.choice(world.repositories)
        client = f"{visit.address},{org.PROXY}"
        for instant in visit.instants:
            action, status = _act(rng, repository)
            made.append(
                http(rng, instant, client, visit.person.login, action, status, visit.person.agent, visit.session)
            )
    return made


def _act(rng: Random, repository: Repository) -> tuple[str, int]:
    """One thing that an employee does on the web pages."""
    here = f"/projects/{repository.project}/repos/{repository.slug}"
    acts = (
        (f"GET {here}/browse", rng.choice((200, 200, 200, 200, 404))),
        (f"GET {here}/browse/src/main.py?at=refs%2Fheads%2Fmain", 200),
        (f"GET {here}/raw/README.md?at=refs%2Fheads%2Fmain", rng.choice((200, 304))),
        (f"GET {here}/pull-requests/{rng.randrange(1, 900)}/overview", rng.choice((200, 200, 403))),
        (f"GET /rest/api/latest{here}/commits?limit=50", 200),
        ("POST /rest/search/latest/search", 200),
        (f"GET /rest/api/latest{here}/archive?format=zip", 200),
        ("GET /dashboard", rng.choice((200, 302, 500))),
    )
    return rng.choices(acts, (30, 20, 8, 18, 16, 4, 1, 6))[0]


def _staff_git(rng: Random, world: World) -> list[GitRequest]:
    """Employees fetch and push with their SSH keys: the leaked one until it died, then its successor."""
    keys = {one.principal: one for one in world.of("bitbucket", "ssh_key")}
    made = []
    for t in clock.arrivals(rng, world.some(4_000)):
        person, repository = rng.choice(world.people), rng.choice(world.repositories)
        key = keys.get(person.login)
        number = key.uid if key and key.alive_at(t) else str(20_000 + person.number)
        label = rng.choices(("fetch", "clone", "push", "refs"), (60, 15, 20, 5))[0]
        client = org.address_of(rng, person, t)
        made.append(ssh(rng, t, client, person.login, str(repository), label, number, f"{person.login}@laptop, work"))
    return made


def _jobs(rng: Random, world: World) -> list[GitRequest]:
    health = [
        http(rng, t, org.GIT_SERVER, "-", "GET /status", 200, "curl/7.88.1 (node-health)")
        for t in clock.every(rng, 5, 2)
    ]
    collector = [
        http(
            rng, t, org.LOG_COLLECTOR, "svc-siem", "GET /rest/audit/latest/events?limit=200", 200, "siem-collector/2.9"
        )
        for t in clock.every(rng, 15, 10, offset_s=500)
    ]
    listing = f"GET /rest/api/1.0/projects/{world.repositories[0].project}/repos"
    leaked = [
        http(rng, t, org.PROVISIONER, one.uid, listing, 200, "python-requests/2.31.0")
        for killed, one in world.rotated("bitbucket", "service_account")
        for t in clock.arrivals(rng, 20, killed - 2 * clock.MINUTE)
    ]
    return health + collector + leaked
