"""Visitors whose server ended, or who slept too long: the page goes on, on a server new to them.

What they drew is in their address; what they uploaded was in the memory of a session that is gone.
"""

from __future__ import annotations

import streamlit as st

from app.session import state
from app.streamlit_internals import reconnecting

_WELCOME = (
    "The connection was lost and is back. Your digit and your settings are still here; "
    "files have to be uploaded again."
)


def follow() -> None:
    """Have every page run again by itself when it reconnects, and say so."""
    reconnecting.run_again()
    if state.is_first_run() and reconnecting.had_a_session():
        st.toast(_WELCOME, icon=":material/link:", duration="long")
