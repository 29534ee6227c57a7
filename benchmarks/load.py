"""``python -m benchmarks.load``: many visitors on one server, each with a stroke every two seconds.

Starts the app and its visitors on this machine and ends both. A visitor is a real session on
Streamlit's websocket (``tests/support/visitor.py``); ``--pages`` of them are pages in Chromium. A
stroke is timed from sending it to the verdict of all five lanes. Only the pages in Chromium include
the browser's computing time; their canvas's debounce of 200 ms is subtracted. The server,
TensorFlow and all visitors share the machine's processors.

    python -m benchmarks.load                                # 1, 10, 50 and 100 visitors
    python -m benchmarks.load --visitors 50 --minutes 10     # does its memory grow?
    python -m benchmarks.load --visitors 20 --attackers 14   # are others answered under attack?

``--attackers`` are shared out among the kinds of ``tests/support/attackers.py``. Their process runs
on the same processors.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from benchmarks import server_processes
from benchmarks.pen_up import DEBOUNCE_MS, PAUSE_MS, WATCH
from tests.support import attackers, chromium
from tests.support.recorded_strokes import browser_answers, drawings
from tests.support.servers import serving
from tests.support.visitor import Visitor

HANDS = 100  # many more digits than the server caches answers to
EVERY = 2.0  # seconds from one stroke to the next


@dataclass
class Tally:
    """What the visitors of one load measured, in seconds, and their errors."""

    seconds: list[float] = field(default_factory=list)
    page_seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def visit(visitor: Visitor, number: int, until: float, tally: Tally) -> None:
    """One visitor, with strokes at a steady rate until the time is up."""
    await asyncio.sleep(number * 0.1)
    turn = number * 37  # each visitor begins with another digit
    try:
        async with visitor:
            while (begin := time.monotonic()) < until:
                tally.seconds.append(await visitor.draw(turn % (10 * HANDS)))
                turn += 1
                await asyncio.sleep(max(0.0, begin + EVERY - time.monotonic()))
    except Exception as error:  # every error of a visitor is counted
        tally.errors.append(f"{type(error).__name__}: {error}")


async def visit_in_chromium(url: str, browser: Any, until: float, tally: Tally) -> None:
    """One visitor with a real page, who draws sevens on a cleared canvas."""
    page = await browser.new_page(viewport={"width": 1366, "height": 768})
    try:
        await page.goto(url)
        canvas = page.locator(".st-key-board canvas").last
        await canvas.wait_for()
        verdict = page.locator(".dp-headline", has_text="All five")
        await verdict.wait_for(timeout=60_000)
        await page.evaluate(WATCH)
        while (begin := time.monotonic()) < until:
            old = await canvas.element_handle()
            await page.locator(".st-key-clear").get_by_role("button").click()
            await page.locator(".dp-headline", has_text="Draw a digit.").wait_for()
            await old.wait_for_element_state("hidden")  # a stroke on the old canvas would be lost
            await canvas.wait_for()
            await page.wait_for_timeout(PAUSE_MS)
            box = await canvas.bounding_box()
            for index, (x, y) in enumerate([(70, 70), (210, 70), (140, 220)]):
                await page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
                if index == 0:
                    await page.mouse.down()
            await page.mouse.up()
            await verdict.wait_for()
            times = await page.evaluate("window.dpSeen")
            tally.page_seconds.append((times["verdict"] - DEBOUNCE_MS) / 1e3)
            await asyncio.sleep(max(0.0, begin + EVERY - time.monotonic()))
    except Exception as error:
        tally.errors.append(f"in Chromium, {type(error).__name__}: {error}")
    finally:
        await page.close()


def figures(name: str, seconds: Sequence[float]) -> str:
    """The number of strokes, and their p50 and p95 in milliseconds."""
    if not seconds:
        return f"{name}: none"
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    median = statistics.median(ordered)
    return f"{name} {len(ordered):6d}   p50 {median * 1e3:5.0f} ms   p95 {p95 * 1e3:5.0f} ms"


class Load:
    """A running server, what visitors draw, and Chromium."""

    def __init__(self, url: str, browser: Any, pages: int) -> None:
        self.url, self.browser, self.pages = url, browser, pages
        self.digits = drawings(HANDS)
        self.answers = browser_answers(self.digits)
        self.server: server_processes.Server

    async def warm_up(self) -> None:
        """Draw until TensorFlow has answered, and find the server's processes."""
        async with Visitor(self.url, self.digits, self.answers) as visitor:
            for turn in range(20):
                with contextlib.suppress(TimeoutError):
                    await visitor.draw(turn % 10)
        self.server = server_processes.find()

    async def run(self, count: int, seconds: float) -> None:
        """Run ``count`` visitors for ``seconds``; print their figures, and memory once a minute."""
        tally, begin, cpu = Tally(), time.monotonic(), self.server.cpu_seconds()
        until = begin + seconds
        pages = min(self.pages, count - 1)
        jobs = [
            visit(Visitor(self.url, self.digits, self.answers), number, until, tally)
            for number in range(count - pages)
        ]
        jobs += [visit_in_chromium(self.url, self.browser, until, tally) for _ in range(pages)]
        everyone = asyncio.gather(*jobs)
        while not everyone.done():
            await asyncio.wait([everyone], timeout=60)
            if seconds > 60:
                self._print_memory(f"  after {(time.monotonic() - begin) / 60:4.1f} min  ", tally)
        await everyone
        strokes = max(1, len(tally.seconds) + len(tally.page_seconds))
        used = zip(self.server.cpu_seconds(), cpu, strict=True)
        page, worker = ((after - before) / strokes * 1e3 for after, before in used)
        print(figures(f"{count:4d} visitors  strokes", tally.seconds), end="   ")
        print(f"errors {len(tally.errors)}   ", end="")
        print(f"processor a stroke: page {page:.0f} ms, TensorFlow {worker:.0f} ms")
        self._print_memory(f"{'':15}", tally)
        if pages:
            print(figures(f"{'':6}of them {pages} in Chromium", tally.page_seconds))
        for error in sorted(set(tally.errors))[:5]:
            print(f"{'':6}{tally.errors.count(error)} × {error[:300]}")

    def _print_memory(self, when: str, tally: Tally) -> None:
        page, worker = self.server.memory()
        print(
            f"{when}memory: page {page:.0f} MB, TensorFlow {worker:.0f} MB   "
            f"strokes so far {len(tally.seconds)}, errors {len(tally.errors)}",
            flush=True,
        )


