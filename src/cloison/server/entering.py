"""How does one come in by a link: the one person of this machine once, a guest for as long as the link holds?"""

import asyncio
from datetime import UTC, datetime
from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from cloison.model.roles import VERB, Role, Verb
from cloison.server.door import Door, address_of
from cloison.service.marking import marks
from cloison.service.marking_views import Share, shared_by
from cloison.service.people import Person


@get("/enter", opt={VERB: Verb.OPEN})
async def enter(request: Request[Any, Any, Any], door: NamedDependency[Door], token: FromQuery[str] = "") -> Template:
    """Spend the token and begin a session as the lead."""
    if door.settings.team or not door.once.spend(token):
        raise PermissionDeniedException("this link was used, or is not the last one that `cloison serve` printed")
    return door.let_in(request, Person(door.owner, Role.LEAD), "/")


@get("/shared/{secret:str}", opt={VERB: Verb.OPEN})
async def enter_shared(request: Request[Any, Any, Any], door: NamedDependency[Door], secret: FromPath[str]) -> Template:
    """Begin a session as a guest of one view."""
    address = address_of(request)
    if door.tries.wait_seconds("", address):
        raise NotFoundException("no such link")
    found = await asyncio.to_thread(_link, door, secret)
    if found is None:
        door.tries.failed("", address)
        raise NotFoundException("there is no such link, it has ended, or it was taken back")
    guest = Person(f"link {found.number}", Role.GUEST, view=str(found.view.number), link=found.number)
    return door.let_in(request, guest, f"/view/{found.view.number}")


def _link(door: NamedDependency[Door], secret: FromPath[str]) -> Share | None:
    return shared_by(marks(door.desk.case), secret, datetime.now(UTC))
