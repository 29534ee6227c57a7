"""ASGI middleware: only our own site's pages may ask our addresses, under names that are ours.

Streamlit checks both for its websocket alone. A page of another site could otherwise have a
visitor's browser work for it; or, once its own name leads to this machine (DNS rebinding), read
what it gets.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.streamlit_internals import origins

# Asked by whoever runs the server, by its address, from within a cluster or a container.
PROBED = (origins.HEALTH, "/served/ready")


class OwnSite:
    """Around the app, which is served below the path ``base``."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self._app, self._base = app, base
        origins.ask_nobody()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, or refuse with 403 or 421."""
        if scope["type"] == "http":
            path = scope["path"].removeprefix(self._base)
            refusal = _refusal(path, Headers(scope=scope))
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _refusal(path: str, headers: Headers) -> Response | None:
    host, origin = headers.get("host"), headers.get("origin")
    if path in PROBED:
        return None
    if not origins.is_host_allowed(host):
        return PlainTextResponse("This server has another name.", 421)
    if not path.startswith(origins.OWN) and not origins.is_origin_allowed(origin, host):
        return PlainTextResponse("Only the page itself may ask.", 403)
    return None
