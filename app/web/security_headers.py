"""The security headers of every response.

The content security policy allows only what Streamlit's page needs:

- ``blob:`` scripts: Components v2 import their JavaScript from such URLs;
- ``'wasm-unsafe-eval'``: TensorFlow.js compiles its WebAssembly. Plain ``eval`` stays forbidden:
  Streamlit runs Vega with its interpreter;
- ``'unsafe-inline'`` styles: Streamlit styles its elements at run time;
- ``data:`` and ``blob:`` images, fonts and media, which Streamlit makes from Python's bytes.

Other responses than pages have a shorter policy, which applies to web workers: a page fetches a
hundred files, most of them small.
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

FRAMED_BY = "DIGIT_PARITY_FRAMED_BY"  # environment variable: other sites that may frame the app

_STARTS = {"http.response.start", "websocket.http.response.start", "websocket.accept"}
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def base_path() -> str:
    """The path below which the app is served (``server.baseUrlPath``): empty or ``/a/path``."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def content_security_policy(framed_by: str = "", *, page: bool = True) -> str:
    """The policy. ``framed_by``: other sites that may frame the app, separated by spaces.

    Raises ValueError when ``framed_by`` holds a separator of rules or headers.
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
    """The hashes that allow the inline scripts of our page, and no others."""
    scripts = _INLINE_SCRIPT.findall(page_html.html())
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


@cache
def headers(*, page: bool) -> dict[str, str]:
    """The headers of every page, or of every other response."""
    return {
        "Content-Security-Policy": content_security_policy(
            os.environ.get(FRAMED_BY, ""), page=page
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",  # the URL holds the visitor's digit
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        # A cross-origin isolated page may share memory with web workers and has a finer clock.
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class SecurityHeaders:
    """ASGI middleware that adds the headers to every response, websockets' included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, and add the headers."""
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
    # A 304 names no content type, and its headers replace those of the cached page.
    return kind.startswith("text/html") or start.get("status") == 304


async def server_error(_request: Request, _error: Exception) -> Response:
    """The response to an unhandled error, without traceback or path. The log has both."""
    return PlainTextResponse(
        "Something went wrong on the server. Try again.",
        status_code=500,
        headers=headers(page=False),
    )
