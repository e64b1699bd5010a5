"""Whose request is this? Sessions live in memory and end with the server; a cookie names one, by chance alone.

An id is made here at every login and never taken from a request, so none can be planted. What is kept is found by the
hash of the id. A session ends when it was idle for too long, when its time is over, or when its owner leaves.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.middleware.authentication import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.stores.memory import MemoryStore
from litestar.types import ASGIApp

from cloison.model.roles import Role
from cloison.server.settings import Settings
from cloison.service.people import Person

_ID_BYTES = 32


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a session; `begun` in seconds of the clock that `Sessions` was given."""

    name: str
    role: Role
    begun: float
    view: str = ""
    link: int = 0


class Sessions:
    """The sessions of a running server.

    Args:
        settings: for how long one lasts, and how its cookie is set.
        clock: seconds that only grow.
        now_is: what a person is now, asked at every request; None when they are no more.
    """

    def __init__(
        self, settings: Settings, clock: Callable[[], float], now_is: Callable[[Person], Person | None]
    ) -> None:
        self._settings, self._clock, self._now_is = settings, clock, now_is
        self._store = MemoryStore()

    async def begin(self, person: Person, before: str | None) -> Cookie:
        """A new session, and the end of the one before it."""
        await self.end(before)
        await self._store.delete_expired()
        session_id = secrets.token_urlsafe(_ID_BYTES)
        kept = Kept(person.name, person.role, self._clock(), person.view, person.link)
        await self._store.set(_key(session_id), msgspec.json.encode(kept), expires_in=self._settings.lasts.idle_seconds)
        return self._cookie(session_id, self._settings.lasts.whole_seconds)

    async def end(self, session_id: str | None) -> Cookie:
        """Forget a session; the cookie that takes it from the browser."""
        if session_id:
            await self._store.delete(_key(session_id))
        return self._cookie("", 0)

    async def person(self, session_id: str | None) -> Person | None:
        """Whose session it is; None when there is none, or it has ended."""
        if not session_id:
            return None
        found = await self._store.get(_key(session_id), renew_for=self._settings.lasts.idle_seconds)
        if found is None:
            return None
        kept = msgspec.json.decode(found, type=Kept)
        if self._clock() - kept.begun >= self._settings.lasts.whole_seconds:
            await self._store.delete(_key(session_id))
            return None
        return await asyncio.to_thread(self._now_is, Person(kept.name, kept.role, kept.view, kept.link))

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

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        super().__init__(app, exclude="^/static/")
        self._sessions = sessions

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """The person of the session that the request's cookie names."""
        return AuthenticationResult(user=await self._sessions.person(self._sessions.of(connection)), auth=None)
