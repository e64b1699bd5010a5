"""The application: pages and API behind one door."""

import secrets
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router

from cloison import __version__
from cloison.api.problems import problem_response
from cloison.api.routes import api
from cloison.console.faults import fault_page
from cloison.console.rendering import STATIC, templates
from cloison.console.routes import pages
from cloison.errors import CloisonError
from cloison.model.roles import VERB, Verb
from cloison.server.entering import OneTime, enter, login_page, logout
from cloison.server.guard import allowed
from cloison.server.headers import Guarded
from cloison.server.sessions import Sessions, Who
from cloison.server.settings import Settings
from cloison.service.desk import Desk
from cloison.service.people import Person

BODY_BYTES = 1 << 20


@dataclass(frozen=True)
class Served:
    """A server that is ready to be run, and what a test needs of it."""

    app: Guarded
    routes: Litestar
    sessions: Sessions
    once: OneTime
    settings: Settings = field(repr=False)


def make_app(
    desk: Desk,
    settings: Settings,
    *,
    owner: str,
    clock: Callable[[], float] = time.monotonic,
    note: Callable[[str], None] = sys.stderr.write,
) -> Served:
    """Put the pages and the API of a case behind one door."""
    settings = replace(settings, secret=settings.secret or secrets.token_hex(32))
    once = OneTime()
    sessions = Sessions(settings, clock, _as_kept)
    given = {"desk": desk, "sessions": sessions, "once": once, "owner": owner, "team": settings.team}
    routes = Litestar(
        route_handlers=[
            pages(),
            api(),
            enter,
            login_page,
            logout,
            create_static_files_router("/static", [STATIC], opt={VERB: Verb.OPEN}, include_in_schema=False),
        ],
        guards=[allowed],
        dependencies={name: Provide(_giving(value), sync_to_thread=False) for name, value in given.items()},
        middleware=[_limit(settings), DefineMiddleware(Who, sessions=sessions)],
        csrf_config=_csrf(settings),
        allowed_hosts=AllowedHostsConfig(allowed_hosts=list(settings.hosts)),
        exception_handlers={Exception: _telling(note)},
        template_config=templates(),
        openapi_config=_described(),
        request_max_body_size=BODY_BYTES,
        logging_config=None,
        debug=False,
    )
    return Served(Guarded(routes, secure=settings.secure), routes, sessions, once, settings)


def _as_kept(person: Person) -> Person:
    return person


def _giving(value: object) -> Callable[[], Any]:
    return lambda: value


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


def _described() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="cloison",
        version=__version__,
        description="What did a leaked credential do? The answers of one case, and what people write into it.",
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        openapi_router=Router("/api", route_handlers=[], opt={VERB: Verb.READ}),
    )


def _telling(note: Callable[[str], None]) -> Callable[[Request[Any, Any, Any], Exception], Response[Any]]:
    """What answers when something went wrong; of a fault of cloison itself the terminal is told all."""

    def told(request: Request[Any, Any, Any], fault: Exception) -> Response[Any]:
        if not isinstance(fault, HTTPException | CloisonError):
            note("".join(traceback.format_exception(fault)))
        answer = problem_response if request.url.path.startswith("/api/") else fault_page
        return answer(request, fault)

    return told
