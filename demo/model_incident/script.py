"""What did the intruder do, to what, and when? The facts; the logs only show them."""

from random import Random
from typing import NamedTuple

from demo.model_incident.clock import MINUTE, SECOND, at
from demo.model_incident.names import PROJECT_SIZES
from demo.model_incident.organisation import session_id

INTRUDER = "203.0.113.126"
INTRUDER_UNPUBLISHED = "203.0.113.87"
C2 = "198.51.100.214"
PAYLOAD_HOST = "kestrel-cdn.example"
PAYLOAD_ADDRESS = "198.51.100.203"
PAYLOAD_FILE = "quay-updater"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/119.0"
CURL = "curl/8.4.0"
ADMIN_ACCOUNT = "svc-sheets"
GIT_ACCOUNT = "svc-gitsync"
GATE_TOKEN = "helpdesk-bot"  # noqa: S105 - the name of a token
AWS_ACCOUNT = "svc-apps"
CREATED = "m.alder"
CREATED_NAME = "Marius Alder"
CREATED_ID = "11377"
GROUPS_JOINED = ("jira-software-users", "netops-readers", "confluence-users")
ADMINISTRATORS = "jira-administrators"
SEARCHES = ("remote access", "secret", "client-secret", "openconnect", "cloudflared", "token")
PLUGIN = "com.onresolve.jira.groovy.groovyrunner"

PROBE_STARTS = at("2023-11-14T09:22:49")
GATE_OPENS = at("2023-11-15T16:28:38")
USER_CREATED = at("2023-11-16T14:36:37")
PAUSE_STARTS = at("2023-11-17T14:33:52")
PAUSE_ENDS = at("2023-11-20T09:26:53")
PLUGIN_INSTALLED = at("2023-11-22T14:18:22")
CONSOLE_TRIED = at("2023-11-22T20:02:11")
IMPLANT_BEATS = at("2023-11-22T14:22:05")
REPOSITORIES_START = at("2023-11-22T21:00:00")
REPOSITORIES_END = at("2023-11-23T15:30:00")
MADE_ADMINISTRATOR = at("2023-11-23T15:58:00")
ADMIN_ACCOUNT_DISABLED = at("2023-11-23T16:35:00")
CREATED_DISABLED = at("2023-11-23T17:23:00")
REFUSALS_START = at("2023-11-23T17:31:04")
FIREWALL_CLOSED = at("2023-11-23T21:31:00")
LAST_ACTIVITY = at("2023-11-24T10:44:00")
PLUGIN_REMOVED = at("2023-11-24T11:59:00")

TICKETS_READ = 36
PAGES_READ = 202
REPOSITORIES_VIEWED = 120
REPOSITORIES_ARCHIVED = 76
TICKETS_REFUSED = 6
PAGES_REFUSED = 9
REPOSITORIES_REFUSED = 6


class Sitting(NamedTuple):
    """The intruder at a keyboard: one account, address and session, so many things read for the first time."""

    account: str
    address: str
    start: int
    end: int
    session: str
    tickets: int
    pages: int
    reviews: int
    searches: tuple[str, ...]


class Script(NamedTuple):
    """The intruder's plan in full."""

    tickets: tuple[str, ...]
    tickets_refused: tuple[str, ...]
    pages: tuple[int, ...]
    pages_refused: tuple[int, ...]
    viewed: tuple[str, ...]
    archived: tuple[str, ...]
    repositories_refused: tuple[str, ...]
    sittings: tuple[Sitting, ...]
    checks: tuple[Sitting, ...]
    takeover: Sitting
    administrator: Sitting
    git_sessions: tuple[str, ...]


