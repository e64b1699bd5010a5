"""How is the API described to programs? OpenAPI 3.1, made from the routes."""

from litestar import Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from cloison import __version__
from cloison.model.roles import VERB, Verb


def described() -> OpenAPIConfig:
    """The description at `/api/openapi.json`."""
    return OpenAPIConfig(
        title="cloison",
        version=__version__,
        description=(
            "What did a leaked credential do? The answers of one case, and what people write into it. "
            "A request carries the cookie of a session; one that changes something also the header x-csrftoken."
        ),
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        openapi_router=Router("/api", route_handlers=[], opt={VERB: Verb.READ}, include_in_schema=False),
    )
