"""``python -m benchmarks.cold_start``: from starting the server to a canvas that takes strokes.

The app and an app with only the canvas start in turns, each in a new process with a new browser
profile. The time runs from starting the process until the canvas is on the page, three times a
round. Once a round the app goes on to load TensorFlow. Then the time from opening the page to the
browser lanes' verdict is measured at once, while TensorFlow loads, and once it has loaded.
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

from playwright.sync_api import Browser, Page, expect

from benchmarks import report, server_processes
from benchmarks.report import Figure
from models.parity.timing import median
from tests.support import chromium
from tests.support.servers import ROOT, free_port

ALONE = Path(__file__).parent / "peers" / "canvas.py"
# Evaluated at each frame. Playwright's locators poll only twice a second after a while.
CANVAS = """() => document.querySelector('.st-key-pad[data-ready]') !== null
  || [...document.querySelectorAll('[class*=st-key-canvas] *')].some(
    ({ shadowRoot }) => shadowRoot?.querySelector('canvas')?.getBoundingClientRect().width)"""
ANSWERED = """() => document.querySelectorAll(
  '.dp-lanes tr[data-where=browser][data-state=answered]').length === 2"""
SECONDS = 120
CANVASES = 3  # of each app per round
LOADING = 0.4  # seconds of processor time after which TensorFlow's process is loading


@contextmanager
def starting(*script: str) -> Iterator[tuple[str, float]]:
    """Start a server; yields its URL and the time of its start, before it answers."""
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


def open_page(browser: Browser, url: str) -> Page:
    """A new visitor's page, as soon as the server answers."""
    for _ in range(SECONDS * 100):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(SECONDS * 1e3)
    page.goto(url, wait_until="commit")
    return page


def canvas(browser: Browser, *script: str) -> float:
    """Seconds from the start of the app, or of another ``script``, to its canvas."""
    with starting(*script) as (url, begin):
        page = open_page(browser, url)
        page.wait_for_function(CANVAS)
        seconds = time.perf_counter() - begin
        page.context.close()
        return seconds


def verdict(browser: Browser, url: str) -> float:
    """Seconds from a new visitor's opening the page to the answers of both browser lanes."""
    begin = time.perf_counter()
    page = open_page(browser, url)
    page.wait_for_function(ANSWERED)
    seconds = time.perf_counter() - begin
    page.context.close()
    return seconds


def wait_for_loading() -> None:
    """Wait until TensorFlow's process is loading. Raises LookupError if that does not happen."""
    server = server_processes.find()
    for _ in range(SECONDS * 20):
        if server.cpu_seconds()[1] > LOADING:
            return
        time.sleep(0.05)
    raise LookupError("TensorFlow's process does not begin to load it.")


def verdicts(browser: Browser) -> tuple[float, float, float]:
    """Seconds to a second visitor's verdict, to a third's, and to later ones.

    The third comes while TensorFlow's process is busy loading, the later ones once it has loaded.
    """
    with starting() as (url, _):
        first = open_page(browser, url)
        first.wait_for_function(CANVAS)
        at_once = verdict(browser, url)
        wait_for_loading()
        loading = verdict(browser, url)
        expect(first.locator(".dp-verdict")).to_contain_text("All five", timeout=SECONDS * 1e3)
        loaded = median([verdict(browser, url) for _ in range(3)])
        return at_once, loading, loaded


def main() -> None:
    """Start both apps in turns and print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.cold_start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    alone, ours, answers = [], [], []
    with chromium.launched() as browser:
        canvas(browser, str(ALONE))  # warms the machine's caches for both apps
        for _ in range(options.rounds):
            for _ in range(CANVASES):
                alone.append(canvas(browser, str(ALONE)))
                ours.append(canvas(browser))
            answers.append(verdicts(browser))
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
