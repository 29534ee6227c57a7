"""The route of all our endpoints, which are below ``served/``.

Their modules are imported at the first request, so that the server starts sooner. Whoever asks
every few seconds whether a new server is ready must not make it import the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send


def routes(base: str = "") -> list[Route]:
    """The routes to add to the Streamlit app, which is served below the path ``base``."""
    return [
        Route(f"{base}/served/ready", LazyRouter(base, READINESS)),
        Route(f"{base}/served/{{path:path}}", LazyRouter(base, ENDPOINTS)),
    ]


READINESS = ("app.startup.readiness",)
ENDPOINTS = ("app.upload.api", "app.draw.results.result_api", "app.web.assets")


class LazyRouter:
    """An ASGI app that imports the endpoints at its first request."""

    def __init__(self, base: str, modules: Sequence[str]) -> None:
        self._base, self._modules = base, modules
        self._router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route the request."""
        if self._router is None:
            self._router = await run_in_threadpool(self._import)
        await self._router(scope, receive, send)

    def _import(self) -> Router:
        modules = map(import_module, self._modules)
        return Router([route for module in modules for route in module.routes(self._base)])
