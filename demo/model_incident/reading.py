"""What did the intruder search and read in Jira and in the wiki?

Every ticket and page of the script is read at least once with status 200; the refused ones never are.
"""

from collections.abc import Iterator
from itertools import islice
from random import Random

from demo.model_incident import script as s
from demo.model_incident.clock import SECOND
from demo.model_incident.names import SPACES
from demo.model_incident.script import Sitting
from demo.model_incident.web import JIRA, WIKI, Request, duration, jql, page_size, search_words
from demo.model_incident.world import World

Step = tuple[str, str, int, str]  # method, url, status, referer
TICKET_REFUSALS = (404, 403, 302, 401, 500, 404)
PAGE_REFUSALS = (404, 403, 302, 404, 403, 404, 500, 401, 404)
LOGIN_PACE = 7 * SECOND


def jira_reading(world: World) -> list[Request]:
    """The logins, searches and reads in Jira."""
    rng = world.stream("intruder jira")
    tickets, refused = iter(world.script.tickets), iter(zip(world.script.tickets_refused, TICKET_REFUSALS, strict=True))
    seen: list[str] = []
    made: list[Request] = []
    for sitting in _reading(world):
        fresh = list(islice(tickets, sitting.tickets))
        again = rng.sample(seen, min(len(seen), sitting.reviews, 6))
        groups = [_ticket_steps(rng, key, first=True) for key in fresh]
        groups += [_ticket_steps(rng, key, first=False) for key in again]
        groups += [[_refusal(f"/browse/{key}", status)] for key, status in islice(refused, 2 if fresh else 0)]
        rng.shuffle(groups)
        seen += fresh
        steps = [*_jira_searches(sitting), *(step for group in groups for step in group)]
        made += _spread(rng, sitting, _jira_login(), steps)
    return made


def wiki_reading(world: World) -> list[Request]:
    """The logins, searches and reads in the wiki."""
    rng = world.stream("intruder wiki")
    pages, refused = iter(world.script.pages), iter(zip(world.script.pages_refused, PAGE_REFUSALS, strict=True))
    seen: list[int] = []
    made: list[Request] = []
    for sitting in _reading(world):
        fresh = list(islice(pages, sitting.pages))
        again = rng.sample(seen, min(len(seen), sitting.reviews))
        groups = [_page_steps(rng, uid, first=True) for uid in fresh]
        groups += [_page_steps(rng, uid, first=False) for uid in again]
        groups += [[_refusal(_view(uid), status)] for uid, status in islice(refused, 3 if fresh else 0)]
        rng.shuffle(groups)
        seen += fresh
        steps = [*_wiki_searches(sitting), *(step for group in groups for step in group)]
        made += _spread(rng, sitting, _wiki_login(), steps)
    return made


def _reading(world: World) -> list[Sitting]:
    return [sitting for sitting in world.script.sittings if sitting.reviews]


def _view(uid: int) -> str:
    return f"/pages/viewpage.action?pageId={uid}"


def _spread(rng: Random, sitting: Sitting, login: list[Step], steps: list[Step]) -> list[Request]:
    """The login at once, the steps over the rest of the sitting, the last of them at its very end."""
    entry = [sitting.start + 13 * SECOND + turn * LOGIN_PACE for turn in range(len(login))]
    room = sitting.end - entry[-1]
    later = sorted(entry[-1] + int(rng.random() * room) for _ in steps)
    instants = [*entry, *later[:-1], sitting.end]
    return [request(rng, sitting, instant, step) for instant, step in zip(instants, [*login, *steps], strict=True)]


def request(rng: Random, sitting: Sitting, instant: int, step: Step) -> Request:
    """One step of a sitting as a request."""
    method, url, status, referer = step
    user = "-" if url.startswith(("/login.jsp", "/dologin", "/login.action")) or status == 401 else sitting.account
    size = 0 if status in {302, 304} else page_size(rng)
    return Request(
        instant, sitting.address, user, method, url, status, size, duration(rng), s.FIREFOX, sitting.session, referer
    )


def _refusal(url: str, status: int) -> Step:
    return ("GET", url, status, "-")


