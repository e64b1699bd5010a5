"""How does one of a team come in by name, password and code, and how does anyone leave?"""

import asyncio
import time
from dataclasses import dataclass
from math import ceil
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template

from cloison.model.roles import VERB, Verb
from cloison.server.door import Door, address_of
from cloison.server.paths import inside

_WRONG = "Name, password or code is wrong. A code works once: wait for the next one."


@dataclass(frozen=True)
class LoginForm:
    """What the page of `login_page` sends."""

    name: str = ""
    password: str = ""
    code: str = ""
    next: str = "/"


@get("/login", opt={VERB: Verb.OPEN}, sync_to_thread=False)
def login_page(door: NamedDependency[Door], leads_to: Annotated[str, QueryParameter(name="next")] = "/") -> Template:
    """Where one logs in."""
    return _page(door, leads_to)


@post("/login", opt={VERB: Verb.OPEN}, status_code=200)
async def log_in(
    request: Request[Any, Any, Any],
    door: NamedDependency[Door],
    data: URLEncodedBody[LoginForm],
) -> Response[Any]:
    """Begin a session for who proves who they are; who guesses waits longer and longer."""
    if not door.settings.team:
        raise NotFoundException("nobody logs in by name here")
    address = address_of(request)
    wait = door.tries.wait_seconds(data.name, address)
    if wait:
        said = f"Too many wrong tries. Wait {ceil(wait)} seconds."
        return _page(door, data.next, said, status=429, headers={"retry-after": str(ceil(wait))})
    door.tries.failed(data.name, address)  # counted before it is looked at, so that none slip in beside it
    person = await asyncio.to_thread(door.people.proven, data.name, data.password, data.code, time.time())
    if person is None:
        door.note(f"a wrong try to log in as {data.name!r} from {address}\n")
        return _page(door, data.next, _WRONG, status=401)
    door.tries.succeeded(data.name, address)
    return door.let_in(request, person, inside(data.next))


@post("/logout", opt={VERB: Verb.LEAVE}, status_code=303)
async def logout(request: Request[Any, Any, Any], door: NamedDependency[Door]) -> Redirect:
    """End one's own session."""
    cookie = door.sessions.end(door.sessions.of(request))
    return Redirect("/login", status_code=303, cookies=[cookie])


def _page(
    door: NamedDependency[Door],
    leads_to: str,
    fault: str = "",
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Template:
    context = {
        "person": None,
        "team": door.settings.team,
        "oidc": door.oidc.name if door.oidc else "",
        "fault": fault,
        "next": inside(leads_to),
    }
    return Template("login.html", context=context, status_code=status, headers=headers)
