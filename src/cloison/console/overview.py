"""What did it do, how far did it reach, is it closed, what is unknown: on one page."""

from typing import Any

from litestar import Request, get
from litestar.response import Template

from cloison.model.roles import VERB, Verb
from cloison.service.desk import Desk


@get("/", opt={VERB: Verb.READ}, sync_to_thread=True, include_in_schema=False)
def overview(request: Request[Any, Any, Any], desk: Desk) -> Template:
    """The first page."""
    return Template("overview.html", context={"case": desk.name, "person": request.user, "standing": desk.standing()})
