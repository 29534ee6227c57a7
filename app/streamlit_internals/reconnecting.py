"""What a page does when its websocket reconnects.

Relied on, though undocumented: a page that holds a fragment with ``run_every`` reruns as a whole
when it reconnects; and the browser sends its old session as the websocket's third subprotocol.
Without the first, a page does not react after the server was restarted; without the second, the
visitor is not told (tests/e2e/hosting/test_replicas.py).
"""

from __future__ import annotations

import streamlit as st

_LATER = 24 * 3600  # seconds, as a number: for a string Streamlit imports pandas


@st.fragment(run_every=_LATER)
def run_again() -> None:
    """Rerun the page at once when it reconnects. Shows nothing.

    Otherwise the page would wait for a click and then request a fragment that the new session does
    not have, so nothing would happen.
    """


def had_a_session() -> bool:
    """Whether the browser sent an old session when it connected."""
    protocols = st.context.headers.get("Sec-WebSocket-Protocol", "").split(",")
    return len(protocols) > 2 and bool(protocols[2].strip())
