"""By which key does a program come? `Authorization: Bearer …`, at the API alone, and never beside a session.

A browser adds that header to nothing by itself, so a page elsewhere cannot: a request that carries it is judged by it
alone, and needs no token of a form.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil
from typing import Any

from litestar.config.csrf import CSRFConfig
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.exceptions import ClientException, NotAuthorizedException, TooManyRequestsException
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from cloison.service.api_keys import ApiKeys
from cloison.service.people import Person
from cloison.service.tries import Tries

_SCHEME = "bearer"
_ASKS: dict[str, str] = {"www-authenticate": "Bearer"}


def key_in(scope: Scope) -> str | None:
    """The key that a request to the API carries, right or wrong; None where it carries none."""
    if not f"{scope['path']}/".startswith("/api/"):
        return None
    scheme, _, key = Headers.from_scope(scope).get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == _SCHEME else None


class FormTokens(CSRFMiddleware):
    """Asks for the token of a form of whoever comes with a session."""

    def __init__(self, app: ASGIApp, config: CSRFConfig) -> None:
        super().__init__(app, config)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request."""
        looked_at = super().__call__ if key_in(scope) is None else self.app
        await looked_at(scope, receive, send)


class Programs:
    """Who comes with a key. Wrong ones are counted by address, apart from those of people who log in."""

    def __init__(self, keys: ApiKeys, tries: Tries, cookie: str, note: Callable[[str], object]) -> None:
        self._keys, self._tries, self._cookie, self._note = keys, tries, cookie, note

    async def person(self, key: str, connection: ASGIConnection[Any, Any, Any, Any]) -> Person:
        """As whom the key lets its holder in.

        Raises:
            ClientException: a session came with it.
            TooManyRequestsException: too many wrong ones came from there.
            NotAuthorizedException: it is none, or has ended.
        """
        if self._cookie in connection.cookies:
            raise ClientException("a key and a session do not mix: send one of them")
        address = connection.client.host if connection.client else ""
        wait = ceil(self._tries.wait_seconds("", address))
        if wait:
            said = f"too many wrong keys came from there: wait {wait} seconds"
            raise TooManyRequestsException(said, headers={"retry-after": str(wait)})
        found = await asyncio.to_thread(self._keys.by_token, key, datetime.now(UTC))
        if found is None:
            self._tries.failed("", address)
            self._note(f"a wrong key from {address}\n")
            raise NotAuthorizedException("this is no key of the case", headers=_ASKS)
        if found.ended_at:  # who had it does not guess
            raise NotAuthorizedException(f"this key ended at {found.ended_at}", headers=_ASKS)
        return Person(found.who, found.role, key=True)
