"""Many visitors at once on one server, each with their own digit."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import connect

from tests.support import event_loop
from tests.support.recorded_strokes import browser_answers, drawings
from tests.support.visitor import Visitor
from tests.support.waiting import until

VISITORS, STROKES = 8, 3


def test_no_visitor_gets_anothers_digit(server: str) -> None:
    drawn = drawings()
    answers = browser_answers(drawn)

    async def draw(number: int) -> list[str]:
        headlines = []
        async with Visitor(server, drawn, answers) as one:
            for turn in range(STROKES):
                # Returns once all five lanes read exactly this digit, and raises if they never do.
                await one.draw((number + turn) % 10)
                headlines.append(one.headline)
        return headlines

    async def everyone() -> list[list[str]]:
        return await asyncio.gather(*(draw(number) for number in range(VISITORS)))

    assert event_loop.run(everyone(), seconds=200) == [
        [f"All five read {(number + turn) % 10}." for turn in range(STROKES)]
        for number in range(VISITORS)
    ]


def test_no_visitor_can_clear_the_shared_caches(server: str) -> None:
    until(lambda: tensorflow(server), lambda: "The server has not started TensorFlow.")
    before = tensorflow(server)

    async def clear_and_draw() -> None:
        url = server.replace("http", "ws", 1) + "/_stcore/stream"
        async with connect(url, origin=server, subprotocols=["streamlit"]) as socket:
            await socket.send(BackMsg(clear_cache=True).SerializeToString())
            drawn = drawings()
            async with Visitor(server, drawn, browser_answers(drawn)) as one:
                await one.draw(4)

    event_loop.run(clear_and_draw(), seconds=200)
    assert len(before) == 1
    assert tensorflow(server) == before


def tensorflow(server: str) -> list[int]:
    """The TensorFlow processes of this server."""
    port = f"--server.port={urlsplit(server).port}"
    running = psutil.process_iter(["cmdline"])
    app = next(each for each in running if port in (each.info["cmdline"] or ()))
    return [
        each.pid for each in app.children() if "models.runtimes.worker" in " ".join(each.cmdline())
    ]
