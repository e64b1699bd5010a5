"""Which headers does every answer carry, errors too?"""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
}
_HSTS = {"strict-transport-security": "max-age=31536000"}
_STATIC = {"cache-control": "no-cache"}
"""The looks of the pages may be kept, and are asked for anew."""


class Guarded:
    """The application, every answer of which carries the headers."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app, self._always = app, HEADERS | (_HSTS if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        if "\0" in path:  # no file system takes it for a name, and none is asked
            scope["path"] = path.replace("\0", "\N{REPLACEMENT CHARACTER}")
        static = path.startswith("/static/")
        headers = self._always | (_STATIC if static else {})

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                carried = MutableScopeHeaders.from_message(message)
                for name, value in headers.items():
                    carried[name] = value
            await send(message)

        await self._app(scope, receive, sent)
