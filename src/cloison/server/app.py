"""The application: pages and API behind one door."""

import secrets
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.static_files import create_static_files_router

from cloison.api.describing import described
from cloison.api.problems import problem_response
from cloison.api.routes import api
from cloison.console.faults import fault_page
from cloison.console.rendering import STATIC, templates
from cloison.console.routes import pages
from cloison.errors import CloisonError
from cloison.model.roles import VERB, Verb
from cloison.server.door import Door, now_is
from cloison.server.entering import enter, enter_shared
from cloison.server.guard import allowed
from cloison.server.headers import Guarded
from cloison.server.logging_in import log_in, login_page, logout
from cloison.server.logging_in_outside import begin, end
from cloison.server.oidc import Oidc
from cloison.server.programs import FormTokens, Programs
from cloison.server.sessions import Sessions, Who
from cloison.server.settings import Settings
from cloison.service.api_keys import ApiKeys
from cloison.service.desk import Desk
from cloison.service.people import People
from cloison.service.sealed_copies import SealedCopies
from cloison.service.tries import Tries

BODY_BYTES = 1 << 20


@dataclass(frozen=True)
class Served:
    """A server that is ready to be run, and what a test needs of it."""

    app: Guarded
    routes: Litestar
    door: Door


def make_app(
    desk: Desk,
    settings: Settings,
    *,
    owner: str,
    people: People | None = None,
    clock: Callable[[], float] = time.monotonic,
    note: Callable[[str], object] = sys.stderr.write,
) -> Served:
    """Put the pages and the API of a case behind one door.

    Args:
        desk: the case.
        settings: how it is reached.
        owner: who comes in by the link that works once.
        people: who comes in otherwise; those of the case unless a test says others.
        clock: seconds that only grow.
        note: what is told in the terminal.
    """
    settings = replace(settings, secret=settings.secret or secrets.token_hex(32))
    people = people or People(desk.folder)
    sessions = Sessions(settings, clock, now_is(desk, people, settings))
    oidc = Oidc(settings.provider, clock) if settings.provider else None
    programs = Programs(ApiKeys(desk.folder), Tries(clock), settings.cookie, note)
    door = Door(desk, settings, owner, people, Tries(clock), sessions, oidc, note)
    copies = SealedCopies(desk)
    copies.clear()
    given = {"desk": desk, "door": door, "people": people, "copies": copies}
    routes = Litestar(
        route_handlers=[pages(), api(), ways_in(), create_static_files_router("/static", [STATIC], **_STATIC)],
        guards=[allowed],
        dependencies={name: _given(one) for name, one in given.items()},
        middleware=[
            _limit(settings),
            DefineMiddleware(FormTokens, config=_csrf(settings)),
            DefineMiddleware(Who, sessions=sessions, programs=programs),
        ],
        allowed_hosts=AllowedHostsConfig(allowed_hosts=list(settings.hosts)),
        exception_handlers={Exception: _telling(note)},
        template_config=templates(),
        openapi_config=described(settings.cookie),
        request_max_body_size=BODY_BYTES,
        on_shutdown=[copies.end, *([oidc.close] if oidc else [])],
        logging_config=None,
        debug=False,
    )
    return Served(Guarded(routes, secure=settings.secure), routes, door)


_STATIC: dict[str, Any] = {"opt": {VERB: Verb.OPEN}, "include_in_schema": False}


def ways_in() -> Router:
    """The routes by which one comes in and leaves."""
    return Router(
        "/", route_handlers=[enter, enter_shared, login_page, log_in, logout, begin, end], include_in_schema=False
    )


def _given(value: object) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)


def _csrf(settings: Settings) -> CSRFConfig:
    return CSRFConfig(
        secret=settings.secret,
        cookie_name=settings.csrf_cookie,
        cookie_secure=settings.secure,
        cookie_httponly=True,
        cookie_samesite="strict",
    )


def _limit(settings: Settings) -> DefineMiddleware:
    config = RateLimitConfig(
        ("minute", settings.requests_a_minute), exclude=["^/static/"], set_rate_limit_headers=False
    )
    return config.middleware


def _telling(note: Callable[[str], object]) -> Callable[[Request[Any, Any, Any], Exception], Response[Any]]:
    """What answers when something went wrong; of a fault of cloison itself the terminal is told all."""

    def told(request: Request[Any, Any, Any], fault: Exception) -> Response[Any]:
        if not isinstance(fault, HTTPException | CloisonError):
            note("".join(traceback.format_exception(fault)))
        for_programs = f"{request.url.path}/".startswith("/api/")
        answer = problem_response if for_programs else fault_page
        return answer(request, fault)

    return told
