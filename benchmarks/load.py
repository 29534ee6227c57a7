"""``python -m benchmarks.load``: many visitors on one server, each with a stroke every two seconds.

Starts the app and visitors on this machine, on its loopback alone, and ends with them. A visitor is
a real session on Streamlit's websocket (``tests/support/visitor.py``); ``--pages`` of them are real
pages in Chromium. What is timed is a stroke, from sending it to the verdict of all five lanes; the
time that a browser computes is left out for all but the real pages, whose 200 ms of the canvas's
own wait are taken off. The server, TensorFlow and all visitors share the machine's processors.

    python -m benchmarks.load                                # 1, 10, 50 and 100 visitors
    python -m benchmarks.load --visitors 50 --minutes 10     # does its memory grow?
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from benchmarks import cpu_affinity
from benchmarks.pen_up import DEBOUNCE_MS, PAUSE_MS, WATCH
from tests.support import chromium
from tests.support.recorded_strokes import drawings, reports
from tests.support.servers import serving
from tests.support.visitor import Visitor

HANDS = 100  # many more digits than the server keeps the answers of
EVERY = 2.0  # seconds from one stroke to the next


@dataclass
class Tally:
    """What the visitors of one load met."""

    seconds: list[float] = field(default_factory=list)
    page_seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def visit(visitor: Visitor, number: int, until: float, tally: Tally) -> None:
    """One visitor: strokes in a steady rhythm until the time is up."""
    await asyncio.sleep(number * 0.1)
    turn = number * 37  # everyone begins elsewhere
    try:
        async with visitor:
            while (begin := time.monotonic()) < until:
                tally.seconds.append(await visitor.draw(turn % (10 * HANDS)))
                turn += 1
                await asyncio.sleep(max(0.0, begin + EVERY - time.monotonic()))
    except Exception as error:  # whatever went wrong for a visitor is what this counts
        tally.errors.append(f"{type(error).__name__}: {error}")


async def visit_in_chromium(address: str, browser: Any, until: float, tally: Tally) -> None:
    """One visitor with a real page: a seven each time, on an emptied canvas."""
    page = await browser.new_page(viewport={"width": 1366, "height": 768})
    try:
        await page.goto(address)
        canvas = page.locator(".st-key-board canvas").last
        await canvas.wait_for()
        verdict = page.locator(".dp-headline", has_text="All five lanes")
        await verdict.wait_for(timeout=60_000)
        await page.evaluate(WATCH)
        while (begin := time.monotonic()) < until:
            old = await canvas.element_handle()
            await page.locator(".st-key-clear").get_by_role("button").click()
            await page.locator(".dp-headline", has_text="Draw a digit.").wait_for()
            await old.wait_for_element_state("hidden")  # a stroke on it would go with it
            await canvas.wait_for()
            await page.wait_for_timeout(PAUSE_MS)
            box = await canvas.bounding_box()
            for at, (x, y) in enumerate([(70, 70), (210, 70), (140, 220)]):
                await page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
                if at == 0:
                    await page.mouse.down()
            await page.mouse.up()
            await verdict.wait_for()
            seen = await page.evaluate("window.dpSeen")
            tally.page_seconds.append((seen["verdict"] - DEBOUNCE_MS) / 1e3)
            await asyncio.sleep(max(0.0, begin + EVERY - time.monotonic()))
    except Exception as error:
        tally.errors.append(f"in Chromium, {type(error).__name__}: {error}")
    finally:
        await page.close()


def figures(name: str, seconds: Sequence[float]) -> str:
    """Strokes, p50 and p95 in milliseconds."""
    if not seconds:
        return f"{name}: none"
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    median = statistics.median(ordered)
    return f"{name} {len(ordered):6d}   p50 {median * 1e3:5.0f} ms   p95 {p95 * 1e3:5.0f} ms"


class Load:
    """A running server, what visitors draw, and a Chromium."""

    def __init__(self, address: str, browser: Any, pages: int) -> None:
        self.address, self.browser, self.pages = address, browser, pages
        self.drawn = drawings(HANDS)
        self.answers = reports(self.drawn)
        self.server: cpu_affinity.Server

    async def warm_up(self) -> None:
        """Until TensorFlow has answered a first stroke, and some more."""
        async with Visitor(self.address, self.drawn, self.answers) as visitor:
            for turn in range(20):
                with contextlib.suppress(TimeoutError):
                    await visitor.draw(turn % 10)
        self.server = cpu_affinity.find()

    async def run(self, count: int, seconds: float) -> None:
        """That many visitors for so long; prints what came of it, and once a minute memory."""
        tally, begin, cpu = Tally(), time.monotonic(), self.server.cpu_seconds()
        until = begin + seconds
        pages = min(self.pages, count - 1)
        jobs = [
            visit(Visitor(self.address, self.drawn, self.answers), number, until, tally)
            for number in range(count - pages)
        ]
        jobs += [visit_in_chromium(self.address, self.browser, until, tally) for _ in range(pages)]
        everyone = asyncio.gather(*jobs)
        while not everyone.done():
            await asyncio.wait([everyone], timeout=60)
            if seconds > 60:
                self._say_memory(f"  after {(time.monotonic() - begin) / 60:4.1f} min  ", tally)
        await everyone
        strokes = max(1, len(tally.seconds) + len(tally.page_seconds))
        used = zip(self.server.cpu_seconds(), cpu, strict=True)
        page, worker = ((after - before) / strokes * 1e3 for after, before in used)
        print(figures(f"{count:4d} visitors  strokes", tally.seconds), end="   ")
        print(f"errors {len(tally.errors)}   ", end="")
        print(f"processor a stroke: page {page:.0f} ms, TensorFlow {worker:.0f} ms")
        self._say_memory(f"{'':15}", tally)
        if pages:
            print(figures(f"{'':6}of them {pages} in Chromium", tally.page_seconds))
        for error in sorted(set(tally.errors))[:5]:
            print(f"{'':6}{tally.errors.count(error)} × {error[:300]}")

    def _say_memory(self, when: str, tally: Tally) -> None:
        page, worker = self.server.memory()
        print(
            f"{when}memory: page {page:.0f} MB, TensorFlow {worker:.0f} MB   "
            f"strokes so far {len(tally.seconds)}, errors {len(tally.errors)}",
            flush=True,
        )


async def measure(address: str, path: str | None, given: argparse.Namespace) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        load = Load(address, browser, given.pages)
        await load.warm_up()
        for count in given.visitors:
            await load.run(count, given.minutes * 60)
        await browser.close()


def main() -> None:
    """Start the app, let visitors come, print."""
    parser = argparse.ArgumentParser("python -m benchmarks.load", description=__doc__)
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 10, 50, 100])
    parser.add_argument("--minutes", type=float, default=0.5, help="for each number of visitors")
    parser.add_argument("--pages", type=int, default=2, help="of the visitors, in Chromium")
    given = parser.parse_args()
    path = chromium.need()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as address,
    ):
        asyncio.run(measure(address, path, given))
        log = (Path(folder) / "log.txt").read_text()
        print(f"exceptions in the server's log: {log.count('Traceback')}")
        for trace in log.split("Traceback")[1:4]:
            print("      " + "\n      ".join(trace.splitlines()[-12:]))


if __name__ == "__main__":
    main()
