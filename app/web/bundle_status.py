"""Whether TensorFlow.js is being bundled now, and what a page says where there is no bundle."""

from __future__ import annotations

import threading

import streamlit as st

bundling = threading.Event()  # set by who bundles, for as long as it takes


def is_bundling() -> bool:
    """Whether the bundle is being made now."""
    return bundling.is_set()


def say_missing(lanes: str) -> None:
    """Say that only the server's lanes can do something, unless the bundle is on its way."""
    if not is_bundling():
        st.info(
            f"TensorFlow.js is not installed on this server, so only its own lanes {lanes}. "
            "Its operator installs it with: make install",
            icon=":material/info:",
        )
