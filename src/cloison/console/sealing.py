"""A copy of the case for someone outside: what it would hide is seen first, then it is sealed and taken along."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.response import File, Redirect, Template

from cloison.console.keeping import FORM, number_of
from cloison.console.shell import page
from cloison.model.roles import VERB, Verb
from cloison.service.desk import Desk
from cloison.service.redacting import PRESETS, Hide, preview
from cloison.service.sealed_copies import SealedCopies
from cloison.service.sealed_tables import columns

Asking = Request[Any, Any, Any]
LEADS = {VERB: Verb.LEAD}


class HideForm(msgspec.Struct, frozen=True):
    """What to hide, one a line; `add` names columns that are hidden together."""

    columns: str = ""
    values: str = ""
    principals: str = ""
    add: str = ""


class NumberForm(msgspec.Struct, frozen=True):
    """The number of a copy."""

    number: str = ""


@get("/seal", opt=LEADS, sync_to_thread=True, include_in_schema=False)
def seal_page(request: Asking, desk: Desk, copies: SealedCopies) -> Template:
    """The copies that there are, how far the next one is, and what it is to hide."""
    return _page(request, desk, copies, Hide())


@post("/seal/preview", opt=LEADS, sync_to_thread=True, include_in_schema=False, status_code=200)
def preview_page(request: Asking, desk: Desk, copies: SealedCopies, data: Annotated[HideForm, FORM]) -> Template:
    """How much a copy would hide, of each table and by each rule."""
    asked = _hide(data, PRESETS.get(data.add, ()))
    return _page(request, desk, copies, asked, shown=preview(desk.case, asked))


@post("/seal", opt=LEADS, sync_to_thread=True, include_in_schema=False)
def seal_case(request: Asking, copies: SealedCopies, data: Annotated[HideForm, FORM]) -> Redirect:
    """Begin to seal a copy."""
    copies.begin(_hide(data), who=request.user.name)
    return Redirect("/seal", status_code=303)


@post("/seal/stop", opt=LEADS, sync_to_thread=True, include_in_schema=False)
def stop_page(copies: SealedCopies) -> Redirect:
    """Stop what is being made."""
    copies.stop()
    copies.wait(2)
    return Redirect("/seal", status_code=303)


@get("/seal/{number:int}/file", opt=LEADS, sync_to_thread=True, include_in_schema=False)
def seal_download(request: Asking, copies: SealedCopies, number: int) -> File:
    """Take a copy along."""
    found, path = copies.take(number, who=request.user.name)
    return File(path, filename=found.file)


@post("/seal/remove", opt=LEADS, sync_to_thread=True, include_in_schema=False)
def remove_page(request: Asking, copies: SealedCopies, data: Annotated[NumberForm, FORM]) -> Redirect:
    """Delete a copy."""
    copies.remove(number_of(data.number), who=request.user.name)
    return Redirect("/seal", status_code=303)


def _page(request: Asking, desk: Desk, copies: SealedCopies, asked: Hide, **more: Any) -> Template:
    told = {
        "asked": asked,
        "shown": None,
        "making": copies.making(),
        "copies": copies.listed(),
        "presets": PRESETS,
        "tables": columns(),
        "place": copies.place,
    }
    return page(request, desk, "seal.html", hours=False, **told | more)


def _hide(form: HideForm, columns: Iterable[str] = ()) -> Hide:
    return Hide([*dict.fromkeys([*_lines(form.columns), *columns])], _lines(form.values), _lines(form.principals))


def _lines(text: str) -> list[str]:
    """What stands on the lines, each once."""
    return list(dict.fromkeys(one for line in text.splitlines() if (one := line.strip())))
