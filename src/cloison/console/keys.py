"""With which keys do programs come? A lead makes them, sees when each was last used, and ends them."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.response import Redirect, Template

from cloison.console.keeping import FORM, number_of
from cloison.console.shell import page
from cloison.errors import InputError
from cloison.model.roles import VERB, Role, Verb, no_higher
from cloison.service import managing
from cloison.service.api_keys import DAYS
from cloison.service.desk import Desk
from cloison.service.people import NAME_CHARACTERS

Asking = Request[Any, Any, Any]
ADMITS = {VERB: Verb.ADMIT}
_ROLES = {
    Role.VIEWER: "reads everything",
    Role.RESPONDER: "also stars, tags, comments, promotes",
    Role.LEAD: "also makes links and sealed copies",
}


class KeyForm(msgspec.Struct, frozen=True):
    """A key to be made."""

    name: str = ""
    role: str = ""
    days: str = "30"


class RevokeForm(msgspec.Struct, frozen=True):
    """The name of a key to be ended."""

    name: str = ""


@get("/keys", opt=ADMITS, sync_to_thread=True, include_in_schema=False)
def keys_page(request: Asking, desk: Desk) -> Template:
    """The keys that hold, and those that have ended."""
    found = managing.keys_of(desk.folder)
    roles = [(str(role), says) for role, says in _ROLES.items() if no_higher(role, request.user.role)]
    return page(
        request,
        desk,
        "keys.html",
        hours=False,
        holding=[one for one in found if not one.ended_at],
        ended=[one for one in found if one.ended_at],
        roles=roles,
        days=DAYS,
        longest=NAME_CHARACTERS,
    )


@post("/keys", opt=ADMITS, sync_to_thread=True, include_in_schema=False, status_code=200)
def make_key(request: Asking, desk: Desk, data: Annotated[KeyForm, FORM]) -> Template:
    """Make a key, which is told this once."""
    role = next((one for one in _ROLES if one == data.role), None)
    if role is None:
        raise InputError(f"no role {data.role[:40]!r}", remedy=", ".join(_ROLES))
    who = request.user
    made = managing.make_key(
        desk.folder, data.name.strip(), role, days=number_of(data.days), by=who.name, at_most=who.role
    )
    return page(request, desk, "key_made.html", hours=False, made=made, base=str(request.base_url).rstrip("/"))


@post("/keys/revoke", opt=ADMITS, sync_to_thread=True, include_in_schema=False)
def revoke_key(request: Asking, desk: Desk, data: Annotated[RevokeForm, FORM]) -> Redirect:
    """End a key."""
    managing.revoke_key(desk.folder, data.name, by=request.user.name)
    return Redirect("/keys", status_code=303)
