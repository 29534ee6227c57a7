"""What a page does by itself when its websocket is back.

Relied on, both found by trying and in no documentation: a page that holds a fragment with
``run_every`` runs as a whole when it reconnects; and the browser names the session that it had as
the websocket's third subprotocol. If the first goes, visitors of a server that was restarted see a
page that answers nothing; if the second goes, they are not told
(tests/e2e/hosting/test_replicas.py).
"""

from __future__ import annotations

import streamlit as st

_LATER = 24 * 3600  # seconds, as a number: a text has Streamlit import pandas


@st.fragment(run_every=_LATER)
def run_again() -> None:
    """Have the page run again at once when it reconnects. It shows nothing.

    Any other page would wait for a click and then name a fragment that the new session never had:
    nothing would happen, ever.
    """


def had_a_session() -> bool:
    """Whether the browser named a session when it connected."""
    named = st.context.headers.get("Sec-WebSocket-Protocol", "").split(",")
    return len(named) > 2 and bool(named[2].strip())
