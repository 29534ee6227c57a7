"""Messages wait for their turn in front of Streamlit: none is lost, none gets a run too many."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app.web.fair_websockets import FairWebsockets
from app.web.large_messages import LargeMessages
from app.web.limits import LIMITS, Limits
from app.web.turns import Client, Turns
from tests.support import event_loop

FINISHED = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString()
Frame = dict[str, Any]


def rerun(query: str) -> Frame:
    message = BackMsg()
    message.rerun_script.query_string = query
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


class Browser:
    """A websocket, and the app behind the middleware, which takes what it is given."""

    def __init__(self, middleware: FairWebsockets) -> None:
        self.coming: asyncio.Queue[Frame] = asyncio.Queue()
        self.passed: list[Frame] = []
        self.said: list[Frame] = []
        self.read = 0
        self.send_from_app: Any
        extensions = {"websocket.http.response": {}}
        scope = {"type": "websocket", "extensions": extensions, "browser": self}
        self.coming.put_nowait({"type": "websocket.connect"})
        served = middleware(scope, self._receive, self._say)
        self.served = asyncio.create_task(served)

    async def _receive(self) -> Frame:
        message = await self.coming.get()
        self.read += 1
        return message

    async def _say(self, message: Frame) -> None:
        self.said.append(message)

    async def app(self, receive: Any, send: Any) -> None:
        self.send_from_app = send
        await receive()
        await send({"type": "websocket.accept"})
        while True:
            message = await receive()
            self.passed.append(message)
            if message["type"] == "websocket.disconnect":
                return

    async def finish_run(self) -> None:
        await self.send_from_app({"type": "websocket.send", "bytes": FINISHED})
        await settle()


async def settle() -> None:
    for _ in range(30):
        await asyncio.sleep(0)


def sockets(turns: Turns, limits: Limits = LIMITS) -> FairWebsockets:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await scope["browser"].app(receive, send)

    return FairWebsockets(app, turns, limits)


def test_a_visitor_alone_is_served_at_once() -> None:
    async def run() -> None:
        browser = Browser(sockets(Turns()))
        browser.coming.put_nowait(rerun("1"))
        await settle()
        assert browser.passed == [rerun("1")]
        await browser.finish_run()
        browser.coming.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await settle()
        assert browser.passed[1:] == [{"type": "websocket.disconnect", "code": 1000}]
        assert browser.served.done()

    event_loop.run(run())


def test_what_came_while_others_had_their_turn_is_passed_on_together() -> None:
    async def run() -> None:
        turns = Turns(replace(LIMITS, at_once=1, counts_seconds=60))
        browser = Browser(sockets(turns))
        await settle()
        other = await turns.take(Client(known=True))
        for query in ("1", "2", "2", "3"):
            browser.coming.put_nowait(rerun(query))
        await settle()
        assert browser.passed == []
        turns.end(other)
        await settle()
        assert browser.passed == [rerun("1"), rerun("2"), rerun("3")]

    event_loop.run(run())


def test_a_flood_is_not_read_while_it_waits() -> None:
    async def run() -> None:
        turns = Turns(replace(LIMITS, at_once=1, counts_seconds=60))
        browser = Browser(sockets(turns))
        await settle()
        await turns.take(Client(known=True))
        for _ in range(10 * LIMITS.messages):
            browser.coming.put_nowait(rerun("again"))
        await settle()
        for _ in range(LIMITS.messages):
            await settle()
        assert browser.read <= LIMITS.messages + 1

    event_loop.run(run())


def test_a_message_during_a_run_reaches_it() -> None:
    async def run() -> None:
        turns = Turns(replace(LIMITS, at_once=1, counts_seconds=60))
        browser = Browser(sockets(turns))
        for query in ("benchmark", "stop"):
            browser.coming.put_nowait(rerun(query))
            await settle()
        assert browser.passed == [rerun("benchmark"), rerun("stop")]

    event_loop.run(run())


def test_a_run_makes_room_when_it_is_over() -> None:
    async def run() -> None:
        turns = Turns(replace(LIMITS, at_once=1, counts_seconds=60))
        middleware = sockets(turns)
        first, second = Browser(middleware), Browser(middleware)
        await settle()
        for browser in (first, second):
            browser.coming.put_nowait(rerun("1"))
            await settle()
        assert (len(first.passed), len(second.passed)) == (1, 0)
        await first.finish_run()
        assert len(second.passed) == 1

    event_loop.run(run())


def test_who_leaves_while_it_waits_gets_no_run() -> None:
    async def run() -> None:
        turns = Turns(replace(LIMITS, at_once=1, counts_seconds=60))
        browser = Browser(sockets(turns))
        await settle()
        await turns.take(Client(known=True))
        browser.coming.put_nowait(rerun("1"))
        browser.coming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await settle()
        assert [each["type"] for each in browser.passed] == ["websocket.disconnect"]
        assert not turns.waiting

    event_loop.run(run())


def test_a_newcomer_gets_the_place_of_who_has_been_silent_longest() -> None:
    async def run() -> None:
        now = [0.0]
        limits = replace(LIMITS, websockets=2)
        turns = Turns(limits, lambda: now[0])
        middleware = sockets(turns, limits)
        silent, busy = Browser(middleware), Browser(middleware)
        await settle()
        now[0] += 60
        busy.coming.put_nowait(rerun("1"))
        await settle()
        await busy.finish_run()
        newcomer = Browser(middleware)
        await settle()
        assert silent.served.done()
        assert not busy.served.done()
        assert newcomer.said == [{"type": "websocket.accept"}]

    event_loop.run(run())


def test_a_newcomer_is_refused_where_all_are_in_use() -> None:
    async def run() -> None:
        limits = replace(LIMITS, websockets=1)
        middleware = sockets(Turns(limits), limits)
        Browser(middleware)
        await settle()
        newcomer = Browser(middleware)
        await settle()
        assert newcomer.said[0]["status"] == 503

    event_loop.run(run())


def test_large_messages_have_a_bound_in_all_also_after_their_socket_closed() -> None:
    async def run() -> None:
        limits = replace(LIMITS, small_bytes=10, large_bytes=100, kept_seconds=0)
        large = LargeMessages(limits)
        assert large.fits("ann", 80)
        assert not large.fits("bob", 30)
        assert large.fits("bob", 10)  # small ones always do
        large.leave("ann")
        assert not large.fits("bob", 30)
        await asyncio.sleep(0.01)
        assert large.fits("bob", 30)
        assert large.fits("bob", 90)  # in place of the one before

    event_loop.run(run())


def test_who_sends_more_than_fits_is_told_to_try_again() -> None:
    async def run() -> None:
        limits = replace(LIMITS, small_bytes=1, large_bytes=5)
        browser = Browser(sockets(Turns(limits), limits))
        await settle()
        browser.coming.put_nowait(rerun("a long one"))
        await settle()
        assert browser.said[-1] == {"type": "websocket.close", "code": 1013}
        assert browser.served.done()

    event_loop.run(run())


def test_messages_count_that_are_merged_into_one_run() -> None:
    async def run() -> None:
        turns = Turns(replace(LIMITS, at_once=1, counts_seconds=60))
        browsers = sockets(turns)
        browser = Browser(browsers)
        await settle()
        other = await turns.take(Client(known=True))
        for _ in range(LIMITS.messages):
            browser.coming.put_nowait(rerun("again"))
        for _ in range(LIMITS.messages):
            await settle()
        turns.end(other)
        await settle()
        assert browser.passed == [rerun("again")]
        (socket,) = browsers._open
        assert turns.is_greedy(socket.client)

    event_loop.run(run())
