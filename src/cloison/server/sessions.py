"""Whose request is this? Sessions live in memory and end with the server; a cookie names one, by chance alone.

An id is made here at every login and never taken from a request, so none can be planted. What is kept is found by the
hash of the id. A session ends when it was idle for too long, when its time is over, or when its owner leaves.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.middleware.authentication import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp

from cloison.server.programs import Programs, key_in
from cloison.server.settings import Settings
from cloison.service.people import Person

_ID_BYTES = 32


class Kept(NamedTuple):
    """What is kept of a session: whose it is, when it `begun` and was last `seen`, in seconds of the clock."""

    person: Person
    begun: float
    seen: float


class Sessions:
    """The sessions of a running server. None of its methods waits between looking and keeping, so none can be revived.

    Args:
        settings: for how long one lasts, and how its cookie is set.
        clock: seconds that only grow.
        now_is: what a person is now, asked at every request; None when they are no more.
    """

    def __init__(
        self, settings: Settings, clock: Callable[[], float], now_is: Callable[[Person], Person | None]
    ) -> None:
        self._settings, self._clock, self._now_is = settings, clock, now_is
        self._kept = dict[str, Kept]()

    def begin(self, person: Person, before: str | None) -> Cookie:
        """A new session, and the end of the one before it."""
        self.end(before)
        now = self._clock()
        for key in [key for key, one in self._kept.items() if self._over(one, now)]:
            del self._kept[key]
        session_id = secrets.token_urlsafe(_ID_BYTES)
        self._kept[_key(session_id)] = Kept(person, now, now)
        return self._cookie(session_id, self._settings.lasts.whole_seconds)

    def end(self, session_id: str | None) -> Cookie:
        """Forget a session; the cookie that takes it from the browser."""
        if session_id:
            self._kept.pop(_key(session_id), None)
        return self._cookie("", 0)

    def kept(self, session_id: str | None) -> Person | None:
        """Whose session it is, as they were when it begun; None when there is none, or it has ended."""
        key, now = _key(session_id or ""), self._clock()
        found = self._kept.get(key)
        if found is None:
            return None
        if self._over(found, now):
            del self._kept[key]
            return None
        self._kept[key] = found._replace(seen=now)
        return found.person

    async def person(self, session_id: str | None) -> Person | None:
        """Whose session it is, as they are now."""
        found = self.kept(session_id)
        return await asyncio.to_thread(self._now_is, found) if found else None

    def _over(self, one: Kept, now: float) -> bool:
        lasts = self._settings.lasts
        return now - one.begun >= lasts.whole_seconds or now - one.seen >= lasts.idle_seconds

    def of(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
        """The id that a request carries."""
        return connection.cookies.get(self._settings.cookie)

    def _cookie(self, value: str, seconds: int) -> Cookie:
        return Cookie(
            self._settings.cookie,
            value=value,
            max_age=seconds,
            path="/",
            httponly=True,
            samesite="strict",
            secure=self._settings.secure,
        )


def _key(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()


class Who(AbstractAuthenticationMiddleware):
    """Puts the person into every request; None where nobody has come in."""

    def __init__(self, app: ASGIApp, sessions: Sessions, programs: Programs) -> None:
        super().__init__(app, exclude="^/static/")
        self._sessions, self._programs = sessions, programs

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Whose key the request carries, or whose session its cookie names."""
        key = key_in(connection.scope)
        if key is not None:
            return AuthenticationResult(user=await self._programs.person(key, connection), auth=None)
        return AuthenticationResult(user=await self._sessions.person(self._sessions.of(connection)), auth=None)
