"""A connection has its time for a request, for a body and for reading; a clock of ours tells it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app.streamlit_internals.connections import Watch, drop_largest, phase_of
from app.web.limits import LIMITS, MIB


class Connection:
    """One of uvicorn's, as far as it is looked at."""

    def __init__(self) -> None:
        self.cycle: Any = None
        self.flow = SimpleNamespace(read_paused=False)
        self.left = 0
        self.closing = False
        self.transport = SimpleNamespace(
            is_closing=lambda: self.closing, get_write_buffer_size=lambda: self.left
        )
        self.watch = Watch(LIMITS, 0.0)

    def asks(self, *, more_body: bool) -> None:
        self.cycle = SimpleNamespace(more_body=more_body, response_complete=False)

    def closed_at(self, every: float = 1.0, until: float = 300.0, send: int = 0) -> float | None:
        """When it is closed, looked at ``every`` second, while ``send`` bytes come in each."""
        now = 0.0
        while now < until:
            now += every
            if send:
                self.watch.heard = now
                self.watch.received += send
            if self.watch.is_over(now, self):
                return now
        return None


def test_who_sends_no_request_is_closed_however_its_bytes_trickle() -> None:
    for send in (0, 1, 100):
        closed = Connection().closed_at(send=send)
        assert closed is not None
        assert closed <= LIMITS.head_seconds + 2


def test_a_body_that_stops_or_trickles_is_closed() -> None:
    for send in (0, 1, LIMITS.body_bytes // 2):
        connection = Connection()
        connection.asks(more_body=True)
        assert connection.closed_at(send=send) is not None


def test_a_phone_may_take_half_an_hour_for_its_file() -> None:
    connection = Connection()
    connection.asks(more_body=True)
    assert connection.closed_at(until=1_800, send=2 * LIMITS.body_bytes) is None


def test_who_waits_for_the_server_is_not_closed() -> None:
    connection = Connection()
    connection.asks(more_body=True)
    connection.flow.read_paused = True
    assert connection.closed_at() is None
    answering = Connection()
    answering.asks(more_body=False)
    assert answering.closed_at() is None


def test_a_websocket_is_left_to_its_pings() -> None:
    websocket = Connection()
    del websocket.cycle
    assert phase_of(websocket) == "websocket"
    assert websocket.closed_at() is None


@pytest.mark.parametrize(("a_second", "is_closed"), [(0, True), (100, True), (20_000, False)])
def test_who_hardly_reads_is_closed(a_second: int, is_closed: bool) -> None:
    connection = Connection()
    connection.asks(more_body=False)
    connection.left = 4 * MIB

    closed = None
    for now in range(1, 150):
        connection.left -= a_second
        if connection.watch.is_over(now, connection):
            closed = now
            break
    assert (closed is not None) is is_closed


def test_a_closed_connection_does_not_wait_for_who_reads_nothing() -> None:
    connection = Connection()
    connection.closing = True
    closed = connection.closed_at()
    assert closed is not None
    assert closed < 10


def test_unfinished_messages_have_a_bound_in_all() -> None:
    closed: list[int] = []

    class Socket:
        def __init__(self, partial: int) -> None:
            self.dp_partial = partial
            self.transport = SimpleNamespace(abort=lambda: closed.append(partial))

    drop_largest({Socket(size) for size in (10, 30, 20, 0)}, 35)
    assert closed == [30]
