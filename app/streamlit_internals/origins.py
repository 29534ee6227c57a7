"""Which hosts and origins Streamlit accepts for its websocket, for our own addresses too.

Relied on: ``is_host_allowed``, which reads ``server.allowedHosts``, and ``_is_origin_allowed``,
which compares Origin with Host and reads ``server.corsAllowedOrigins``. If they move, the server
does not start. If the addresses do, the health of a busy server is refused.
"""

from __future__ import annotations

from streamlit.web.server.starlette import starlette_websocket

OWN = "/_stcore/"  # Streamlit's addresses, below the app's root: it says itself which sites may ask
HEALTH = f"{OWN}health"  # probed by address, from within a cluster


def is_host_allowed(host: str | None) -> bool:
    """Whether the operator named this host, or none at all."""
    return bool(starlette_websocket.is_host_allowed(host))


def is_origin_allowed(origin: str | None, host: str | None) -> bool:
    """Whether a page of ``origin`` may ask ``host``; a request without Origin may."""
    return bool(starlette_websocket._is_origin_allowed(origin, host))
