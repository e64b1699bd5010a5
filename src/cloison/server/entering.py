"""How does the one person of this machine come in? By a link with a token that works once."""

import hmac
import secrets
import threading
from typing import Any

from litestar import Request, get, post
from litestar.exceptions import NotAuthorizedException
from litestar.response import Redirect, Template

from cloison.model.roles import VERB, Role, Verb
from cloison.server.paths import inside
from cloison.server.sessions import Sessions
from cloison.service.people import Person


class OneTime:
    """A token that lets its holder in once."""

    def __init__(self) -> None:
        self._token: str | None = None
        self._lock = threading.Lock()

    def renewed(self) -> str:
        """A new token, in place of the one before."""
        with self._lock:
            self._token = secrets.token_urlsafe(32)
            return self._token

    def spend(self, given: str) -> bool:
        """Whether it is the token; then it is none any more."""
        with self._lock:
            fits = self._token is not None and hmac.compare_digest(given.encode(), self._token.encode())
            self._token = None if fits else self._token
            return fits


@get("/enter", opt={VERB: Verb.OPEN}, include_in_schema=False)
async def enter(request: Request[Any, Any, Any], once: OneTime, owner: str, sessions: Sessions, token: str) -> Redirect:
    """Spend the token and begin a session as the lead."""
    if not once.spend(token):
        raise NotAuthorizedException("this link was used, or is not the last one that `cloison serve` printed")
    cookie = await sessions.begin(Person(owner, Role.LEAD), sessions.of(request))
    return Redirect("/", status_code=303, cookies=[cookie])


@get("/login", opt={VERB: Verb.OPEN}, include_in_schema=False, sync_to_thread=False)
def login_page(team: bool, next_: str = "/") -> Template:
    """Where one logs in."""
    context = {"person": None, "team": team, "oidc": "", "fault": "", "next": inside(next_)}
    return Template("login.html", context=context)


@post("/logout", opt={VERB: Verb.LEAVE}, include_in_schema=False, status_code=303)
async def logout(request: Request[Any, Any, Any], sessions: Sessions) -> Redirect:
    """End one's own session."""
    return Redirect("/login", status_code=303, cookies=[await sessions.end(sessions.of(request))])
