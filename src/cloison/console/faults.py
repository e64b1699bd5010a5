"""What does a person see who may not, or asks for what is not there?"""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Template

from cloison.errors import CloisonError
from cloison.service.desk import NotReadyError

LOGIN = "/login"


def fault_page(request: Request[Any, Any, Any], fault: Exception) -> Response[Any]:
    """A page that says what went wrong; who is not logged in is led to where that is done."""
    if isinstance(fault, NotReadyError):
        context = {"standing": fault.standing, "person": None}
        return Template("making.html", context=context, status_code=503, headers={"retry-after": "3"})
    status, what, remedy = _told(fault)
    if status == 401 and request.method == "GET":
        return Redirect(f"{LOGIN}?{urlencode({'next': request.url.path})}", status_code=303)
    said = {"status": status, "what": what, "remedy": remedy, "person": None}
    return Template("fault.html", context=said, status_code=status)


def _told(fault: Exception) -> tuple[int, str, str]:
    if isinstance(fault, CloisonError):
        return 422, f"{fault.where}: {fault.what}" if fault.where else fault.what, fault.remedy
    if isinstance(fault, HTTPException):
        return fault.status_code, str(fault.detail), ""
    return 500, "a fault of cloison", ""
