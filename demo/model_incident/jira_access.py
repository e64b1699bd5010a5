"""What does Jira's Tomcat access log hold, on each of its two nodes?"""

from functools import lru_cache
from pathlib import Path
from random import Random
from zlib import crc32

from demo.model_incident import clock, intrusion, write
from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident.clock import MINUTE
from demo.model_incident.web import JIRA, Request, duration, java_address, jql, page_size
from demo.model_incident.world import World, ticket

SYNC_AGENT = "SheetSync/4.2"
HELPDESK_AGENT = "HelpdeskBot/3.1 (+https://helpdesk.example/bot)"
HELPDESK_USER = "svc-helpdesk"
QUERIES = ("invoice", "customs", "token", "printer", "secret rotation", "late parcel", "vpn", "dock 4", "laptop")
COMPRESSED_UNTIL = clock.at("2023-11-01")
SCRIPT_AGENT = "python-requests/2.31.0"
STATUSES = (200, 200, 200, 200, 200, 200, 200, 200, 304, 404, 403, 500)


def write_jira_access(world: World, evidence: Path) -> None:
    """One file a day and node, the older ones compressed."""
    requests = sorted([*ordinary(world), *intrusion.jira_requests(world)], key=lambda request: request.at)
    nodes: tuple[list[write.Line], list[write.Line]] = ([], [])
    for count, request in enumerate(requests):
        nodes[node_of(world, request, count)].append((request.at, line(request, count)))
    for number, records in enumerate(nodes, start=1):
        for day, data in write.by_day(records).items():
            path = evidence / f"jira/node{number}/logs/access_log.{day}"
            if clock.at(day) < COMPRESSED_UNTIL:
                write.gz(path.with_name(path.name + ".gz"), write.lines(data))
            else:
                write.plain(path, write.lines(data))


def node_of(world: World, request: Request, count: int) -> int:
    """The load balancer keeps a session on one node; the plugin was installed on the first."""
    if request.client in {org.JIRA_SERVER, org.JIRA_SERVER_2}:
        return int(request.client == org.JIRA_SERVER_2)
    if request.session == "-":
        return count % 2
    return 0 if request.session == world.script.takeover.session else crc32(request.session.encode()) & 1


def line(request: Request, count: int) -> bytes:
    """`%a %{request.id}r %{username}r %t "%m %U%q %H" %s %b %D "%{Referer}i" "%{User-Agent}i" "%{assession.id}r"`."""
    uid = f"{clock.minute_of_day(request.at)}x{9_000_000 + count * 3}x{1 + count % 4}"
    size = request.size or "-"
    return (
        f"{java_address(request.client)} {uid} {request.user} {clock.tomcat(request.at)} "
        f'"{request.method} {request.url} HTTP/1.1" {request.status} {size} {request.took} '
        f'"{request.referer}" "{request.agent}" "{request.session}"'
    ).encode()


@lru_cache(maxsize=1)
def ordinary(world: World) -> tuple[Request, ...]:
    """Everything but the intruder."""
    rng = world.stream("jira access")
    return (*_health(rng), *_sync(world, rng), *_helpdesk(world, rng), *_staff(world, rng), *_jobs(world, rng))


def _health(rng: Random) -> list[Request]:
    nodes = ((org.JIRA_SERVER, 0), (org.JIRA_SERVER_2, 150))
    made = []
    for node, offset in nodes:
        made += [
            Request(t, node, "-", "GET", "/status", 200, 19, rng.randrange(1, 6), "curl/7.88.1 (node-health)")
            for t in clock.every(rng, 5, 2, offset_s=offset)
        ]
    return made


def _sync(world: World, rng: Random) -> list[Request]:
    """The spreadsheet integration reads what changed, every half hour, until its account is disabled."""
    made, disabled = [], s.ADMIN_ACCOUNT_DISABLED
    for start in clock.every(rng, 30, 40):
        client, session = rng.choice(org.SHEETS_EGRESS), org.session_id(rng)
        since = clock.iso(start - 30 * MINUTE)[:16].replace("T", "%20").replace(":", "%3A")
        urls = [f"/rest/api/2/search?jql=updated%20%3E%3D%20%22{since}%22&startAt=0&maxResults=100&fields=key"]
        urls += [
            f"/rest/api/2/issue/{rng.choice(world.synced_tickets)}?expand=changelog" for _ in range(world.some(18))
        ]
        shut = start >= disabled
        for turn, url in enumerate(urls[:2] if shut else urls):
            status = 401 if shut else 200 if rng.random() < 0.985 else 404
            user, size = ("-", 431) if shut else ("svc-sheets", page_size(rng))
            at = start + turn * 740 + rng.randrange(300)
            made.append(Request(at, client, user, "GET", url, status, size, duration(rng), SYNC_AGENT, session))
    return made


