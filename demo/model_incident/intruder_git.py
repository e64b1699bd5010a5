"""Which repositories did the implant look at and take, from the ticket server's own address?"""

from random import Random

from demo.model_incident import script as s
from demo.model_incident.clock import SECOND
from demo.model_incident.git_requests import GitRequest, http
from demo.model_incident.organisation import JIRA_SERVER
from demo.model_incident.world import World

REFUSALS = (403, 404, 401, 404, 403, 401)
OTHER_SPELLINGS = 3
ARCHIVED_TWICE = 3
FILES = ("README.md", "main.tf", "values.yaml", "config/prod.yml", "docs/backup.md", "src/auth.go")


def requests(world: World) -> list[GitRequest]:
    """Everything is spread over the night and day between the first and the last look."""
    rng = world.stream("intruder git")
    groups = [_look(rng, repository) for repository in world.script.viewed]
    groups += [_take(repository) for repository in world.script.archived]
    groups += [_take(repository) for repository in world.script.archived[:ARCHIVED_TWICE]]
    groups += [[(_other_spelling(repository), 200)] for repository in world.script.viewed[:OTHER_SPELLINGS]]
    groups += [
        [(f"GET {_here(one)}/browse", status)]
        for one, status in zip(world.script.repositories_refused, REFUSALS, strict=True)
    ]
    groups += [[(_take(_only_viewed(world))[0][0], 403)], [("GET /rest/api/1.0/projects?limit=1000", 200)]]
    rng.shuffle(groups)
    steps = [
        ("GET /rest/api/latest/repos?limit=1000&permission=REPO_READ", 200),
        *(step for group in groups for step in group),
    ]
    return _spread(rng, world, steps)


def _spread(rng: Random, world: World, steps: list[tuple[str, int]]) -> list[GitRequest]:
    room = s.REPOSITORIES_END - s.REPOSITORIES_START - 8 * SECOND
    instants = sorted(s.REPOSITORIES_START + int(rng.random() * room) for _ in steps[2:])
    instants = [s.REPOSITORIES_START, *instants, s.REPOSITORIES_END - 6 * SECOND]
    made: list[GitRequest] = []
    for instant, (action, status) in zip(instants, steps, strict=True):
        account = "-" if status == 401 else s.GIT_ACCOUNT
        session = world.script.git_sessions[len(made) * 4 // len(steps)]
        one = http(rng, instant, JIRA_SERVER, account, action, status, s.CURL, session)
        taken = "archive?" in action and status == 200
        made.append(one._replace(written=rng.randrange(400_000, 90_000_000)) if taken else one)
    return made


def _here(repository: str) -> str:
    project, slug = repository.split("/")
    return f"/projects/{project}/repos/{slug}"


def _look(rng: Random, repository: str) -> list[tuple[str, int]]:
    here = _here(repository)
    more = [
        (f"GET {here}/raw/{rng.choice(FILES)}?at=refs%2Fheads%2Fmain", 200),
        (f"GET {here}/browse/{rng.choice(FILES)}?at=refs%2Fheads%2Fmain", 200),
        (f"GET {here}/raw/{rng.choice(FILES)}", 404),
        (f"GET {here}/browse/deploy", 200),
    ]
    return [(f"GET {here}/browse", 200), *rng.sample(more, rng.randrange(1, 5))]


def _take(repository: str) -> list[tuple[str, int]]:
    return [(f"GET /rest/api/latest{_here(repository)}/archive?format=zip", 200)]


def _other_spelling(repository: str) -> str:
    """Bitbucket takes a project's key in small letters too: the same repository."""
    return f"GET {_here(repository.lower())}/browse"


def _only_viewed(world: World) -> str:
    return next(one for one in world.script.viewed if one not in world.script.archived)
