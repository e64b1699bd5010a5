"""How does a program seal a copy of the case, with what is hidden seen before? For leads."""

from typing import Annotated, Any

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, RequestBody
from litestar.response import File

from cloison.api.problems import A_FILE, FILE_OR_PROBLEMS, PROBLEMS
from cloison.model.roles import VERB, Verb
from cloison.service.desk import Desk
from cloison.service.redacting import Hide, Preview, preview
from cloison.service.sealed_copies import Copy, Making, SealedCopies

Asked = Request[Any, Any, Any]
LEADS = {VERB: Verb.LEAD}
Number = Annotated[int, PathParameter(ge=1, le=2**53, description="The copy's number.")]


class Seals(msgspec.Struct, frozen=True):
    """How far the copy is that is being made, and the copies that are kept, the last one first."""

    making: Making
    copies: list[Copy]


@post("/seals/preview", opt=LEADS, responses=PROBLEMS, status_code=200, sync_to_thread=True)
def preview_seal(desk: NamedDependency[Desk], data: RequestBody[Hide]) -> Preview:
    """How much a copy would hide, of each table and by each rule; nothing is written."""
    return preview(desk.case, data)


@post("/seals", opt=LEADS, responses=PROBLEMS, status_code=202, sync_to_thread=True)
def add_seal(request: Asked, copies: NamedDependency[SealedCopies], data: RequestBody[Hide]) -> Making:
    """Begin to seal a copy; without rules nothing is hidden."""
    return copies.begin(data, who=request.user.name)


@get("/seals", opt=LEADS, responses=PROBLEMS, sync_to_thread=True)
def list_seals(copies: NamedDependency[SealedCopies]) -> Seals:
    """How far it is, and the copies that are kept."""
    return Seals(copies.making(), copies.listed())


@post("/seals/stop", opt=LEADS, responses=PROBLEMS, status_code=202, sync_to_thread=True)
def stop_seal(copies: NamedDependency[SealedCopies]) -> Making:
    """Make the copy that is being made no further; nothing is left of it."""
    copies.stop()
    return copies.making()


@get(
    "/seals/{number:int}/file",
    opt=LEADS,
    responses=FILE_OR_PROBLEMS,
    sync_to_thread=True,
    media_type=A_FILE,
)
def seal_file(request: Asked, copies: NamedDependency[SealedCopies], number: Number) -> File:
    """The sealed file. What opens its hidden cells stays with the case."""
    found, path = copies.take(number, who=request.user.name)
    return File(path, filename=found.file)


@delete("/seals/{number:int}", opt=LEADS, responses=PROBLEMS, status_code=204, sync_to_thread=True)
def remove_seal(request: Asked, copies: NamedDependency[SealedCopies], number: Number) -> None:
    """Delete a copy, and what opens its hidden cells."""
    copies.remove(number, who=request.user.name)
