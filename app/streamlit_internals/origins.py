"""Which hosts and origins Streamlit accepts for its websocket, for our own addresses too.

Relied on: ``is_host_allowed``, which reads ``server.allowedHosts``, and ``_is_origin_allowed``,
which compares Origin with Host and reads ``server.corsAllowedOrigins``. If they move, the server
does not start. If the addresses do, the health of a busy server is refused. And
``net_util.get_external_ip``: should it move, every request with a foreign Origin stops the server
for up to two seconds again (tests/app/web/test_own_site.py).
"""

from __future__ import annotations

from streamlit import net_util
from streamlit.web.server.starlette import starlette_websocket

OWN = "/_stcore/"  # Streamlit's addresses, below the app's root: it says itself which sites may ask
HEALTH = f"{OWN}health"  # probed by address, from within a cluster


def ask_nobody() -> None:
    """Let Streamlit compare origins with what it knows.

    For an Origin that it does not know, also of its own addresses, it would ask a service on the
    Internet for this machine's address, within the event loop.
    """
    net_util.get_external_ip = lambda: None


def is_host_allowed(host: str | None) -> bool:
    """Whether the operator named this host, or none at all."""
    return bool(starlette_websocket.is_host_allowed(host))


def is_origin_allowed(origin: str | None, host: str | None) -> bool:
    """Whether a page of ``origin`` may ask ``host``; a request without Origin may."""
    return bool(starlette_websocket._is_origin_allowed(origin, host))
