"""Which pages are there?"""

from litestar import Router

from cloison.console.overview import overview


def pages() -> Router:
    """All pages of the console."""
    return Router("/", route_handlers=[overview], include_in_schema=False)
