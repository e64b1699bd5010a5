"""What have people marked, and how does a program mark something? All of it goes into the logbook."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.exceptions import PermissionDeniedException
from litestar.params import PathParameter, QueryParameter, RequestBody

from cloison.api.problems import PROBLEMS
from cloison.model.roles import VERB, Verb, may
from cloison.service.desk import Desk
from cloison.service.marking import (
    ABOUT_CHARACTERS,
    MARKED_BY_HAND,
    TEXT_CHARACTERS,
    Kind,
    Mark,
    mark,
    marks,
    takes,
    withdraw,
)

Asked = Request[Any, Any, Any]
About = Annotated[str, msgspec.Meta(min_length=1, max_length=ABOUT_CHARACTERS)]
Text = Annotated[str, msgspec.Meta(max_length=TEXT_CHARACTERS)]


class Held(msgspec.Struct, frozen=True):
    """The marks that hold; `broken` is "" where the logbook is what was written."""

    broken: str
    marks: list[Mark]


class NewMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mark: `about` is a uid of the tables; `text` a tag, a comment, or why a moment matters; a star has none."""

    kind: Literal["star", "tag", "comment", "promote"]
    about: About
    text: Text = ""


class NewReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody says that `about`, a uid of the tables, may have been them."""

    about: About
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_CHARACTERS)]


@get("/marks", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def list_marks(
    desk: NamedDependency[Desk],
    about: Annotated[str, QueryParameter(description="Only about this uid.", max_length=ABOUT_CHARACTERS)] = "",
) -> Held:
    """The marks that hold, in the order in which they were made."""
    held = marks(desk.case)
    found = [one for one in held.held if one.kind in MARKED_BY_HAND and about in ("", one.about)]
    return Held(held.broken, found)


@post("/marks", opt={VERB: Verb.MARK}, responses=PROBLEMS, sync_to_thread=True)
def add_mark(request: Asked, desk: NamedDependency[Desk], data: RequestBody[NewMark]) -> Mark:
    """Star, tag, comment, or promote to the curated timeline."""
    return mark(desk.case, Kind(data.kind), data.about, data.text, who=request.user.name)


@post("/reports", opt={VERB: Verb.REPORT}, responses=PROBLEMS, sync_to_thread=True)
def add_report(request: Asked, desk: NamedDependency[Desk], data: RequestBody[NewReport]) -> Mark:
    """Say: this may have been me."""
    return mark(desk.case, Kind.REPORT, data.about, data.text, who=request.user.name)


@delete("/marks/{number:int}", opt={VERB: Verb.REPORT}, responses=PROBLEMS, status_code=200, sync_to_thread=True)
def take_back(
    request: Asked,
    desk: NamedDependency[Desk],
    number: Annotated[int, PathParameter(ge=1, le=2**53, description="The mark's number.")],
) -> Mark:
    """Take a mark back: an entry that says so is added. What one alone said only they or a lead take back."""
    person = request.user
    needed = takes(marks(desk.case).numbered(number))
    if not may(person.role, needed):
        raise PermissionDeniedException(f"a {person.role} may not do this: it takes the right to {needed}")
    return withdraw(desk.case, number, who=person.name, any_of=may(person.role, Verb.LEAD))
