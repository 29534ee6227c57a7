"""Streamlit's runtime, which runs pages and serves components.

Relied on: ``streamlit.runtime.exists``. If it is removed, the warm-up's thread logs an
AttributeError, and the first visitor waits for what it would have done.
"""

from __future__ import annotations

from streamlit import runtime


def is_running() -> bool:
    """Whether components can register with it."""
    return bool(runtime.exists())
