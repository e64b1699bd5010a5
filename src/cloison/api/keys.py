"""With which keys do programs come? For leads, and by a session alone: no key makes another."""

from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import RequestBody

from cloison.api.people import Asked, Given, Name
from cloison.api.problems import BY_SESSION, PROBLEMS
from cloison.model.roles import VERB, Role, Verb
from cloison.service import managing
from cloison.service.api_keys import DAYS, ApiKey
from cloison.service.desk import Desk
from cloison.service.managing import MadeKey
from cloison.service.people import NAME_CHARACTERS


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key for a program: what it may do, and for how many days."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_CHARACTERS)]
    role: Given = "viewer"
    days: Annotated[int, msgspec.Meta(ge=1, le=DAYS)] = 30


@get("/keys", opt={VERB: Verb.ADMIT}, responses=PROBLEMS, security=BY_SESSION, sync_to_thread=True)
def list_keys(desk: NamedDependency[Desk]) -> list[ApiKey]:
    """The keys without their secrets, also those that have ended."""
    return managing.keys_of(desk.folder)


@post("/keys", opt={VERB: Verb.ADMIT}, responses=PROBLEMS, security=BY_SESSION, sync_to_thread=True)
def add_key(request: Asked, desk: NamedDependency[Desk], data: RequestBody[NewKey]) -> MadeKey:
    """Make a key for a program, of a role no higher than one's own; its secret is told this once."""
    who = request.user
    return managing.make_key(desk.folder, data.name, Role(data.role), days=data.days, by=who.name, at_most=who.role)


@delete(
    "/keys/{name:str}",
    opt={VERB: Verb.ADMIT},
    responses=PROBLEMS,
    security=BY_SESSION,
    status_code=204,
    sync_to_thread=True,
)
def revoke_key(request: Asked, desk: NamedDependency[Desk], name: Name) -> None:
    """End a key; it opens nothing from the next request on."""
    managing.revoke_key(desk.folder, name, by=request.user.name)
