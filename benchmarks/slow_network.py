"""``python -m benchmarks.slow_network``: a first visit to Draw over a slow network.

Chromium throttles itself to 1.6 Mbit/s with 150 ms of latency, as mobile networks often are, and
has nothing in its cache. The app and an app with only the canvas are opened in turns, each on a
server that has answered before. The time runs from opening the page until the pad takes strokes,
and until all five versions have answered.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, expect

from benchmarks import report
from benchmarks.cold_start import ALONE, CANVAS
from benchmarks.report import Figure
from models.parity.timing import median
from tests.support import chromium
from tests.support.servers import ROOT, serving

BITS_PER_SECOND, LATENCY_MS = 1_600_000, 150
ALL_FIVE = "() => document.querySelector('.dp-verdict')?.textContent.includes('All five')"
SECONDS = 120
LAPTOP = {"width": 1366, "height": 768}
STROKES, VERDICT = 6.5, 13.5  # seconds, the goals
KINDS = {
    "fonts": (".woff2",),
    "Streamlit's scripts and styles": ("/static/",),
    "the canvas's package": ("/bidi-components/", "/served/canvas/"),
    "TensorFlow.js": ("/served/tfjs/",),
    "models: both formats' files": ("/served/models/",),
    "the app's own scripts and charts": ("/served/",),
}


@dataclass(frozen=True)
class Visit:
    """Seconds to a pad that takes strokes and to the verdict, and what was fetched until then.

    ``fetched`` has for each URL its compressed bytes and when it had arrived, in seconds.
    """

    strokes: float
    verdict: float
    fetched: dict[str, tuple[int, float]]


def throttle(page: Page) -> CDPSession:
    """Make this page's network slow, and let nothing come from the browser's cache."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BITS_PER_SECOND / 8,
            "uploadThroughput": BITS_PER_SECOND / 8,
        },
    )
    return devtools


def visit(browser: Browser, url: str, *, has_verdict: bool = True) -> Visit:
    """Open the page as a new visitor. Without a verdict, its time is that of the canvas."""
    page = browser.new_context(viewport=LAPTOP).new_page()
    page.set_default_timeout(SECONDS * 1e3)
    devtools = throttle(page)
    urls: dict[str, str] = {}
    fetched: dict[str, tuple[int, float]] = {}

    def responded(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["response"]["url"].removeprefix(url)

    def finished(event: dict[str, Any]) -> None:
        if name := urls.get(event["requestId"]):
            fetched[name] = int(event["encodedDataLength"]), time.perf_counter() - begin

    devtools.on("Network.responseReceived", responded)
    devtools.on("Network.loadingFinished", finished)
    begin = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(CANVAS)
    strokes = time.perf_counter() - begin
    if has_verdict:
        page.wait_for_function(ALL_FIVE)
    verdict = time.perf_counter() - begin
    page.context.close()
    return Visit(strokes, verdict, fetched)


def warm_up(browser: Browser, url: str) -> None:
    """Wait on a fast network until the server has loaded and answered everything."""
    page = browser.new_context().new_page()
    page.goto(url)
    expect(page.locator(".dp-verdict")).to_contain_text("All five", timeout=SECONDS * 1e3)
    page.context.close()


def by_kind(fetched: dict[str, tuple[int, float]]) -> dict[str, int]:
    """Compressed bytes of each kind."""
    sizes = dict.fromkeys([*KINDS, "pages and messages"], 0)
    for name, (size, _) in fetched.items():
        kinds = (kind for kind, parts in KINDS.items() if any(part in name for part in parts))
        sizes[next(kinds, "pages and messages")] += size
    return sizes


def figures(ours: list[Visit], beside: list[Visit], whose: str) -> list[Figure]:
    """Medians beside another app's, and what one visit fetched."""
    strokes = median([each.strokes for each in ours])
    verdict = median([each.verdict for each in ours])
    # An app with only the canvas has no verdict: it is done when it takes strokes.
    theirs = median([each.strokes for each in beside]), median([each.verdict for each in beside])
    found = [
        Figure(
            "slow network → pad takes strokes",
            f"{strokes:.1f} s",
            f"{theirs[0]:.1f} s, {whose}",
            strokes,
            " s",
            goal=STROKES,
        ),
        Figure(
            "slow network → verdict of all five",
            f"{verdict:.1f} s",
            f"{theirs[1]:.1f} s, {whose}",
            verdict,
            " s",
            goal=VERDICT,
        ),
    ]
    peers = by_kind(beside[-1].fetched)
    for kind, size in by_kind(ours[-1].fetched).items():
        kilobytes = size / 1e3
        found.append(
            Figure(
                f"fetched until then: {kind}",
                f"{kilobytes:,.0f} kB",
                f"{peers[kind] / 1e3:,.0f} kB",
                kilobytes,
                " kB",
            )
        )
    return found


def main() -> None:
    """Visit both apps in turns and print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.slow_network", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--list", action="store_true", help="every file and when it was there")
    parser.add_argument("--beside", help="a checkout of this project to compare with, not the peer")
    options = parser.parse_args()
    path = chromium.need()
    ours: list[Visit] = []
    others: list[Visit] = []
    with ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        own = stack.enter_context(serving(log=logs / "own.txt"))
        script, folder = ((), Path(options.beside)) if options.beside else ((str(ALONE),), ROOT)
        other = stack.enter_context(serving(*script, log=logs / "other.txt", cwd=folder))
        browser = stack.enter_context(chromium.launched(path))
        warm_up(browser, own)
        if options.beside:
            warm_up(browser, other)
        for number in range(options.rounds + 1):
            here = visit(browser, own)
            there = visit(browser, other, has_verdict=options.beside is not None)
            if number > 0:  # the first of each warms the machine's caches
                ours.append(here)
                others.append(there)
    if options.list:
        for name, (size, seconds) in ours[-1].fetched.items():
            print(f"{seconds:6.2f} s {size:10,}  {name[:110]}")
    whose = "the other checkout" if options.beside else "an app with only the canvas"
    report.show(figures(ours, others, whose))


if __name__ == "__main__":
    main()
