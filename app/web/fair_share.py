"""ASGI middleware: requests take turns, so that nobody's keep others waiting (`turns.py`)."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.fair_websockets import FairWebsockets
from app.web.limits import LIMITS, Limits
from app.web.own_site import PROBED
from app.web.turns import BusyError, Client, Turn, Turns

_LOG = logging.getLogger(__name__)
_REMEMBERED = 2_000  # connections that asked last
_AT_ONCE = 0.005  # seconds that sending takes at most while the browser reads
BUSY = "The server has too much to do just now. Try again in a moment."


class FairShare:
    """Around everything that computes. ``base`` is the path below which the app is served."""

    def __init__(self, app: ASGIApp, base: str = "", limits: Limits = LIMITS) -> None:
        self._app, self._limits = app, limits
        # Never refused: whoever asks would end a busy server.
        self._probed = {base + path for path in PROBED}
        self._turns = Turns(limits)
        self._clients: OrderedDict[Any, Client] = OrderedDict()
        self._websockets = FairWebsockets(app, self._turns, limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer once it is the client's turn; 503 where too many wait."""
        if scope["type"] == "websocket":
            await self._websockets(scope, receive, send)
        elif scope["type"] == "http":
            request = _Request(self._app, self._turns, self._client(scope))
            request.bounded = scope["path"] not in self._probed
            try:
                await request.run(scope, receive, send)
            except BusyError:
                busy = PlainTextResponse(BUSY, 503, headers={"Retry-After": "2"})
                await busy(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _client(self, scope: Scope) -> Client:
        """The connection, or the address that a proxy forwarded: uvicorn gives it the port 0."""
        address = tuple(scope.get("client") or ())
        client = self._clients.pop(address, None)
        if client is None:
            forwarded = address[1:] == (0,)
            client = Client(weight=1 / self._limits.address_visitors if forwarded else 1.0)
        self._clients[address] = client
        if len(self._clients) > _REMEMBERED:
            self._clients.popitem(last=False)
        return client


class _Request:
    """One request: its turn lasts while the app computes, not while the network is waited for."""

    def __init__(self, app: ASGIApp, turns: Turns, client: Client) -> None:
        self._app, self._turns, self._client = app, turns, client
        self._turn: Turn | None = None
        self.bounded = True  # whether it may be refused

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_body = scope["method"] not in ("GET", "HEAD")
        first = asyncio.ensure_future(receive()) if has_body else None
        await asyncio.sleep(0)  # what came with the headers is there then

        async def receive_between_turns() -> Message:
            nonlocal first
            coming, first = first or asyncio.ensure_future(receive()), None
            if not coming.done():
                self._end()
            message = await coming
            is_whole = message["type"] == "http.request" and not message.get("more_body")
            if is_whole and self._turn is None:
                await self._take()
            return message

        async def send_in_turn(message: Message) -> None:
            # A server sends at once, unless it has to wait for the network.
            waits = asyncio.get_running_loop().call_later(_AT_ONCE, self._end)
            await send(message)
            waits.cancel()
            # A response in parts waits for something between them: a file, lanes that still load.
            if message["type"] == "http.response.body":
                self._end()

        try:
            await self._take()
            await self._app(scope, receive_between_turns, send_in_turn)
        except ClientDisconnect:
            _LOG.warning("The sender of a %s request left before its end.", scope["method"])
        finally:
            if first is not None:
                first.cancel()
            self._end()

    async def _take(self) -> None:
        self._turn = await self._turns.take(self._client, bounded=self.bounded)

    def _end(self) -> None:
        if self._turn is not None:
            self._turns.end(self._turn)
            self._turn, self._client.known = None, True