def shared_out(count: int) -> dict[str, int]:
    """``count`` attackers, as many of each kind as of the others, the first kinds first."""
    kinds = [*attackers.KINDS]
    return dict(Counter(kinds[number % len(kinds)] for number in range(count)))


async def measure(url: str, path: str | None, options: argparse.Namespace) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        load = Load(url, browser, options.pages)
        await load.warm_up()
        with contextlib.ExitStack() as attacks:
            for kind, count in shared_out(options.attackers).items():
                attacks.enter_context(attackers.attacking(url, kind, count, seconds=24 * 3600))
            for count in options.visitors:
                await load.run(count, options.minutes * 60)
        await browser.close()


def main() -> None:
    """Start the app and its visitors, print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.load", description=__doc__)
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 10, 50, 100])
    parser.add_argument("--minutes", type=float, default=0.5, help="for each number of visitors")
    parser.add_argument("--pages", type=int, default=2, help="of the visitors, in Chromium")
    parser.add_argument("--attackers", type=int, default=0, help="beside each number of visitors")
    options = parser.parse_args()
    path = chromium.need()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as url,
    ):
        asyncio.run(measure(url, path, options))
        log = (Path(folder) / "log.txt").read_text("utf-8", "replace")
        print(f"exceptions in the server's log: {log.count('Traceback')}")
        for trace in log.split("Traceback")[1:4]:
            print("      " + "\n      ".join(_end(trace.splitlines())))


def _end(lines: list[str]) -> list[str]:
    """The last calls of a traceback and its exception, without what was logged after it."""
    last = next((n for n, line in enumerate(lines) if n and line[:1].strip()), len(lines))
    return lines[: last + 1][-12:]


if __name__ == "__main__":
    main()
