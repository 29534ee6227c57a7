"""The ASGI app. ``streamlit run`` finds this file without an argument."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from app.startup import page_files, routes, script_errors, warm_up
from app.streamlit_internals import message_filter
from app.web import (
    connection_limits,
    fair_share,
    own_site,
    packed_assets,
    page_html,
    security_headers,
    upload_budget,
)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start the TensorFlow process with the server, and end it with the server."""
    connection_limits.apply()
    warm_up.begin()
    try:
        yield {}
    finally:
        warm_up.end()


base = security_headers.base_path()
app = st.App(
    "app/dashboard.py",
    routes=[
        *routes.routes(base),
        *page_html.routes(base, page_files.STYLES),
    ],
    middleware=[
        Middleware(security_headers.SecurityHeaders),
        Middleware(own_site.OwnSite, base=base),
        Middleware(fair_share.FairShare, base=base),
        Middleware(packed_assets.PackedAssets, base=base),
        Middleware(upload_budget.UploadBudget, base=base),
        Middleware(message_filter.MessageFilter),
    ],
    on_script_error=script_errors.show,
    exception_handlers={500: security_headers.server_error},
    lifespan=lifespan,
)
