"""A page whose server ended, or that slept too long, continues in a new session.

A digit is in the query string; other pictures and uploaded files were in the memory of the old
session.
"""

from __future__ import annotations

import streamlit as st

from app.session import state
from app.streamlit_internals import reconnecting

_WELCOME = (
    "The connection was lost and is back. A digit and your settings are still here; other pictures "
    "and files have to be given again."
)


def follow() -> None:
    """Rerun any page when it reconnects, and tell the visitor."""
    reconnecting.run_again()
    if state.is_first_run() and reconnecting.had_a_session():
        st.toast(_WELCOME, icon=":material/link:", duration="long")
