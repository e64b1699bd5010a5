"""Does an address lead to a page of this server, and nowhere else?"""

import re

_INSIDE = re.compile(r"/(?![/\\])[A-Za-z0-9_.~%!$&'()*+,;=:@/?-]*")


def inside(path: str) -> str:
    """The path if it is one of this server, else the first page: nobody is led elsewhere after logging in."""
    return path if _INSIDE.fullmatch(path) else "/"
