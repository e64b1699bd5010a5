"""Which views were saved, and which links lead to them from outside?"""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, RequestBody

from cloison.api.problems import PROBLEMS
from cloison.model.roles import VERB, Verb
from cloison.service.desk import Desk
from cloison.service.marking import marks
from cloison.service.marking_views import (
    DAYS,
    NAME_CHARACTERS,
    QUERY_CHARACTERS,
    Share,
    View,
    save_view,
    share,
    shares,
    views,
)

Asked = Request[Any, Any, Any]


class NewView(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the console with its filters: what stands before and behind the question mark of its address."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_CHARACTERS)]
    path: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    query: Annotated[str, msgspec.Meta(max_length=QUERY_CHARACTERS)] = ""


class NewShare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many days a link holds."""

    days: Annotated[int, msgspec.Meta(ge=1, le=DAYS)] = 7


class Shared(msgspec.Struct, frozen=True):
    """A link, told this once: whoever has it reads the view until it ends or is taken back."""

    path: str
    share: Share


@get("/views", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def list_views(desk: NamedDependency[Desk]) -> list[View]:
    """The saved views."""
    return list(views(marks(desk.case)))


@post("/views", opt={VERB: Verb.MARK}, responses=PROBLEMS, sync_to_thread=True)
def add_view(request: Asked, desk: NamedDependency[Desk], data: RequestBody[NewView]) -> View:
    """Save a view; one of the same name is replaced."""
    return save_view(desk.case, data.name, data.path, data.query, who=request.user.name)


@get("/shares", opt={VERB: Verb.LEAD}, responses=PROBLEMS, sync_to_thread=True)
def list_shares(desk: NamedDependency[Desk]) -> list[Share]:
    """The links that were made and not taken back, without their secrets."""
    return list(shares(marks(desk.case)))


@post("/views/{number:int}/shares", opt={VERB: Verb.LEAD}, responses=PROBLEMS, sync_to_thread=True)
def add_share(
    request: Asked,
    desk: NamedDependency[Desk],
    number: Annotated[int, PathParameter(ge=1, le=2**53, description="The view's number.")],
    data: RequestBody[NewShare],
) -> Shared:
    """Make a link to a view. It is taken back as a mark is, by its number."""
    secret, made = share(desk.case, number, days=data.days, who=request.user.name)
    return Shared(f"/shared/{secret}", made)
