"""Who may use the console? For leads."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, RequestBody

from cloison.api.problems import BY_SESSION, PROBLEMS
from cloison.model.roles import VERB, Role, Verb
from cloison.service import managing
from cloison.service.desk import Desk
from cloison.service.managing import Enrolled
from cloison.service.people import NAME_CHARACTERS, PASSWORD_CHARACTERS, Listed

Asked = Request[Any, Any, Any]
Name = Annotated[str, PathParameter(description="The name.", min_length=1, max_length=NAME_CHARACTERS)]
Given = Literal["viewer", "responder", "lead"]
_LEAST, _MOST = PASSWORD_CHARACTERS


class NewPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Someone to let in: by a password, or as whom an identity provider knows (`email=…` or `sub=…`)."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_CHARACTERS)]
    role: Given
    password: Annotated[str, msgspec.Meta(max_length=_MOST)] = ""
    outside: Annotated[str, msgspec.Meta(max_length=400)] = ""


class NewRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another role."""

    role: Given


@get("/people", opt={VERB: Verb.ADMIT}, responses=PROBLEMS, security=BY_SESSION, sync_to_thread=True)
def list_people(desk: NamedDependency[Desk]) -> list[Listed]:
    """Everybody who may come in, and as what."""
    return managing.people_of(desk.folder)


@post("/people", opt={VERB: Verb.ADMIT}, responses=PROBLEMS, security=BY_SESSION, sync_to_thread=True)
def add_person(request: Asked, desk: NamedDependency[Desk], data: RequestBody[NewPerson]) -> Enrolled:
    """Let someone in; what their app for codes must read is told this once."""
    by = request.user.name
    return managing.add_person(
        desk.folder, data.name, Role(data.role), password=data.password, outside=data.outside, by=by
    )


@patch(
    "/people/{name:str}",
    opt={VERB: Verb.ADMIT},
    responses=PROBLEMS,
    security=BY_SESSION,
    status_code=204,
    sync_to_thread=True,
)
def become(request: Asked, desk: NamedDependency[Desk], name: Name, data: RequestBody[NewRole]) -> None:
    """Give someone another role; it holds from their next request."""
    managing.become(desk.folder, name, Role(data.role), by=request.user.name)


@delete(
    "/people/{name:str}",
    opt={VERB: Verb.ADMIT},
    responses=PROBLEMS,
    security=BY_SESSION,
    status_code=204,
    sync_to_thread=True,
)
def remove_person(request: Asked, desk: NamedDependency[Desk], name: Name) -> None:
    """Let someone in no more; an open session ends with its next request."""
    managing.remove_person(desk.folder, name, by=request.user.name)
