"""What does every page have: who looks, at which case, in which hours, and the way to every other page?"""

from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.response import Template
from markupsafe import Markup

from cloison.console.asking import address, hours_of, spans, words_of
from cloison.model.roles import Verb, may
from cloison.service.desk import Desk
from cloison.service.people import Person
from cloison.service.viewing import View

PAGES = (
    ("/", "Overview"),
    ("/timeline", "Timeline"),
    ("/scope", "Scope"),
    ("/graph", "Graph"),
    ("/credentials", "Credentials"),
    ("/coverage", "Coverage"),
    ("/detections", "Detections"),
    ("/notes", "Notes"),
)
FOR_LEADS = (("/seal", "Seal"), ("/keys", "Keys"))


@dataclass(frozen=True)
class Way:
    """A way to another page."""

    name: str
    href: Markup
    here: bool


def page(request: Request[Any, Any, Any], desk: Desk, template: str, *, hours: bool = True, **context: Any) -> Template:
    """A page of the case with everything around it; without `hours` it is of no time range."""
    view, words, path = desk.view(), words_of(request), request.url.path
    held = hours_of(words)
    leading = isinstance(request.user, Person) and may(request.user.role, Verb.LEAD)
    given = {
        "case": desk.name,
        "person": request.user,
        "marking": isinstance(request.user, Person) and may(request.user.role, Verb.MARK),
        "leading": leading,
        "voice": view.voice,
        "ways": [
            Way(name, address(to, held), path == to or (to != "/" and path.startswith(f"{to}/")))
            for to, name in (*PAGES, *(FOR_LEADS if leading else ()))
        ],
        "path": path,
        "here": address(path, words),
        "spans": spans(
            path, words, _whole(view), [one.time for one in view.dossier.timeline if one.standing == "proven"]
        ),
        "since": (words.get("from") or [""])[-1],
        "until": (words.get("to") or [""])[-1],
        "carried": [
            (name, value) for name, some in words.items() if name not in {"from", "to", "after"} for value in some
        ],
        "address": address,
        "held": held,
    }
    if not hours:
        del given["spans"]
    return Template(template, context=given | context)


def _whole(view: View) -> tuple[Any, Any] | None:
    return (view.since, view.until) if view.since and view.until else None
