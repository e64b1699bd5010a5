"""What people write: marks on a row, reports of colleagues, saved views, links to one view."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from litestar import Request, get, post
from litestar.enums import RequestEncodingType
from litestar.exceptions import PermissionDeniedException
from litestar.params import Body
from litestar.response import Redirect, Template
from markupsafe import Markup

from cloison.console.asking import address, words_of
from cloison.console.cells import Row
from cloison.console.listing import asked, listing
from cloison.console.searching import LAYERS
from cloison.console.shell import page
from cloison.errors import InputError
from cloison.model.roles import VERB, Role, Verb, may
from cloison.service.desk import Desk
from cloison.service.marking import MARKED_BY_HAND, Kind, mark, marks, takes, withdraw
from cloison.service.marking_views import View, save_view, share, shares, view_numbered, views

Asking = Request[Any, Any, Any]
_TABLES = {
    "/scope": "touched",
    "/graph": "compromised",
    "/credentials": "rotations",
    "/coverage": "coverage",
    "/detections": "detections",
}
"""What a link to a page shows: its rows."""


class MarkForm(msgspec.Struct, frozen=True):
    """A mark, and the page to go back to."""

    kind: str
    about: str
    text: str = ""
    back: str = "/notes"


class WithdrawForm(msgspec.Struct, frozen=True):
    """The number of a mark to take back."""

    number: str
    back: str = "/notes"


class ViewForm(msgspec.Struct, frozen=True):
    """A page to be saved under a name."""

    name: str
    here: str


class ShareForm(msgspec.Struct, frozen=True):
    """A view to be shared for some days."""

    view: str
    days: str = "7"


FORM = Body(media_type=RequestEncodingType.URL_ENCODED)


@post("/marks", opt={VERB: Verb.MARK}, sync_to_thread=True, include_in_schema=False)
def mark_row(request: Asking, desk: Desk, data: Annotated[MarkForm, FORM]) -> Redirect:
    """Star, tag, comment or promote."""
    kind = next((one for one in MARKED_BY_HAND if one == data.kind and one is not Kind.REPORT), None)
    if kind is None:
        raise InputError(f"no mark {data.kind[:40]!r}", remedy="star, tag, comment or promote")
    mark(desk.case, kind, data.about, data.text, who=request.user.name)
    return _back(data.back)


@post("/reports", opt={VERB: Verb.REPORT}, sync_to_thread=True, include_in_schema=False)
def report_row(request: Asking, desk: Desk, data: Annotated[MarkForm, FORM]) -> Redirect:
    """Say that one may have touched something oneself."""
    mark(desk.case, Kind.REPORT, data.about, data.text, who=request.user.name)
    return _back(data.back)


@post("/marks/withdraw", opt={VERB: Verb.REPORT}, sync_to_thread=True, include_in_schema=False)
def withdraw_mark(request: Asking, desk: Desk, data: Annotated[WithdrawForm, FORM]) -> Redirect:
    """Take a mark back: one's own, or any for who may."""
    number = number_of(data.number)
    role = request.user.role
    needed = takes(marks(desk.case).numbered(number))
    if not may(role, needed):
        raise PermissionDeniedException(f"a {role} may not do this: it takes the right to {needed}")
    withdraw(desk.case, number, who=request.user.name, any_of=may(role, Verb.LEAD))
    return _back(data.back)


@get("/notes", opt={VERB: Verb.READ}, sync_to_thread=True, include_in_schema=False)
def notes_page(request: Asking, desk: Desk) -> Template:
    """What people said about the case, and the views that they saved."""
    held = marks(desk.case)
    told = [one for one in held.held if one.kind in MARKED_BY_HAND]
    kinds = [(kind, [one for one in told if one.kind is kind]) for kind in MARKED_BY_HAND]
    saved = [(one, address(one.path, parse_qs(one.query))) for one in views(held)]
    return page(
        request, desk, "notes.html", kinds=kinds, broken=held.broken, saved=saved, shares=shares(held), secret=""
    )


@post("/views", opt={VERB: Verb.MARK}, sync_to_thread=True, include_in_schema=False)
def save_page(request: Asking, desk: Desk, data: Annotated[ViewForm, FORM]) -> Redirect:
    """Save a page with its filters."""
    parts = urlsplit(data.here)
    save_view(desk.case, data.name, parts.path, parts.query, who=request.user.name)
    return Redirect("/notes#views", status_code=303)


@post("/shares", opt={VERB: Verb.LEAD}, sync_to_thread=True, include_in_schema=False, status_code=200)
def share_page(request: Asking, desk: Desk, data: Annotated[ShareForm, FORM]) -> Template:
    """Make a link to a view, which is told this once."""
    secret, made = share(desk.case, number_of(data.view), days=number_of(data.days), who=request.user.name)
    link = f"{str(request.base_url).rstrip('/')}/shared/{secret}"
    return page(request, desk, "shared.html", hours=False, link=link, share=made)


@get("/view/{number:int}", opt={VERB: Verb.READ_VIEW}, sync_to_thread=True, include_in_schema=False)
def view_page(request: Asking, desk: Desk, number: int) -> Template | Redirect:
    """One saved view: the page itself, or for a guest its rows alone."""
    guest = request.user.role is Role.GUEST
    if guest and request.user.view != str(number):
        raise PermissionDeniedException("this link shows another view")
    saved = view_numbered(marks(desk.case), number)
    words = parse_qs(saved.query)
    if not guest:
        return Redirect(str(address(saved.path, words)), status_code=303)
    after = words_of(request).get("after")
    question = asked(_table_of(saved, words), words | ({"after": after} if after else {}))
    table = listing(desk.view(), question, request.url.path, {}, caption=saved.name)
    bare = replace(
        table, rows=[_bare(row) for row in table.rows], heads=[replace(one, href=Markup()) for one in table.heads]
    )
    following = address(request.url.path, {}, after=_after(table.following)) if table.following else None
    bare = replace(bare, following=following, first=address(request.url.path) if after else None, marks={})
    return page(request, desk, "view.html", told=bare, saved=saved, filters=words.get("f", []))


def _after(following: Markup) -> Sequence[str]:
    return parse_qs(urlsplit(following.unescape()).query).get("after", [])


def _bare(row: Row) -> Row:
    """A row that leads nowhere."""
    return replace(row, cells=tuple(replace(one, href=None) for one in row.cells))


def _table_of(saved: View, words: dict[str, list[str]]) -> str:
    if saved.path == "/timeline":
        layer = (words.get("layer") or ["timeline"])[-1]
        return layer if layer in dict(LAYERS) and layer != "promoted" else "timeline"
    return _TABLES.get(saved.path) or saved.path.removeprefix("/table/")


def number_of(text: str) -> int:
    """The number that a form names.

    Raises:
        InputError: it is none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise InputError(f"{text[:40]!r} is no number", remedy="take it from the page")
    return int(text)


def _back(path: str) -> Redirect:
    """Back to the page of the console from which a form was sent, and never elsewhere."""
    parts = urlsplit(path)
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/") and "\\" not in path
    return Redirect(path if inside and path.isprintable() and not path.startswith("//") else "/notes", status_code=303)
