"""Whether TensorFlow.js is being bundled, and what a page says while there is no bundle."""

from __future__ import annotations

import threading

import streamlit as st

from models.tfjs import built

bundling = threading.Event()  # set by `auto_install` while it bundles


def is_bundling() -> bool:
    """Whether TensorFlow.js is being bundled."""
    return bundling.is_set()


def say_missing(lanes: str) -> None:
    """Say that only the server's ``lanes`` work, unless TensorFlow.js is being bundled."""
    if not is_bundling():
        st.info(
            f"TensorFlow.js is not installed on this server, so only its own lanes {lanes}. "
            f"For its operator: {built.remedy()}",
            icon=":material/info:",
        )
