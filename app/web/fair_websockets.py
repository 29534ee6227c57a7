"""Runs of pages take turns: what a socket sends waits in front of Streamlit (`turns.py`).

Messages that have come meanwhile are passed on together, and Streamlit merges them into one run, so
that who asks too often gets fewer runs, and never an old one. A socket that sends still more is
not read. Nothing is dropped but a message that repeats the one before it.
"""

from __future__ import annotations

import asyncio
from collections import deque

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.streamlit_internals import run_messages
from app.web.large_messages import LargeMessages
from app.web.limits import LIMITS, Limits
from app.web.turns import Client, Turn, Turns

_PARSED = 20e-9  # seconds that reading a byte of a message takes
_SILENT = 5.0  # seconds after which a socket may be closed for a newcomer
_TRY_AGAIN = 1013  # of RFC 6455's registry
FULL = "As many visitors as this server can answer are here. Try again in a moment."


class FairWebsockets:
    """The sockets of all visitors."""

    def __init__(self, app: ASGIApp, turns: Turns, limits: Limits = LIMITS) -> None:
        self._app, self._turns, self._limits = app, turns, limits
        self._open: set[_Socket] = set()
        self._large = LargeMessages(limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket; refuse it with 503 when there are too many that are in use."""
        if len(self._open) >= self._limits.websockets and not self._make_room():
            await _refuse(scope, receive, send)
            return
        socket = _Socket(self._turns, self._large, receive, send)
        self._open.add(socket)
        try:
            await socket.serve(self._app, scope)
        finally:
            self._open.discard(socket)
            self._large.leave(socket)

    def _make_room(self) -> bool:
        """Close the socket that has been silent longest, first of those that never asked."""
        silent = min(self._open, key=lambda each: (each.client.known, each.heard))
        if self._turns.clock() - silent.heard < _SILENT:
            return False
        self._open.discard(silent)
        silent.leave()
        return True


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if "websocket.http.response" in scope.get("extensions", {}):
        await PlainTextResponse(FULL, 503, headers={"Retry-After": "5"})(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": _TRY_AGAIN})


class _Socket:
    """One visitor's socket."""

    def __init__(self, turns: Turns, large: LargeMessages, receive: Receive, send: Send) -> None:
        self.client = Client()
        self.heard = turns.clock()  # when it sent something last
        self._turns, self._large, self._receive, self._send = turns, large, receive, send
        self._turn: Turn | None = None
        self._is_connecting = True
        self._pending: deque[Message] = deque()
        self._came = self._bytes = 0  # since messages were passed on last
        self._passed: deque[Message] = deque()
        self._goodbye: Message | None = None
        self._changed = asyncio.Event()  # something came, or went

    async def serve(self, app: ASGIApp, scope: Scope) -> None:
        """Let the app talk to the visitor, in turns."""
        self._passed.append(await self._receive())  # websocket.connect
        reader = asyncio.create_task(self._read())
        try:
            if await self._take():
                await app(scope, self._next, self._say)
            else:
                await self._send({"type": "websocket.close", "code": _TRY_AGAIN})
        finally:
            reader.cancel()
            self._end()

    def leave(self) -> None:
        """Close the socket, whatever it still has to say."""
        self._goodbye = {"type": "websocket.disconnect", "code": _TRY_AGAIN}
        self._changed.set()

    async def _read(self) -> None:
        """Take what comes, until there is enough."""
        while self._goodbye is None:
            message = await self._receive()
            self.heard = self._turns.clock()
            if message["type"] != "websocket.receive":
                self._goodbye = self._goodbye or message
            elif message.get("bytes") is None:  # text, at which Streamlit raises TypeError
                self.leave()
            else:
                size = len(message.get("bytes") or b"")
                if not self._large.fits(self, size):
                    self.leave()
                    return
                self._came, self._bytes = self._came + 1, self._bytes + size
                if not self._pending or message != self._pending[-1]:
                    self._pending.append(message)
            self._changed.set()
            while self._is_full() and self._goodbye is None:
                await self._change()

    def _is_full(self) -> bool:
        limits = self._large.limits
        return self._came >= limits.messages or self._bytes >= limits.pending_bytes

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    async def _next(self) -> Message:
        """The next message for Streamlit."""
        if not self._passed:
            if self._is_connecting:  # and the session is there now
                self._is_connecting = False
                self._end()
            while not self._pending and self._goodbye is None:
                await self._change()
            if self._goodbye is not None or not await self._pass_on():
                return await self._leave()
        return self._passed.popleft()

    async def _leave(self) -> Message:
        """Tell Streamlit, and a visitor who was made to leave, that this is the end."""
        assert self._goodbye is not None
        if self._goodbye.get("code") == _TRY_AGAIN:
            await self._say({"type": "websocket.close", "code": _TRY_AGAIN})
        return self._goodbye

    async def _pass_on(self) -> bool:
        """Pass all that is pending on, in turn; False when the visitor leaves meanwhile."""
        is_running = self._turn is not None and not self._turns.is_greedy(self.client)
        if not is_running:
            self._end()
            if not await self._take():
                return False
        self._passed, self._pending = self._pending, deque()
        each = self._large.limits.message_seconds
        self._turns.charge(self.client, self._came * each + self._bytes * _PARSED)
        self._came = self._bytes = 0
        self._changed.set()
        if not is_running and not any(map(run_messages.starts_run, self._passed)):
            self._end()
        self.client.known = self.client.known or is_running
        return True

    async def _take(self) -> bool:
        """Take a turn; False when the visitor leaves meanwhile."""
        taking = asyncio.ensure_future(self._turns.take(self.client, bounded=False))
        change = None
        try:
            while not taking.done() and self._goodbye is None:
                change = asyncio.ensure_future(self._change())
                await asyncio.wait((taking, change), return_when=asyncio.FIRST_COMPLETED)
                change.cancel()
        except asyncio.CancelledError:  # the server ends
            for each in (taking, change):
                if each is not None:
                    each.cancel()
            raise
        if self._goodbye is None:
            self._turn = taking.result()
        elif not taking.cancel():
            self._turns.end(taking.result())
        return self._goodbye is None

    async def _say(self, message: Message) -> None:
        if run_messages.ends_run(message):
            self.client.known = True
            self._end()
        if self._goodbye is not None and message["type"] == "websocket.send":
            return  # nobody hears it
        try:
            await self._send(message)
        except OSError:  # the visitor has left, which Streamlit hears in its turn
            self._goodbye = self._goodbye or {"type": "websocket.disconnect", "code": 1006}
            self._changed.set()

    def _end(self) -> None:
        if self._turn is not None:
            self._turns.end(self._turn)
            self._turn = None
