"""How does one of a team come in by an identity provider?"""

import asyncio
import re
from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromQuery, QueryParameter
from litestar.response import Redirect, Template

from cloison.model.roles import VERB, Verb
from cloison.server.door import Door, address_of
from cloison.server.oidc import Claims, Oidc, OidcError
from cloison.server.paths import inside
from cloison.service.people import Person

CALLBACK = "/oidc/callback"
_WORD = re.compile(r"[a-z_]{1,40}")


@get("/oidc/begin", opt={VERB: Verb.OPEN})
async def begin(door: NamedDependency[Door], leads_to: Annotated[str, QueryParameter(name="next")] = "/") -> Redirect:
    """Go to the identity provider."""
    try:
        state, address = await _oidc(door).begin(inside(leads_to))
    except OidcError as fault:
        raise PermissionDeniedException(str(fault)) from fault
    return Redirect(address, status_code=303, cookies=[door.flow_cookie(state)])


@get(CALLBACK, opt={VERB: Verb.OPEN})
async def end(
    request: Request[Any, Any, Any],
    door: NamedDependency[Door],
    given: Annotated[str, QueryParameter(name="state")] = "",
    code: FromQuery[str] = "",
    iss: FromQuery[str] = "",
    error: FromQuery[str] = "",
) -> Template:
    """Come back from it."""
    oidc = _oidc(door)
    if error or not code:
        said = error if _WORD.fullmatch(error) else "no reason"
        raise PermissionDeniedException(f"the identity provider let nobody in: {said}")
    try:
        claims, leads_to = await oidc.end(given, request.cookies.get(door.settings.flow_cookie, ""), code, iss)
    except OidcError as fault:
        door.note(f"a login by the identity provider from {address_of(request)} failed: {fault}\n")
        raise PermissionDeniedException(str(fault)) from fault
    person = await asyncio.to_thread(_known, door, claims)
    if person is None:
        door.note(f"{claims.email or claims.sub!r} logged in at the identity provider, and is nobody here\n")
        raise PermissionDeniedException("the identity provider knows you, this case does not: ask a lead to add you")
    answer = door.let_in(request, person, leads_to)
    answer.cookies.append(door.flow_cookie(""))
    return answer


def _oidc(door: Door) -> Oidc:
    if door.oidc is None:
        raise NotFoundException("no identity provider is named here")
    return door.oidc


def _known(door: NamedDependency[Door], claims: Claims) -> Person | None:
    found = door.people.outside("sub", claims.sub)
    if found is None and claims.email:
        found = door.people.outside("email", claims.email)
    return found
