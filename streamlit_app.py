"""The server. ``streamlit run`` finds this file without an argument."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from app import resources, served


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start loading TensorFlow with the server, and end its process with it."""
    worker = resources.tensorflow()
    try:
        yield {}
    finally:
        worker.close()


app = st.App("app/dashboard.py", routes=served.routes(), lifespan=lifespan)
