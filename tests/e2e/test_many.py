"""Many visitors at once on the one server, each with a digit of their own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from benchmarks import visitor
from benchmarks.visitor import Visitor

VISITORS, STROKES = 8, 3


def test_no_visitor_is_given_anothers_digit(server: str) -> None:
    drawn = visitor.drawings()
    answers = visitor.reports(drawn)

    async def draw(number: int) -> None:
        async with Visitor(server, drawn, answers) as one:
            for turn in range(STROKES):
                # Returns when all five lanes read this very digit, and raises when they never do.
                await one.draw((number + turn) % 10)

    async def everyone() -> None:
        await asyncio.gather(*(draw(number) for number in range(VISITORS)))

    # In a thread of its own: tests of browsers leave an event loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, everyone()).result(120)
