"""Which routes has the API?"""

from litestar import Router

from cloison.api.health import health

API = "/api/v1"


def api() -> Router:
    """All routes under `/api/v1`."""
    return Router(API, route_handlers=[health])
