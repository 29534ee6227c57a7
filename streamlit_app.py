"""The server. ``streamlit run`` finds this file without an argument."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from app import addresses, messages, security, shell, streamlit_files, warm_up


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start loading TensorFlow with the server, and end its process with it."""
    warm_up.begin()
    try:
        yield {}
    finally:
        warm_up.end()


base = security.base_path()
app = st.App(
    "app/dashboard.py",
    routes=[*addresses.routes(base), *shell.routes(base)],
    middleware=[
        Middleware(security.SecurityHeaders),
        Middleware(streamlit_files.Packed, base=base),
        Middleware(messages.VisitorsMessages),
    ],
    exception_handlers={500: security.server_error},
    lifespan=lifespan,
)
