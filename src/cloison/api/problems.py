"""How does the API say that something went wrong? Problem details, RFC 9457."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from cloison.errors import CaseError, CloisonError, EvidenceError, InputError

MEDIA_TYPE = "application/problem+json"
_STATUS: dict[type[CloisonError], int] = {InputError: 422, EvidenceError: 409, CaseError: 409}
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


def problem_of(fault: Exception) -> Problem:
    """The problem that an exception is; of a fault of cloison itself nothing is told but that it is one."""
    if isinstance(fault, CloisonError):
        status = next((code for kind, code in _STATUS.items() if isinstance(fault, kind)), 500)
        return Problem(_TITLES.get(status, "A fault"), status, fault.what, fault.where, fault.remedy)
    if isinstance(fault, HTTPException):
        return Problem(_TITLES.get(fault.status_code, "A fault"), fault.status_code, str(fault.detail))
    return Problem("A fault of cloison", 500)


def problem_response(_: Request[Any, Any, Any], fault: Exception) -> Response[Problem]:
    """A problem as a response."""
    told = problem_of(fault)
    headers = fault.headers if isinstance(fault, HTTPException) else None
    return Response(told, status_code=told.status, media_type=MEDIA_TYPE, headers=headers)
