"""The route of all our endpoints, which are below ``served/``.

Their modules are imported at the first request, so that the server starts sooner.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send


def routes(base: str = "") -> list[Route]:
    """The route to add to the Streamlit app, which is served below the path ``base``."""
    return [Route(f"{base}/served/{{path:path}}", LazyRouter(base))]


class LazyRouter:
    """An ASGI app that imports the endpoints at its first request."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route the request."""
        if self._router is None:
            self._router = await run_in_threadpool(self._import)
        await self._router(scope, receive, send)

    def _import(self) -> Router:
        from app.draw.results import result_api
        from app.upload import api
        from app.web import assets

        modules = (api, result_api, assets)
        return Router([route for module in modules for route in module.routes(self._base)])
