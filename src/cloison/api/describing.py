"""How is the API described to programs? OpenAPI 3.1, made from the routes."""

from litestar import Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, Reference, SecurityScheme

from cloison import __version__
from cloison.api.problems import KEY, SESSION
from cloison.model.roles import VERB, Verb


def described(cookie: str) -> OpenAPIConfig:
    """The description at `/api/openapi.json`, of a console whose session cookie is called so."""
    return OpenAPIConfig(
        title="cloison",
        version=__version__,
        description=(
            "What did a leaked credential do? The answers of one case, and what people write into it. "
            "A request carries a key, or the cookie of a session and never both; with a cookie, one that changes "
            "something carries the header x-csrftoken too."
        ),
        components=Components(security_schemes=_schemes(cookie)),
        security=[{KEY: []}, {SESSION: []}],
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        openapi_router=Router("/api", route_handlers=[], opt={VERB: Verb.READ}, include_in_schema=False),
    )


def _schemes(cookie: str) -> dict[str, SecurityScheme | Reference]:
    return {
        KEY: SecurityScheme(
            type="http", scheme="bearer", description="A key for programs: `cloison users CASE key add NAME`."
        ),
        SESSION: SecurityScheme(
            type="apiKey", name=cookie, security_scheme_in="cookie", description="The session of who logged in."
        ),
    }
