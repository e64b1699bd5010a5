"""Which keys are there, and what do the words mean?"""

from typing import Any

from litestar import Request, get
from litestar.response import Template

from cloison.console.shell import page
from cloison.model.roles import VERB, Verb
from cloison.service.desk import Desk

KEYS = (
    ("?", "this page"),
    ("/", "to the filter"),
    ("j", "to the next row"),
    ("k", "to the row before"),
    ("Enter", "open the record of the row"),
    ("s", "star the row, or take the star back"),
    ("c", "copy the value under the cursor, defanged"),
    ("n", "to the next page of rows"),
    ("Esc", "close the record"),
)


@get("/help", opt={VERB: Verb.READ}, sync_to_thread=True, include_in_schema=False)
def help_page(request: Request[Any, Any, Any], desk: Desk) -> Template:
    """The keys and the words."""
    return page(request, desk, "help.html", keys=KEYS)