def plan(rng: Random, pages: list[int], repositories: list[str]) -> Script:
    """Draw what is read, and lay the sittings out in time."""
    tickets = _tickets(rng, TICKETS_READ + TICKETS_REFUSED)
    chosen = rng.sample(pages, PAGES_READ + PAGES_REFUSED)
    wanted = rng.sample(repositories, REPOSITORIES_VIEWED + REPOSITORIES_REFUSED)
    viewed = wanted[:REPOSITORIES_VIEWED]
    return Script(
        tickets=tuple(tickets[:TICKETS_READ]),
        tickets_refused=tuple(tickets[TICKETS_READ:]),
        pages=tuple(chosen[:PAGES_READ]),
        pages_refused=tuple(chosen[PAGES_READ:]),
        viewed=tuple(viewed),
        archived=tuple(rng.sample(viewed, REPOSITORIES_ARCHIVED)),
        repositories_refused=tuple(wanted[REPOSITORIES_VIEWED:]),
        sittings=_sittings(rng),
        checks=_checks(rng),
        takeover=_sitting(rng, ADMIN_ACCOUNT, INTRUDER, PLUGIN_INSTALLED - 4 * MINUTE, PLUGIN_INSTALLED + 21 * MINUTE),
        administrator=_sitting(
            rng, ADMIN_ACCOUNT, INTRUDER, MADE_ADMINISTRATOR - 90 * SECOND, MADE_ADMINISTRATOR + 9 * MINUTE
        ),
        git_sessions=tuple(session_id(rng) for _ in range(4)),
    )


def _tickets(rng: Random, count: int) -> list[str]:
    keys: dict[str, None] = {}
    while len(keys) < count:
        project = rng.choice(("NET", "SEC", "IT", "OPS", "PLAT"))
        keys[f"{project}-{rng.randrange(PROJECT_SIZES[project] // 2, PROJECT_SIZES[project])}"] = None
    return list(keys)


def _sittings(rng: Random) -> tuple[Sitting, ...]:
    def sit(
        account: str, address: str, start: str | int, end: str | int, *reads: int, searches: tuple[str, ...] = ()
    ) -> Sitting:
        first, last = (at(one) if isinstance(one, str) else one for one in (start, end))
        return _sitting(rng, account, address, first, last, reads, searches)

    return (
        sit(ADMIN_ACCOUNT, INTRUDER, GATE_OPENS, "2023-11-15T19:12:40", 9, 40, 4, searches=SEARCHES[:2]),
        sit(ADMIN_ACCOUNT, INTRUDER, "2023-11-16T08:51:06", "2023-11-16T14:31:55", 15, 100, 20, searches=SEARCHES[2:]),
        sit(ADMIN_ACCOUNT, INTRUDER, USER_CREATED - 3 * MINUTE, USER_CREATED + 5 * MINUTE, 0, 0, 0),
        sit(
            CREATED,
            INTRUDER_UNPUBLISHED,
            "2023-11-16T15:05:13",
            "2023-11-16T18:42:27",
            12,
            62,
            20,
            searches=SEARCHES[:1],
        ),
        sit(ADMIN_ACCOUNT, INTRUDER, "2023-11-17T13:48:30", PAUSE_STARTS, 0, 0, 12),
    )


def _checks(rng: Random) -> tuple[Sitting, ...]:
    moments = (
        (CREATED, INTRUDER_UNPUBLISHED, at("2023-11-18T11:07:21")),
        (CREATED, INTRUDER_UNPUBLISHED, at("2023-11-19T20:40:02")),
        (ADMIN_ACCOUNT, INTRUDER, PAUSE_ENDS),
        (ADMIN_ACCOUNT, INTRUDER, at("2023-11-20T15:14:33")),
        (CREATED, INTRUDER_UNPUBLISHED, at("2023-11-21T10:02:48")),
        (ADMIN_ACCOUNT, INTRUDER, at("2023-11-21T16:55:10")),
    )
    return tuple(_sitting(rng, account, address, moment, moment) for account, address, moment in moments)


def _sitting(
    rng: Random,
    account: str,
    address: str,
    start: int,
    end: int,
    reads: tuple[int, ...] = (0, 0, 0),
    searches: tuple[str, ...] = (),
) -> Sitting:
    tickets, pages, reviews = reads
    return Sitting(account, address, start, end, session_id(rng), tickets, pages, reviews, searches)
