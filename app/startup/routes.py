"""The route of all our endpoints, which are below ``served/``.

Their modules are imported at the first request, so that the server starts sooner. Whoever asks
every few seconds whether a new server is ready must not make it import the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send


def routes(base: str = "") -> list[Route]:
    """The routes to add to the Streamlit app, which is served below the path ``base``."""
    return [
        Route(f"{base}/served/ready", LazyRouter(base, _readiness)),
        Route(f"{base}/served/{{path:path}}", LazyRouter(base, _endpoints)),
    ]


def _readiness(base: str) -> Sequence[Route]:
    from app.startup import readiness

    return readiness.routes(base)


def _endpoints(base: str) -> Sequence[Route]:
    from app.benchmark.beyond import endpoint as beyond
    from app.draw.picture import endpoint as picture
    from app.draw.reading import endpoint as reading
    from app.upload import api
    from app.web import assets

    return [
        route for module in (api, reading, picture, beyond, assets) for route in module.routes(base)
    ]


class LazyRouter:
    """An ASGI app that imports the endpoints at its first request."""

    def __init__(self, base: str, endpoints: Callable[[str], Sequence[Route]]) -> None:
        self._base, self._endpoints = base, endpoints
        self._router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route the request."""
        if self._router is None:
            self._router = await run_in_threadpool(self._import)
        await self._router(scope, receive, send)

    def _import(self) -> Router:
        return Router(self._endpoints(self._base))
