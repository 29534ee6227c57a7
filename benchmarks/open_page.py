"""``python -m benchmarks.open_page``: how long a page takes to its answer on a warm server.

Each page is opened in turns by visitors who have been on the site before, so that their browser has
its files, on a server that has answered everything once. The time runs from opening the address
until the page's answer stands in its card, Draw's with all five versions. Inspect's is at first the
server's alone, and a figure of its own says when the browser's versions are in it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import BrowserContext

from benchmarks import report
from benchmarks.report import Figure
from models.parity.timing import median
from tests.support import chromium
from tests.support.servers import ROOT, serving

# Evaluated at each frame.
ALL_FIVE = "() => document.querySelector('.dp-verdict')?.textContent.includes('All five')"
ANSWER = """() => {
  const card = document.querySelector('.dp-verdict:not([data-kind=waiting])');
  return card !== null && card.getClientRects().length > 0;
}"""
WHOLE = "() => document.querySelector('.dp-verdict')?.textContent.includes('All 4 other')"
PAGES = {  # paths, and what is waited for
    "Draw": ("", ALL_FIVE),
    "Upload": ("upload", ANSWER),
    "Benchmark": ("benchmark", ANSWER),
    "Inspect": ("inspect", ANSWER),
    "Inspect and its browser": ("inspect", WHOLE),
}
SECONDS = 120
GOAL = 1.5  # seconds
LAPTOP = {"width": 1366, "height": 768}


def opened(visitor: BrowserContext, url: str, path: str, answer: str) -> float:
    """Seconds from opening a page in a new tab to its ``answer``."""
    page = visitor.new_page()
    page.set_default_timeout(SECONDS * 1e3)
    begin = time.perf_counter()
    page.goto(f"{url}/{path}", wait_until="commit")
    page.wait_for_function(answer)
    seconds = time.perf_counter() - begin
    page.close()
    return seconds


def main() -> None:
    """Open the pages in turns and print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.open_page", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=list(PAGES))
    parser.add_argument("--beside", help="a checkout of this project to compare with")
    options = parser.parse_args()
    path = chromium.need()
    folders = [ROOT, *([Path(options.beside)] if options.beside else [])]
    with ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = [
            stack.enter_context(serving(log=logs / f"{at}.txt", cwd=folder))
            for at, folder in enumerate(folders)
        ]
        browser = stack.enter_context(chromium.launched(path))
        visitors = [browser.new_context(viewport=LAPTOP) for _ in urls]
        times: dict[tuple[str, int], list[float]] = {}
        for number in range(options.rounds + 1):
            for name in options.pages:
                for at, url in enumerate(urls):
                    seconds = opened(visitors[at], url, *PAGES[name])
                    if number > 0:  # the first fills caches, the browser's and the server's
                        times.setdefault((name, at), []).append(seconds)
    found = []
    for name in options.pages:
        seconds = median(times[name, 0])
        beside = f"{median(times[name, 1]):.2f} s, the other checkout" if options.beside else ""
        what = f"warm server: opening {name} → its answer"
        goal = None if PAGES[name][1] == WHOLE else GOAL
        found.append(Figure(what, f"{seconds:.2f} s", beside, seconds, " s", goal=goal))
    report.show(found)


if __name__ == "__main__":
    main()
