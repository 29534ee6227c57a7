"""A whole test set through all five lanes of the Upload page, in a real browser.

    python -m benchmarks.upload --data mnist.npz

Measures the time from the click on the button to the results, five times in new pages of one
browser, and the longest time that the page could not draw meanwhile (at least 50 ms). Then the test
set runs twice more in another browser while another visitor draws. The time from pen-up to that
visitor's verdict of all five lanes is compared with the same before. The second time the uploading
browser gets only the processor time that others leave, which comes close to visitors with a machine
each: it runs in Linux's idle class, since Chromium sets its own ``nice``. Other systems leave that
out. DATA is any file that the Upload page reads; the goal is for 10,000 images.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks import pen_up, report
from benchmarks.report import Figure
from models.parity.timing import median
from tests.support import chromium, drawing
from tests.support.servers import serving

PATIENT = 600_000  # milliseconds
STROKES = 8
SETS = 5
# The page observes itself: polling it at each frame would make it draw, which slows the run.
_WATCH = """() => {
  window.longestFrame = 50; // shorter ones are not reported
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      window.longestFrame = Math.max(window.longestFrame, duration);
    }
  }).observe({ type: 'long-animation-frame' });
  let begun = 0;
  addEventListener('click', () => { begun = performance.now(); }, { capture: true, once: true });
  window.ended = new Promise((resolve) => {
    const look = () => [...document.querySelectorAll('button')].some(
      ({ textContent }) => textContent.includes('Report as HTML'))
      && resolve((performance.now() - begun) / 1e3);
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
}"""


def yielding(chromium_path: str, folder: Path) -> str:
    """A script that runs Chromium with the processor time that others leave."""
    program = folder / "chromium"
    line = f'exec chrt --idle 0 {shlex.quote(chromium_path)} "$@"'
    program.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
    program.chmod(0o755)
    return str(program)


def strokes_beside(page: Page, uploading: Browser, url: str, data: Path, *, after: int) -> float:
    """The median milliseconds from pen-up to the verdict while another visitor's test set runs."""
    drawing.open_page(page, url)
    expect(drawing.verdict(page)).to_contain_text("All five", timeout=PATIENT)
    running = run_set(uploading, url, data)
    busy = median(pen_up.measure(page, STROKES, after=after)["verdict"])
    running.close()
    page.goto("about:blank")
    return busy


def run_set(browser: Browser, url: str, data: Path) -> Page:
    """A new visitor's Upload page that has read ``data`` and started the run."""
    page = browser.new_page()
    page.set_default_timeout(PATIENT)
    page.goto(f"{url}/upload")
    page.locator("input[type=file]").set_input_files(data)
    run = page.locator(".st-key-upload-run button")
    run.wait_for()
    page.evaluate(_WATCH)
    run.click()
    return page


def alone(browser: Browser, url: str, data: Path) -> list[Figure]:
    """A test set's time without other visitors, and the longest that its page could not draw."""
    times, longest = [], []
    for number in range(SETS):
        page = run_set(browser, url, data)
        times.append(float(page.evaluate("window.ended")))
        longest.append(float(page.evaluate("window.longestFrame")))
        if number == SETS - 1:
            images, together = lanes_of(page)
        page.close()
    return [
        Figure(
            f"{images:,} images through all five lanes, end to end",
            f"{median(times):.1f} s ({min(times):.1f} to {max(times):.1f})",
            f"{together:.1f} s, the lanes' predictions one after the other",
            median(times),
            " s",
            goal=12 if images == 10_000 else None,
        ),
        Figure(
            "the longest that the page could not draw, at least 50 ms",
            f"{median(longest):.0f} ms ({min(longest):.0f} to {max(longest):.0f})",
            "",
            median(longest),
            " ms",
        ),
    ]


def lanes_of(page: Page) -> tuple[int, float]:
    """The number of images of a run and its lanes' seconds in total; prints each lane's seconds."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as JSON").click()
    lanes = json.loads(download.value.path().read_text("utf-8"))["lanes"]
    spent = {
        f"{lane['format']} @ {lane['runtime']}": lane["ms_per_image"] * lane["images"] / 1e3
        for lane in lanes
    }
    together, images = sum(spent.values()), max(lane["images"] for lane in lanes)
    for name, each in spent.items():
        print(f"predicting {each:6.1f} s  {name}")
    return images, together


def main() -> None:
    """Start the app with two visitors, measure, print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.upload", description=__doc__)
    parser.add_argument("--data", metavar="DATA", type=Path, required=True)
    options = parser.parse_args()
    path = chromium.need()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as url,
        sync_playwright() as playwright,
    ):
        launch = playwright.chromium.launch
        browser = launch(executable_path=path, args=chromium.FLAGS)
        other = browser.new_page(viewport={"width": 1366, "height": 768})
        drawing.open_page(other, url)
        expect(drawing.verdict(other)).to_contain_text("All five", timeout=PATIENT)
        usual = median(pen_up.measure(other, STROKES)["verdict"])
        other.goto("about:blank")
        uploading = launch(executable_path=path, args=chromium.FLAGS)
        rows = alone(uploading, url, options.data)
        busy = strokes_beside(other, uploading, url, options.data, after=STROKES)
        uploading.close()
        yielded = None
        if shutil.which("chrt") is not None:
            elsewhere = launch(executable_path=yielding(path, Path(folder)), args=chromium.FLAGS)
            yielded = strokes_beside(other, elsewhere, url, options.data, after=2 * STROKES)
            elsewhere.close()
        browser.close()
    what = "another visitor's stroke → verdict of five lanes, while a set runs"
    before = f"{usual:.0f} ms before"
    rows.append(Figure(what, f"{busy:.0f} ms", before, busy / usual, goal=2))
    if yielded is not None:
        words = f"{what} in a browser that yields"
        rows.append(Figure(words, f"{yielded:.0f} ms", before, yielded / usual))
    report.show(rows)


if __name__ == "__main__":
    main()
