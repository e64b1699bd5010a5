"""May this person do what this route does? What states no verb is refused."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from cloison.model.roles import NOT_BY_KEY, VERB, Verb, may
from cloison.service.people import Person


def allowed(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let a request through or refuse it."""
    verb, person = handler.opt.get(VERB), connection.scope.get("user")
    if not isinstance(verb, Verb):
        raise PermissionDeniedException("this route states no verb, and so nobody may use it")
    if not isinstance(person, Person):
        if not may(None, verb):
            raise NotAuthorizedException("log in first")
    elif person.key and verb in NOT_BY_KEY:
        raise PermissionDeniedException(f"a key may not do this, whatever its role: {verb}")
    elif not may(person.role, verb):
        raise PermissionDeniedException(f"a {person.role} may not do this: it takes the right to {verb}")
