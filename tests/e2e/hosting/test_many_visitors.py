"""Many visitors at once on the one server, each with a digit of their own."""

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


def test_no_visitor_is_given_anothers_digit(server: str) -> None:
    drawn = drawings()
    answers = browser_answers(drawn)

    async def draw(number: int) -> None:
        async with Visitor(server, drawn, answers) as one:
            for turn in range(STROKES):
                # Returns when all five lanes read this very digit, and raises when they never do.
                await one.draw((number + turn) % 10)

    async def everyone() -> None:
        await asyncio.gather(*(draw(number) for number in range(VISITORS)))

    event_loop.run(everyone(), seconds=200)


def test_no_visitor_clears_what_all_share(server: str) -> None:
    until(lambda: tensorflow(server), lambda: "The server has not started TensorFlow.")
    before = tensorflow(server)

    async def clear_and_draw() -> None:
        address = server.replace("http", "ws", 1) + "/_stcore/stream"
        async with connect(address, origin=server, subprotocols=["streamlit"]) as socket:
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
    page = next(each for each in running if port in (each.info["cmdline"] or ()))
    return [
        each.pid for each in page.children() if "models.runtimes.worker" in " ".join(each.cmdline())
    ]
