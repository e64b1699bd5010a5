"""What does the wiki's access log hold, before and after its pattern was changed?

Until the end of October the classic pattern, then the one with the forwarded address. The server's clock is Paris'.
"""

from functools import lru_cache
from pathlib import Path
from random import Random

from demo.model_incident import clock, intrusion, write
from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident.jira_access import QUERIES, SCRIPT_AGENT, SYNC_AGENT
from demo.model_incident.web import WIKI, Request, duration, java_address, page_size, search_words
from demo.model_incident.world import Page, World

PATTERN_CHANGED = clock.at("2023-11-01")


def write_wiki_access(world: World, evidence: Path) -> None:
    """One file for each day of the server's own calendar."""
    requests = [*ordinary(world), *intrusion.wiki_requests(world)]
    rng = world.stream("wiki lines")
    days: dict[str, list[bytes]] = {}
    for one in sorted(requests, key=lambda request: request.at):
        local = one.at + clock.paris_offset(one.at) * clock.HOUR
        days.setdefault(clock.date_of(local), []).append(line(rng, one))
    for day, data in days.items():
        write.plain(evidence / f"confluence/logs/conf_access_log.{day}.log", write.lines(data))


def line(rng: Random, request: Request) -> bytes:
    """`%t [%{X-Forwarded-For}i] %{X-AUSERNAME}o %I %h %r %s %Dms %b %{Referer}i %{User-Agent}i`."""
    thread = f"http-nio-8090-exec-{rng.randrange(1, 49)}"
    size = request.size or "-"
    host, forwarded = java_address(request.client), ""
    if request.at >= PATTERN_CHANGED:
        host, forwarded = _behind_proxy(rng, request)
    return (
        f"{clock.tomcat_paris(request.at)} {forwarded}{request.user} {thread} {host} {request.method} {request.url} "
        f"HTTP/1.1 {request.status} {request.took}ms {size} {request.referer} {request.agent}"
    ).encode()


def _behind_proxy(rng: Random, request: Request) -> tuple[str, str]:
    """The address that the server sees and the header that it was handed."""
    if request.client in {org.WIKI_SERVER, org.LOG_COLLECTOR, org.PROVISIONER}:
        return request.client, "- "
    draw = rng.random()
    if draw < 0.02 and request.client.startswith("192.0.2."):
        return org.PROXY, f"{request.client}{', ' if draw < 0.005 else ','}{org.OFFICE_PROXY} "
    return org.PROXY, f"{request.client} "


@lru_cache(maxsize=1)
def ordinary(world: World) -> tuple[Request, ...]:
    """Everything but the intruder."""
    rng = world.stream("wiki access")
    return (*_jobs(rng), *_sync(world, rng), *_staff(world, rng), *_leaked_accounts(world, rng))


def _jobs(rng: Random) -> list[Request]:
    health = [
        Request(t, org.WIKI_SERVER, "-", "GET", "/status", 200, 19, rng.randrange(1, 9), "curl/7.88.1 (node-health)")
        for t in clock.every(rng, 5, 2)
    ]
    collector = [
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
        for t in clock.every(rng, 15, 10, offset_s=400)
    ]
    return health + collector


def _sync(world: World, rng: Random) -> list[Request]:
    """The spreadsheet integration reads a few pages too, until its account is disabled."""
    made, disabled = [], s.ADMIN_ACCOUNT_DISABLED
    for start in clock.every(rng, 30, 40, offset_s=60):
        shut = start >= disabled
        for turn in range(3):
            url = f"/rest/api/content/{rng.choice(world.pages[:700]).uid}?expand=body.view"
            user, status = ("-", 401) if shut else ("svc-sheets", 200)
            at, client = start + turn * 900, rng.choice(org.SHEETS_EGRESS)
            made.append(Request(at, client, user, "GET", url, status, page_size(rng), duration(rng), SYNC_AGENT))
    return made


def _staff(world: World, rng: Random) -> list[Request]:
    made = []
    for visit in org.visits(rng, world.people, clock.arrivals(rng, world.some(4_200)), 11, 60):
        person, page = visit.person, rng.choice(world.pages)
        first = Request(
            visit.instants[0], visit.address, "-", "POST", "/dologin.action", 302, 0, duration(rng), person.agent
        )
        made.append(first._replace(referer=f"{WIKI}/login.action"))
        for instant in visit.instants[1:]:
            if rng.random() < 0.5:
                page = rng.choice(world.pages)
            method, url, status, referer = _act(rng, page)
            size = 0 if status in {302, 304} else page_size(rng)
            made.append(
                Request(
                    instant,
                    visit.address,
                    person.login,
                    method,
                    url,
                    status,
                    size,
                    duration(rng),
                    person.agent,
                    "-",
                    referer,
                )
            )
    return made


def _act(rng: Random, page: Page) -> tuple[str, str, int, str]:
    """One thing that an employee does in the wiki."""
    here = f"{WIKI}/pages/viewpage.action?pageId={page.uid}"
    acts = (
        (
            "GET",
            f"/pages/viewpage.action?pageId={page.uid}",
            rng.choice((200, 200, 200, 200, 200, 404, 403)),
            f"{WIKI}/index.action",
        ),
        ("GET", f"/display/{page.space}/{page.title}", rng.choice((200, 200, 302)), "-"),
        ("GET", f"/spaces/{page.space}/pages/{page.uid}/{page.title}", 200, f"{WIKI}/index.action"),
        ("GET", f"/rest/likes/1.0/content/{page.uid}/likes?commentLikes=true", 200, here),
        ("GET", f"/rest/inlinecomments/1.0/comments?containerId={page.uid}", 200, here),
        ("GET", f"/download/attachments/{page.uid}/chart-{page.uid % 29}.png?version=2", rng.choice((200, 304)), here),
        ("GET", f"/dosearchsite.action?queryString={search_words(rng.choice(QUERIES))}", 200, here),
        ("POST", "/rest/api/contentbody/convert/view", 200, here),
        ("PUT", f"/rest/tinymce/1/drafts/{page.uid}", rng.choice((200, 200, 200, 500)), here),
    )
    return rng.choices(acts, (24, 14, 10, 20, 12, 8, 5, 4, 3))[0]


def _leaked_accounts(world: World, rng: Random) -> list[Request]:
    made = []
    for killed, one in world.rotated("confluence", "service_account"):
        for t in clock.arrivals(rng, 20, killed - 2 * clock.MINUTE):
            url = f"/rest/api/content/{rng.choice(world.pages).uid}"
            made.append(
                Request(t, org.PROVISIONER, one.uid, "GET", url, 200, page_size(rng), duration(rng), SCRIPT_AGENT)
            )
    return made
