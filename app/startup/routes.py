"""Our own addresses, all below ``served/``.

What answers there is imported at the first request, and not before the server answers at all.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send


def routes(base: str = "") -> list[Route]:
    """The route to add to the Streamlit app, which lives under the path ``base``."""
    return [Route(f"{base}/served/{{path:path}}", Served(base))]


class Served:
    """An ASGI app for all of them."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        if self._router is None:
            self._router = await run_in_threadpool(self._import)
        await self._router(scope, receive, send)

    def _import(self) -> Router:
        from app.draw.results import result_api
        from app.upload import api
        from app.web import assets

        parts = (api, result_api, assets)
        return Router([route for part in parts for route in part.routes(self._base)])
