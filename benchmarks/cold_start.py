"""``python -m benchmarks.cold_start``: from starting the server to a canvas that takes strokes.

The app and an app with nothing but the canvas on it start in turns, each in a new process with a
new browser profile. The clock runs from starting the process until the canvas is on the page, three
times a round. Once a round the app is left to load TensorFlow. How long a browser lane's verdict
takes from opening the page is measured at once, again while TensorFlow's process is busy loading,
and once it has loaded.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks import cpu_affinity, report
from benchmarks.report import Figure
from models.parity.timing import median
from tests.support import chromium
from tests.support.servers import ROOT, free_port

ALONE = Path(__file__).parent / "peers" / "canvas.py"
# The page looks at each of its frames. Playwright's own waiting looks twice a second after a while.
CANVAS = """() => [...document.querySelectorAll('[class*=st-key-canvas] *')].some(
  ({ shadowRoot }) => shadowRoot?.querySelector('canvas')?.getBoundingClientRect().width)"""
CARDS = """() =>
  document.querySelectorAll('.st-key-browser-lanes [data-state=answered]').length === 2"""
SECONDS = 120
CANVASES = 3  # of each app, a round
LOADING = 0.4  # seconds of processor time: it has begun


@contextmanager
def starting(*script: str) -> Iterator[tuple[str, float]]:
    """Start a server; yields its address and the moment of its start, before it answers."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", *script, "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}", begin
    finally:
        process.terminate()
        process.wait(15)


def open_page(browser: Browser, address: str) -> Page:
    """A new visitor's page, as soon as the server answers."""
    for _ in range(SECONDS * 100):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(SECONDS * 1e3)
    page.goto(address, wait_until="commit")
    return page


def canvas(browser: Browser, *script: str) -> float:
    """Seconds from the start of the app, or of another one, to its canvas."""
    with starting(*script) as (address, begin):
        page = open_page(browser, address)
        page.wait_for_function(CANVAS)
        seconds = time.perf_counter() - begin
        page.context.close()
        return seconds


def verdict(browser: Browser, address: str) -> float:
    """Seconds from opening the page, as a new visitor, to the answers of both browser lanes."""
    begin = time.perf_counter()
    page = open_page(browser, address)
    page.wait_for_function(CARDS)
    seconds = time.perf_counter() - begin
    page.context.close()
    return seconds


def wait_for_loading() -> None:
    """Until TensorFlow's process has begun. Raises LookupError when it does not."""
    server = cpu_affinity.find()
    for _ in range(SECONDS * 20):
        if server.cpu_seconds()[1] > LOADING:
            return
        time.sleep(0.05)
    raise LookupError("TensorFlow's process does not begin to load it.")


def verdicts(browser: Browser) -> tuple[float, float, float]:
    """Seconds to a second visitor's verdict, to a third's, and to later ones.

    The third comes while TensorFlow's process is busy loading, the later ones once it has loaded.
    """
    with starting() as (address, _):
        first = open_page(browser, address)
        first.wait_for_function(CANVAS)
        at_once = verdict(browser, address)
        wait_for_loading()
        loading = verdict(browser, address)
        expect(first.locator(".dp-headline")).to_contain_text("All five", timeout=SECONDS * 1e3)
        loaded = median([verdict(browser, address) for _ in range(3)])
        return at_once, loading, loaded


def main() -> None:
    """Start both in turns, print."""
    parser = argparse.ArgumentParser("python -m benchmarks.cold_start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    path = chromium.need()
    alone, ours, answers = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        canvas(browser, str(ALONE))  # the machine's own caches are warm for neither or for both
        for _ in range(given.rounds):
            for _ in range(CANVASES):
                alone.append(canvas(browser, str(ALONE)))
                ours.append(canvas(browser))
            answers.append(verdicts(browser))
        browser.close()
    at_once, loading, loaded = (median(times) for times in zip(*answers, strict=True))
    mine, peer = median(ours), median(alone)
    report.show(
        [
            Figure(
                "cold start → canvas usable",
                f"{mine:.2f} s",
                f"{peer:.2f} s, an app with only the canvas",
                mine / peer,
                goal=1.15,
            ),
            *(
                Figure(
                    f"opening the page → verdict of the browser's lanes, {when}",
                    f"{seconds:.2f} s",
                    f"{loaded:.2f} s, once it has loaded",
                    seconds / loaded,
                    goal=1.5,
                )
                for when, seconds in (
                    ("on a server just started", at_once),
                    ("while TensorFlow loads", loading),
                )
            ),
        ]
    )


if __name__ == "__main__":
    main()
