"""Visitors whose server ended, or who slept too long: the page goes on, on a server new to them.

What they drew is in their address; what they uploaded was in the memory of a session that is gone.
"""

from __future__ import annotations

import streamlit as st

from app.session import state

_LATER = 24 * 3600  # seconds, as a number: a text has Streamlit import pandas
_WELCOME = (
    "The connection was lost and is back. Your digit and your settings are still here; "
    "files have to be uploaded again."
)


def follow() -> None:
    """Have every page run again by itself when it reconnects, and say so."""
    _renewed()
    if state.is_first_run() and _had_a_session():
        st.toast(_WELCOME, icon=":material/link:", duration="long")


@st.fragment(run_every=_LATER)
def _renewed() -> None:
    """Nothing; but a page with a part that renews itself is run again at once when it reconnects.

    Any other page would wait for a click and then name a fragment that the new session never had:
    nothing would happen, ever.
    """


def _had_a_session() -> bool:
    """Whether the browser named a session when it connected: its third subprotocol."""
    named = st.context.headers.get("Sec-WebSocket-Protocol", "").split(",")
    return len(named) > 2 and bool(named[2].strip())
