"""A whole test set through all five lanes of the Upload page, in a real browser.

    python -m benchmarks.upload --data mnist.npz

From the click on the button to the results, five times, each a new page of one browser, and the
longest that the page could not draw meanwhile, where that was 50 ms or more. Then the set runs
twice more in a browser of its own, while another visitor draws: from lifting the pen to the verdict
of all five lanes, less the canvas's own 200 ms, beside the same before. The second time the
uploading browser only gets what all others leave of the processors (Linux's idle class: a Chromium
sets its own ``nice``), which is as near as one machine comes to visitors with a machine each. DATA
is any file that the Upload page reads; the goal is for 10,000 images.
"""

from __future__ import annotations

import argparse
import json
import shlex
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
# A page that is asked at each of its frames has to make them: that takes from what is measured.
_WATCH = """() => {
  window.longestFrame = 50; // shorter ones are not told
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
    """A program that runs Chromium with what others leave of the processors."""
    program = folder / "chromium"
    program.write_text(f'#!/bin/sh\nexec chrt --idle 0 {shlex.quote(chromium_path)} "$@"\n')
    program.chmod(0o755)
    return str(program)


def strokes_beside(
    page: Page, uploading: Browser, address: str, data: Path, *, after: int
) -> float:
    """Milliseconds of one visitor's strokes, in the median, while another's set runs."""
    drawing.open_page(page, address)
    expect(drawing.verdict(page)).to_contain_text("All five lanes", timeout=PATIENT)
    running = run_set(uploading, address, data)
    busy = median(pen_up.measure(page, STROKES, after=after)["verdict"])
    running.close()
    page.goto("about:blank")
    return busy


def run_set(browser: Browser, address: str, data: Path) -> Page:
    """The Upload page of a new visitor with ``data`` read and the run begun."""
    page = browser.new_page()
    page.set_default_timeout(PATIENT)
    page.goto(f"{address}/upload")
    page.locator("input[type=file]").set_input_files(data)
    run = page.get_by_test_id("stBaseButton-primary")
    run.wait_for()
    page.evaluate(_WATCH)
    run.click()
    return page


def alone(browser: Browser, address: str, data: Path) -> list[Figure]:
    """What a set takes while nobody else is there, and the longest that its page could not draw."""
    times, longest = [], []
    for number in range(SETS):
        page = run_set(browser, address, data)
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
    """How many images a run had, and the seconds of its lanes together; prints each lane's."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as JSON").click()
    lanes = json.loads(download.value.path().read_text())["lanes"]
    spent = {
        f"{lane['format']} @ {lane['runtime']}": lane["ms_per_image"] * lane["images"] / 1e3
        for lane in lanes
    }
    together, images = sum(spent.values()), max(lane["images"] for lane in lanes)
    for name, each in spent.items():
        print(f"predicting {each:6.1f} s  {name}")
    return images, together


def main() -> None:
    """Start the app, let two visitors come, print."""
    parser = argparse.ArgumentParser("python -m benchmarks.upload", description=__doc__)
    parser.add_argument("--data", metavar="DATA", type=Path, required=True)
    given = parser.parse_args()
    path = chromium.need()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as address,
        sync_playwright() as playwright,
    ):
        launch = playwright.chromium.launch
        browser = launch(executable_path=path, args=chromium.FLAGS)
        other = browser.new_page(viewport={"width": 1366, "height": 768})
        drawing.open_page(other, address)
        expect(drawing.verdict(other)).to_contain_text("All five lanes", timeout=PATIENT)
        usual = median(pen_up.measure(other, STROKES)["verdict"])
        other.goto("about:blank")
        uploading = launch(executable_path=path, args=chromium.FLAGS)
        rows = alone(uploading, address, given.data)
        busy = strokes_beside(other, uploading, address, given.data, after=STROKES)
        uploading.close()
        elsewhere = launch(executable_path=yielding(path, Path(folder)), args=chromium.FLAGS)
        served = strokes_beside(other, elsewhere, address, given.data, after=2 * STROKES)
        elsewhere.close()
        browser.close()
    what = "another visitor's stroke → verdict of five lanes, while a set runs"
    before = f"{usual:.0f} ms before"
    rows.append(Figure(what, f"{busy:.0f} ms", before, busy / usual, goal=2))
    rows.append(
        Figure(f"{what} in a browser that yields", f"{served:.0f} ms", before, served / usual)
    )
    report.show(rows)


if __name__ == "__main__":
    main()
