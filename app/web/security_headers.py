"""What every answer of the server says about itself, so that browsers keep strangers out.

The content security policy allows what Streamlit's page needs and nothing beyond:

- ``blob:`` scripts: Components v2 import their JavaScript from there;
- ``'wasm-unsafe-eval'``: TensorFlow.js compiles its WebAssembly. Plain ``eval`` stays forbidden:
  Streamlit runs Vega with its interpreter;
- ``'unsafe-inline'`` styles: Streamlit styles its elements as it makes them;
- ``data:`` and ``blob:`` pictures and fonts, which Streamlit makes from Python's bytes.

What is no page has a shorter one, for a thread that a script begins: a page fetches a hundred
files, most of them small.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from functools import cache

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web import page_html

FRAMED_BY = "DIGIT_PARITY_FRAMED_BY"  # environment: other sites that may show the app in a frame

_STARTS = {"http.response.start", "websocket.http.response.start", "websocket.accept"}
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def base_path() -> str:
    """The path that the whole app lives under (``server.baseUrlPath``): empty or ``/a/path``."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def content_security_policy(framed_by: str = "", *, page: bool = True) -> str:
    """The policy. ``framed_by``: further sites that may frame the app, with spaces between.

    Raises ValueError when ``framed_by`` would start another rule.
    """
    if set(framed_by) & set(";,\r\n"):
        raise ValueError(f"{FRAMED_BY} lists sites with spaces between, not {framed_by!r}.")
    rules = {
        "default-src": "'self'",
        "script-src": "'self' blob: 'wasm-unsafe-eval'",
        "connect-src": "'self' data: blob:",
        "frame-ancestors": f"'self' {framed_by}".strip(),
    }
    if page:
        rules |= {
            "script-src": f"{rules['script-src']} {' '.join(_inline_scripts())}",
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: blob:",
            "font-src": "'self' data:",
            "media-src": "'self' blob:",
            "worker-src": "'self' blob:",
            "frame-src": "'none'",
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
        }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _inline_scripts() -> list[str]:
    """The hashes that let the scripts in Streamlit's own HTML run, and no other inline script."""
    scripts = _INLINE_SCRIPT.findall(page_html.html())
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


@cache
def headers(*, page: bool) -> dict[str, str]:
    """The headers of every answer that is a page, or of every other one."""
    return {
        "Content-Security-Policy": content_security_policy(
            os.environ.get(FRAMED_BY, ""), page=page
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",  # the address holds the visitor's digit
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        # Apart from other sites' windows, the page may use threads and a fine clock.
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class SecurityHeaders:
    """ASGI middleware: the headers on every answer, also on a websocket's, accepted or refused."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, with the headers added."""
        refusals = "websocket.http.response" in scope.get("extensions", {})
        accepted = False

        async def send_with_headers(message: Message) -> None:
            nonlocal accepted
            if message["type"] == "websocket.close" and refusals and not accepted:
                # The server would answer 403 by itself, without headers.
                start = {"type": "websocket.http.response.start", "status": 403, "headers": []}
                await send_with_headers(start)
                await send({"type": "websocket.http.response.body", "body": b""})
                return
            accepted = accepted or message["type"] == "websocket.accept"
            if message["type"] in _STARTS:
                MutableHeaders(scope=message).update(headers(page=_is_page(message)))
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _is_page(start: Message) -> bool:
    kind = Headers(raw=list(start.get("headers", ()))).get("content-type", "")
    # "Not modified" does not say of what, and its headers replace those that were kept.
    return kind.startswith("text/html") or start.get("status") == 304


async def server_error(_request: Request, _error: Exception) -> Response:
    """What a visitor sees of an error in the server: no trace, no path. The log has both."""
    return PlainTextResponse(
        "Something went wrong on the server. Try again.",
        status_code=500,
        headers=headers(page=False),
    )
