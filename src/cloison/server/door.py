"""What do the routes need by which one comes in?"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie
from litestar.response import Template

from cloison.model.roles import Role
from cloison.server.oidc import Oidc
from cloison.server.sessions import Sessions
from cloison.server.settings import Settings
from cloison.service.desk import Desk
from cloison.service.marking import marks
from cloison.service.marking_views import share_numbered
from cloison.service.people import People, Person
from cloison.service.tries import Tries


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
            raw = given.encode("utf-8", "surrogatepass")
            fits = self._token is not None and compare_digest(raw, self._token.encode())
            self._token = None if fits else self._token
            return fits


@dataclass(frozen=True)
class Door:
    """By which ways one comes into a case, and who is inside. `note` tells the terminal who came and who failed."""

    desk: Desk
    settings: Settings
    owner: str
    people: People
    tries: Tries
    sessions: Sessions
    oidc: Oidc | None
    note: Callable[[str], object]
    once: OneTime = field(default_factory=OneTime)

    def let_in(self, request: Request[Any, Any, Any], person: Person, leads_to: str) -> Template:
        """Begin a session and lead to a page.

        It is led by a page and not by a redirect: where the way in was a link in another site's page, a browser sends
        a cookie of the strict kind only with what the next page asks for.
        """
        cookie = self.sessions.begin(person, self.sessions.of(request))
        self.note(f"{person.name} came in as {person.role} from {address_of(request)}\n")
        return Template("landing.html", context={"person": None, "to": leads_to}, cookies=[cookie])

    def flow_cookie(self, state: str) -> Cookie:
        """Binds a login by an identity provider to the browser that began it."""
        settings = self.settings
        return Cookie(
            settings.flow_cookie,
            value=state,
            max_age=600 if state else 0,
            httponly=True,
            samesite="lax",
            secure=settings.secure,
        )


def address_of(request: Request[Any, Any, Any]) -> str:
    """From where a request comes."""
    return request.client.host if request.client else ""


def now_is(desk: Desk, people: People, settings: Settings) -> Callable[[Person], Person | None]:
    """What someone with a session is now: removed, of another role, or a guest whose link has ended?"""

    def now(person: Person) -> Person | None:
        if person.role is Role.GUEST:
            held = share_numbered(marks(desk.case), person.link, datetime.now(UTC))
            return person if held is not None else None
        return people.person(person.name) if settings.team else person

    return now