def _helpdesk(world: World, rng: Random) -> list[Request]:
    """The helpdesk assistant answers questions from tickets, every hour, through the gateway."""
    made = []
    for start in clock.every(rng, 60, 90, offset_s=340):
        client = rng.choice(org.HELPDESK_EGRESS)
        words = rng.choice(QUERIES)
        urls = [
            f"/rest/api/2/search?jql={jql(words)}&maxResults=20",
            f"/rest/servicedeskapi/request?searchTerm={rng.randrange(9999)}",
        ]
        urls += [f"/rest/api/2/issue/{ticket(rng)}?fields=summary,status" for _ in range(world.some(9))]
        for turn, url in enumerate(urls):
            at = start + 6_000 + turn * 1_900
            made.append(
                Request(at, client, HELPDESK_USER, "GET", url, 200, page_size(rng), duration(rng), HELPDESK_AGENT)
            )
    return made


def _staff(world: World, rng: Random) -> list[Request]:
    made = []
    for visit in org.visits(rng, world.people, clock.arrivals(rng, world.some(4_600)), 13):
        person, key = visit.person, ticket(rng)
        first = Request(
            visit.instants[0],
            visit.address,
            "-",
            "POST",
            "/login.jsp",
            302,
            0,
            duration(rng),
            person.agent,
            visit.session,
        )
        made.append(first._replace(referer=f"{JIRA}/login.jsp"))
        for instant in visit.instants[1:]:
            if rng.random() < 0.4:
                key = ticket(rng)
            made.append(_act(rng, first._replace(at=instant, user=person.login), key))
    return made


def _act(rng: Random, blank: Request, key: str) -> Request:
    """One thing that an employee does in Jira."""
    here, board = f"{JIRA}/browse/{key}", f"{JIRA}/secure/Dashboard.jspa"
    acts = (
        ("GET", f"/browse/{key}", rng.choice(STATUSES), board),
        ("GET", f"/rest/api/2/issue/{key}/comment?maxResults=50", 200, here),
        ("GET", f"/rest/dev-status/1.0/issue/summary?issueId={rng.randrange(10**7)}", 200, here),
        ("GET", f"/issues/?jql={jql(rng.choice(QUERIES))}", 200, board),
        ("POST", "/rest/issueNav/1/issueTable", 200, f"{JIRA}/issues/"),
        ("POST", f"/rest/api/2/issue/{key}/comment", 201, here),
        ("GET", f"/secure/attachment/{rng.randrange(900_000)}/scan-{rng.randrange(99)}.pdf", 200, here),
        ("GET", f"/secure/QuickSearch.jspa?searchString={rng.randrange(9_999)}", 302, here),
        ("GET", "/secure/Dashboard.jspa", 200, "-"),
    )
    method, url, status, referer = rng.choices(acts, (34, 18, 10, 8, 6, 6, 6, 5, 7))[0]
    size = 0 if status in {302, 304} else page_size(rng)
    return blank._replace(method=method, url=url, status=status, size=size, took=duration(rng), referer=referer)


def _jobs(world: World, rng: Random) -> list[Request]:
    """The log collector, strangers at the door, and the accounts that leaked, while they lived."""
    made = [
        Request(
            t,
            org.LOG_COLLECTOR,
            "svc-siem",
            "GET",
            "/rest/auditing/1.0/events?limit=200",
            200,
            page_size(rng),
            duration(rng),
            "siem-collector/2.9",
        )
        for t in clock.every(rng, 15, 10, offset_s=300)
    ]
    made += [
        Request(
            t,
            f"203.0.113.{rng.randrange(1, 80)}",
            "-",
            "GET",
            rng.choice(("/", "/login.jsp", "/robots.txt", "/.env")),
            rng.choice((302, 200, 404)),
            0,
            4,
            "Mozilla/5.0 zgrab/0.x",
        )
        for t in clock.arrivals(rng, world.some(900))
    ]
    made.append(_removal(world))
    for killed, one in world.rotated("jira", "service_account"):
        for t in clock.arrivals(rng, 20, killed - 2 * MINUTE):
            url = f"/rest/api/2/issue/{ticket(rng)}"
            made.append(
                Request(t, org.PROVISIONER, one.uid, "GET", url, 200, page_size(rng), duration(rng), SCRIPT_AGENT)
            )
    return made


def _removal(world: World) -> Request:
    """An administrator at the office takes the intruder's plugin out again."""
    admin = world.people[1]
    session, url = "1rmplg", f"/rest/plugins/1.0/{s.PLUGIN}-key"
    return Request(s.PLUGIN_REMOVED, admin.desk, admin.login, "DELETE", url, 204, 0, 412, admin.agent, session)
