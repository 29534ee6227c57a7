"""Request a path of an ASGI app without a server. No client normalises the path."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote

from tests.support import event_loop

Messages = list[dict[str, Any]]


def ask(app: Any, path: str, kind: str = "http", posted: bytes = b"", **more: Any) -> Messages:
    """The messages of the app's response. ``path`` is as in a URL, so it may be escaped.

    An exception in the app is raised only when it sent no response.
    """
    sent: Messages = []
    scope = {
        "type": kind,
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
        "root_path": "",
        **more,
    }
    first = {"type": "websocket.connect" if kind == "websocket" else "http.request", "body": posted}
    waiting = [first]

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop()
        return await asyncio.Future()  # the client sends nothing more, and stays connected

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def run() -> None:
        try:
            await app(scope, receive, send)
        except Exception:
            if not sent:
                raise

    event_loop.run(run())
    return sent


def headers(messages: Messages) -> dict[str, str]:
    """The headers of the response, by their names in lower case."""
    return {name.decode().lower(): value.decode() for name, value in messages[0]["headers"]}


def body(messages: Messages) -> bytes:
    return b"".join(message.get("body", b"") for message in messages[1:])
