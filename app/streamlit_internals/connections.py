"""Time-outs and a number of connections for uvicorn, which Streamlit starts without either.

A stranger may open connections and say nothing, send a request or read an answer byte by byte, or
hold the server's end up with half an upload. uvicorn closes only what is idle after an answer.

Relied on: the handler of SIGTERM is a method of uvicorn's server, whose configuration is read anew
for each connection and at the end; its protocols' ``cycle``, ``connections``, ``transport`` and
``send_receive_event_to_app`` and ``handle_…``.
Where the server is another one, or not found, ``guard`` says so in the log and nothing is limited
(tests/e2e/hosting/test_connections.py).
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn

_LOG = logging.getLogger(__name__)
_EVERY = 1.0  # seconds between two looks at all connections
_SMALL_PART = 1_024  # bytes of a message; browsers send parts of a hundred thousand
_CLOSING = 5.0  # seconds in which a closed connection must have sent its last bytes


@dataclass(frozen=True)
class Bounds:
    """What `app/web/limits.py` has the numbers of, and the reasons."""

    connections: int
    head_seconds: float
    body_seconds: float
    body_bytes: int
    idle_upload_seconds: float
    reading_seconds: float
    reading_bytes: int
    shutdown_seconds: int
    message_bytes: int
    partial_bytes: int
    frames: int


def guard(bounds: Bounds) -> None:
    """Apply ``bounds`` to the running server's connections, from the lifespan's event loop on."""
    server = _server()
    if server is None:
        _LOG.warning("This server is not uvicorn's: its connections have no limits.")
        return
    config: Any = server.config
    config.timeout_graceful_shutdown = bounds.shutdown_seconds
    config.ws_max_size = min(config.ws_max_size, bounds.message_bytes)
    config.http_protocol_class = _guarded(config.http_protocol_class, bounds)
    config.ws_protocol_class = _counting(config.ws_protocol_class, bounds)
    looking = asyncio.get_running_loop().create_task(_look(server.server_state.connections, bounds))
    _looking.add(looking)


_looking: set[asyncio.Task[None]] = set()  # kept from the garbage collector


def _server() -> uvicorn.Server | None:
    if threading.current_thread() is not threading.main_thread():
        return None
    owner = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return owner if isinstance(owner, uvicorn.Server) else None


async def _look(connections: set[Any], bounds: Bounds) -> None:
    while True:
        await asyncio.sleep(_EVERY)
        now = time.monotonic()
        for each in tuple(connections):
            if not hasattr(each, "dp_watch"):  # a websocket, which answers pings or is closed
                each.dp_watch = Watch(bounds, now)
            each.dp_frames = 0
            if each.dp_watch.is_over(now, each):
                each.transport.abort()
        drop_largest(connections, bounds.partial_bytes)


def drop_largest(connections: set[Any], bound: int) -> None:
    """Close the websockets with the longest unfinished messages, down to ``bound`` bytes in all."""
    partial = {each: getattr(each, "dp_partial", 0) for each in connections}
    while sum(partial.values()) > bound:
        largest = max(partial, key=lambda each: partial[each])
        del partial[largest]
        largest.transport.abort()


class Watch:
    """What a connection did lately."""

    def __init__(self, bounds: Bounds, now: float) -> None:
        self.bounds = bounds
        self.since = now  # when it began to wait for a request, or for a body
        self.heard = now  # when bytes came last
        self.received = 0  # bytes of this body
        self.phase = ""
        self.closing: float | None = None
        self.reading: tuple[float, int] | None = None  # since when, and how much it has to read
        self.resumed = 0

    def is_over(self, now: float, connection: Any) -> bool:
        """Whether the connection has had its time."""
        transport = connection.transport
        if transport.is_closing():
            self.closing = self.closing or now
            return now - self.closing > _CLOSING
        return self._is_late(now, connection) or self._reads_too_slowly(now, transport)

    def enter(self, phase: str, now: float) -> None:
        """Begin to wait for something else."""
        if phase != self.phase:
            self.phase, self.since, self.received = phase, now, 0

    def _is_late(self, now: float, connection: Any) -> bool:
        phase = phase_of(connection)
        self.enter(phase, now)
        bounds = self.bounds
        if phase == "head":
            return now - self.since > bounds.head_seconds
        if phase == "body":
            allowed = bounds.body_seconds + self.received / bounds.body_bytes
            return (
                now - self.since > allowed or now - self.heard > bounds.idle_upload_seconds
            ) and not _is_paused(connection)
        return False

    def _reads_too_slowly(self, now: float, transport: Any) -> bool:
        left = transport.get_write_buffer_size()
        if left == 0:
            self.reading = None
            return False
        if self.reading is None:
            self.reading, self.resumed = (now, left), 0
            return False
        since, begin = self.reading
        if now - since < self.bounds.reading_seconds:
            return False
        self.reading, resumed = (now, left), self.resumed
        self.resumed = 0
        return begin - left < self.bounds.reading_bytes and not resumed


def phase_of(connection: Any) -> str:
    """What the server waits for: a request's ``head``, its ``body``, or the app's ``answer``."""
    if not hasattr(connection, "cycle"):
        return "websocket"
    cycle = connection.cycle
    if cycle is None or cycle.response_complete:
        return "head"
    return "body" if cycle.more_body else "answer"


def _is_paused(connection: Any) -> bool:
    """Whether it is the app that does not take what has come."""
    return bool(connection.flow.read_paused)


def _guarded(protocol: type[Any], bounds: Bounds) -> type[Any]:
    class Guarded(protocol):  # type: ignore[misc]
        """A connection that is counted and watched."""

        dp_watch: Watch

        def connection_made(self, transport: Any) -> None:
            self.dp_watch = Watch(bounds, time.monotonic())
            super().connection_made(transport)
            if len(self.connections) > bounds.connections:
                _make_room(self.connections)

        def data_received(self, data: bytes) -> None:
            watch, now = self.dp_watch, time.monotonic()
            watch.heard = now
            super().data_received(data)
            watch.enter(phase_of(self), now)
            watch.received += len(data)

        def resume_writing(self) -> None:
            self.dp_watch.resumed += 1
            super().resume_writing()

        def shutdown(self) -> None:
            # Nobody is left who could use what is still on its way.
            if phase_of(self) == "body":
                self.transport.abort()
            else:
                super().shutdown()

    return Guarded


def _counting(protocol: type[Any], bounds: Bounds) -> type[Any]:
    class Counting(protocol):  # type: ignore[misc]
        """A websocket that knows how much of an unfinished message it holds."""

        dp_partial = 0
        dp_frames = 0  # since it was looked at last: those that are no message, and cost as much

        def dp_count(self) -> None:
            self.dp_frames += 1
            if self.dp_frames > bounds.frames:
                self.transport.abort()

        def handle_ping(self) -> None:
            self.dp_count()
            super().handle_ping()

        def handle_pong(self, event: Any) -> None:
            self.dp_count()
            super().handle_pong(event)

        def handle_cont(self, event: Any) -> None:
            if len(event.data) < _SMALL_PART:
                self.dp_count()
            super().handle_cont(event)

        def data_received(self, data: bytes) -> None:
            self.dp_partial += len(data)
            super().data_received(data)

        def send_receive_event_to_app(self) -> None:
            self.dp_partial = 0
            super().send_receive_event_to_app()

    return Counting


def _make_room(connections: set[Any]) -> None:
    """Close the connection that has waited longest for a request, or else the newest."""
    waiting = [each for each in connections if phase_of(each) == "head"]
    least: Callable[[Any], float] = lambda each: each.dp_watch.since  # noqa: E731
    if waiting:
        min(waiting, key=least).transport.abort()
