"""The server. ``streamlit run`` finds this file without an argument."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from app import (
    first_start,
    messages,
    reading_routes,
    resources,
    security,
    served,
    shell,
    upload_routes,
)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start loading TensorFlow with the server, and end its process with it."""
    worker = resources.tensorflow()
    first_start.begin()
    try:
        yield {}
    finally:
        worker.close()


base = security.base_path()
app = st.App(
    "app/dashboard.py",
    routes=[
        *upload_routes.routes(base),
        *reading_routes.routes(base),
        *served.routes(base),
        *shell.routes(base),
    ],
    middleware=[Middleware(security.SecurityHeaders), Middleware(messages.VisitorsMessages)],
    exception_handlers={500: security.server_error},
    lifespan=lifespan,
)
