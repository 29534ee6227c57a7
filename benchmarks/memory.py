"""``python -m benchmarks.memory``: a server's start, memory and processor time per visitor.

Starts the app and a page in Chromium, and prints the seconds until the canvas takes a stroke, until
the browser's lanes have answered, and until all five have. Then it prints the memory of the idle
server and of each visitor who has drawn and stays, the processor time of a stroke, and how many
visitors a GiB and a processor hold. Processor time hardly depends on how busy the machine is.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
import time
from pathlib import Path

from playwright.sync_api import expect

from benchmarks import server_processes
from benchmarks.cold_start import ANSWERED
from tests.support import chromium, drawing
from tests.support.recorded_strokes import browser_answers, drawings
from tests.support.servers import serving
from tests.support.visitor import Visitor

HANDS = 30  # enough digits that the server has no cached answer to a stroke
MB_PER_GIB = 2**30 / 1e6
EVERY = 2.0  # seconds from one stroke of a visitor to the next
BUSY = 0.7  # of one processor; beyond that, strokes wait for each other


def first_page(url: str, path: str | None, begin: float) -> None:
    """Print when a first visitor's page was usable, counted from the server's start."""
    with chromium.launched(path) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(120_000)
        drawing.open_page(page, url)
        print(f"canvas takes a stroke       {time.perf_counter() - begin:6.1f} s after the start")
        page.wait_for_function(ANSWERED)
        print(f"browser's lanes answered    {time.perf_counter() - begin:6.1f} s")
        expect(drawing.verdict(page)).to_contain_text("All five", timeout=120_000)
        print(f"all five lanes answered     {time.perf_counter() - begin:6.1f} s")


async def visitors(url: str, count: int, strokes: int) -> None:
    """Print memory without and with visitors who have drawn, and the cost of a stroke."""
    digits = drawings(HANDS)
    answers = browser_answers(digits)
    async with contextlib.AsyncExitStack() as everyone:
        first = await everyone.enter_async_context(Visitor(url, digits, answers))
        for turn in range(20):
            await first.draw(turn % 10)
        server = server_processes.find()
        page, worker = server.memory()
        print(f"idle: page {page:.0f} MB, TensorFlow {worker:.0f} MB")
        for turn in range(count):
            visitor = await everyone.enter_async_context(Visitor(url, digits, answers))
            for digit in range(3):
                await visitor.draw((turn + digit) % 10)
        each = (server.memory()[0] - page) / count
        print(f"each of {count} visitors: {each:.2f} MB")
        before = server.cpu_seconds()
        for turn in range(strokes):
            await first.draw((turn + 20) % (10 * HANDS))
        after = server.cpu_seconds()
    costs = [(late - early) / strokes * 1e3 for early, late in zip(before, after, strict=True)]
    print(f"processor time of a stroke: page {costs[0]:.0f} ms, TensorFlow {costs[1]:.0f} ms")
    room = MB_PER_GIB - page - worker
    print(f"one GiB holds the server and, by memory, {room / max(each, 0.01):.0f} visitors")
    print(
        f"one processor for the page holds {BUSY * EVERY * 1e3 / costs[0]:.0f} visitors with a "
        f"stroke every {EVERY:g} s; TensorFlow needs {costs[1] / costs[0]:.2f} of one beside it"
    )


def main() -> None:
    """Start the app, measure, print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--visitors", type=int, default=40)
    parser.add_argument("--strokes", type=int, default=200)
    options = parser.parse_args()
    path = chromium.need()
    begin = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as url,
    ):
        first_page(url, path, begin)
        asyncio.run(visitors(url, options.visitors, options.strokes))


if __name__ == "__main__":
    main()