def _jira_login() -> list[Step]:
    return [
        ("GET", "/login.jsp?os_destination=%2Fdefault.jsp", 200, "-"),
        ("POST", "/login.jsp", 302, f"{JIRA}/login.jsp"),
        ("GET", "/secure/Dashboard.jspa", 200, f"{JIRA}/login.jsp"),
        ("GET", "/rest/gadget/1.0/issueTable/filter?filterId=10411&num=10", 200, f"{JIRA}/secure/Dashboard.jspa"),
    ]


def _wiki_login() -> list[Step]:
    return [
        ("GET", "/login.action?os_destination=%2Findex.action", 200, "-"),
        ("POST", "/dologin.action", 302, f"{WIKI}/login.action"),
        ("GET", "/index.action", 200, f"{WIKI}/login.action"),
    ]


def _jira_searches(sitting: Sitting) -> Iterator[Step]:
    for words in sitting.searches:
        yield "GET", f"/issues/?jql={jql(words)}", 200, f"{JIRA}/secure/Dashboard.jspa"
        yield "POST", "/rest/issueNav/1/issueTable", 200, f"{JIRA}/issues/?jql={jql(words)}"


def _wiki_searches(sitting: Sitting) -> Iterator[Step]:
    for words in sitting.searches:
        yield "GET", f"/dosearchsite.action?queryString={search_words(words)}", 200, f"{WIKI}/index.action"
        yield (
            "GET",
            f"/rest/api/search?cql=siteSearch+%7E+%22{search_words(words)}%22&limit=20",
            200,
            f"{WIKI}/dosearchsite.action",
        )


def _ticket_steps(rng: Random, key: str, *, first: bool) -> list[Step]:
    here = f"{JIRA}/browse/{key}"
    opening: Step = ("GET", f"/browse/{key}", 200, "-")
    if rng.random() < 0.25:
        opening = ("GET", f"/rest/api/2/issue/{key}?expand=renderedFields", 200, f"{JIRA}/issues/")
    more: list[Step] = [
        ("GET", f"/secure/AjaxIssueAction!default.jspa?issueKey={key}&decorator=none&prefetch=false", 200, here),
        ("GET", f"/rest/api/2/issue/{key}/comment?maxResults=50", 200, here),
        ("GET", f"/secure/attachment/{rng.randrange(700_000, 999_999)}/topology-{rng.randrange(40)}.pdf", 200, here),
        ("GET", f"/si/jira.issueviews:issue-xml/{key}/{key}.xml", 200, here),
        ("GET", f"/browse/{key}?attachmentOrder=desc", 200, here),
    ]
    return [opening, *rng.sample(more, rng.randrange(6) if first else rng.randrange(2))]


def _page_steps(rng: Random, uid: int, *, first: bool) -> list[Step]:
    here = f"{WIKI}/pages/viewpage.action?pageId={uid}"
    space, name = SPACES[uid % len(SPACES)], f"Note+{uid % 997}"
    openings: list[list[Step]] = [
        [("GET", _view(uid), 200, f"{WIKI}/dosearchsite.action")],
        [("GET", f"/spaces/{space}/pages/{uid}/{name}", 200, "-")],
        [("GET", f"/display/{space}/{name}", 302, "-"), ("GET", _view(uid), 200, "-")],
        [("GET", f"/rest/api/content/{uid}?expand=body.storage,version", 200, "-")],
    ]
    more: list[Step] = [
        ("GET", f"/rest/likes/1.0/content/{uid}/likes?commentLikes=true", 200, here),
        ("GET", f"/rest/inlinecomments/1.0/comments?containerId={uid}", 200, here),
        ("GET", f"/download/attachments/{uid}/runbook-{uid % 31}.pdf?version=1&api=v2", 200, here),
        ("GET", f"/exportword?pageId={uid}", 200, here),
        ("GET", f"/download/attachments/{uid}/diagram-{uid % 17}.png", 304, here),
    ]
    opening = rng.choices(openings, (10, 4, 2, 3))[0]
    return [*opening, *rng.sample(more, rng.choice((0, 1, 1, 2, 3)) if first else 0)]
