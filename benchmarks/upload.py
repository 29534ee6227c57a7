"""A whole test set through all five lanes of the Upload page, in a real browser.

    python -m benchmarks.upload --data mnist.npz

From the click on the button to the last answer, and the longest that the page could not draw
meanwhile. Then the set runs once more, while another visitor draws: from lifting the pen to the
verdict of all five lanes, less the canvas's own 200 ms, beside the same before. DATA is any file
that the Upload page reads; the goal is for 10,000 images.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks import figures, pen_up
from benchmarks.figures import Figure
from models.timing import median
from tests.e2e import chromium, drawing
from tests.e2e.servers import serving

PATIENT = 600_000  # milliseconds
STROKES = 8
_LONGEST_FRAME = """() => {
  let last = performance.now();
  window.longestFrame = 0;
  const frame = (now) => {
    window.longestFrame = Math.max(window.longestFrame, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def run_set(browser: Browser, address: str, data: Path) -> Page:
    """The Upload page of a new visitor with ``data`` read and the run begun."""
    page = browser.new_page()
    page.set_default_timeout(PATIENT)
    page.goto(f"{address}/upload")
    page.locator("input[type=file]").set_input_files(data)
    run = page.get_by_test_id("stBaseButton-primary")
    run.wait_for()
    page.evaluate(_LONGEST_FRAME)
    run.click()
    return page


def figures_of(page: Page, seconds: float) -> list[Figure]:
    """What the run took, and how that compares with the lanes' own time."""
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
    longest = page.evaluate("window.longestFrame")
    return [
        Figure(
            f"{images:,} images through all five lanes, end to end",
            f"{seconds:.1f} s",
            f"{together:.1f} s, the lanes' predictions one after the other",
            seconds,
            " s",
            goal=12 if images == 10_000 else None,
        ),
        Figure("the longest that the page could not draw", f"{longest:.0f} ms", "", longest, " ms"),
    ]


def main() -> None:
    """Start the app, let two visitors come, print."""
    parser = argparse.ArgumentParser("python -m benchmarks.upload", description=__doc__)
    parser.add_argument("--data", metavar="DATA", type=Path, required=True)
    given = parser.parse_args()
    path = chromium.find()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        other = browser.new_page(viewport={"width": 1366, "height": 768})
        drawing.open_page(other, address)
        expect(drawing.verdict(other)).to_contain_text("All five lanes", timeout=PATIENT)
        usual = median(pen_up.measure(other, STROKES)["verdict"])
        other.goto("about:blank")
        page = run_set(browser, address, given.data)
        begin = time.perf_counter()
        page.get_by_text("Report as HTML").wait_for()
        rows = figures_of(page, time.perf_counter() - begin)
        page.close()
        drawing.open_page(other, address)
        expect(drawing.verdict(other)).to_contain_text("All five lanes", timeout=PATIENT)
        page = run_set(browser, address, given.data)
        busy = median(pen_up.measure(other, STROKES, after=STROKES)["verdict"])
        browser.close()
    what = "another visitor's stroke → verdict of five lanes, while a set runs"
    rows.append(Figure(what, f"{busy:.0f} ms", f"{usual:.0f} ms before", busy / usual, goal=2))
    figures.show(rows)


if __name__ == "__main__":
    main()
