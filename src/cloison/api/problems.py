"""How does the API say that something went wrong? Problem details, RFC 9457."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec

from cloison.errors import CaseError, CloisonError, EvidenceError, InputError
from cloison.service.desk import NotReadyError

SESSION, KEY = "session", "key"
"""How a request says whose it is, by the names that the description gives them."""
BY_SESSION = [{SESSION: list[str]()}]
"""Of a route that no key opens."""
_NOT_READY, _SOON_SECONDS = 503, "2"
MEDIA_TYPE = "application/problem+json"
_STATUS: dict[type[CloisonError], int] = {InputError: 422, EvidenceError: 409, CaseError: 409, NotReadyError: 503}
_TITLES = {
    400: "The request cannot be understood",
    401: "Log in first",
    403: "Not allowed",
    404: "Not found",
    405: "No such method here",
    409: "The case cannot be used",
    413: "Too long",
    422: "An argument cannot be understood",
    429: "Too many requests",
    503: "The answers are not yet made",
}


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong, where, and what to do about it."""

    title: str
    status: int
    detail: str = ""
    where: str = ""
    remedy: str = ""
    type: str = "about:blank"


PROBLEMS: Mapping[int, ResponseSpec] = {
    status: ResponseSpec(Problem, generate_examples=False, media_type=MEDIA_TYPE, description=title)
    for status, title in _TITLES.items()
}
"""What every route may answer beside what it is for."""
A_FILE = "application/octet-stream"
FILE_OR_PROBLEMS: Mapping[int, ResponseSpec] = {
    200: ResponseSpec(bytes, generate_examples=False, media_type=A_FILE, description="The file"),
    **PROBLEMS,
}
"""The same of a route that hands out a file; the framework's own description of one takes HTTP's dates for ISO's."""


def problem_of(fault: Exception) -> Problem:
    """The problem that an exception is; of a fault of cloison itself nothing is told but that it is one."""
    if isinstance(fault, CloisonError):
        status = next((code for kind, code in _STATUS.items() if isinstance(fault, kind)), 500)
        return Problem(_TITLES.get(status, "A fault"), status, fault.what, fault.where, fault.remedy)
    if isinstance(fault, HTTPException):
        return Problem(_TITLES.get(fault.status_code, "A fault"), fault.status_code, str(fault.detail), _places(fault))
    return Problem("A fault of cloison", 500)


def _places(fault: HTTPException) -> str:
    """Which arguments were wrong, and why."""
    listed = fault.extra if isinstance(fault.extra, list) else []
    told = [f"{one.get('key', 'the body')}: {one.get('message', '')}" for one in listed if isinstance(one, dict)]
    return "; ".join(told)


def problem_response(_: Request[Any, Any, Any], fault: Exception) -> Response[Problem]:
    """A problem as a response."""
    told = problem_of(fault)
    headers = fault.headers if isinstance(fault, HTTPException) else None
    if told.status == _NOT_READY:
        headers = {"retry-after": _SOON_SECONDS}
    return Response(told, status_code=told.status, media_type=MEDIA_TYPE, headers=headers)
