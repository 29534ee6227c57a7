"""A whole test set through all five lanes of the Upload page, in a real browser.

    python -m benchmarks.upload mnist.npz

Prints the seconds from the click on the button to the last answer, what of it the lanes spent
predicting, and how long the page was ever unable to draw meanwhile. DATA is any file that the page
reads.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e import chromium
from tests.e2e.servers import serving

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


def main() -> int:
    parser = argparse.ArgumentParser("python -m benchmarks.upload", description=__doc__)
    parser.add_argument("data", metavar="DATA", type=Path)
    given = parser.parse_args()
    path = chromium.find()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        page = browser.new_page()
        page.set_default_timeout(300_000)
        page.goto(address)
        page.locator(".dp-verdict[data-kind=agree]").wait_for()  # TensorFlow has loaded
        page.get_by_role("link", name="Upload").click()
        page.locator("input[type=file]").set_input_files(given.data)
        run = page.get_by_test_id("stBaseButton-primary")
        begin = time.perf_counter()
        run.wait_for()
        print(f"read        {time.perf_counter() - begin:6.1f} s  {run.inner_text()}")
        page.evaluate(_LONGEST_FRAME)
        begin = time.perf_counter()
        run.click()
        page.get_by_text("Report as HTML").wait_for()
        seconds = time.perf_counter() - begin
        print(f"all lanes   {seconds:6.1f} s")
        with page.expect_download() as download:
            page.get_by_role("button", name="Report as JSON").click()
        lanes = json.loads(download.value.path().read_text())["lanes"]
        spent = [lane["ms_per_image"] * lane["images"] / 1e3 for lane in lanes]
        for lane, each in zip(lanes, spent, strict=True):
            print(f"  predicting {each:5.1f} s  {lane['format']} @ {lane['runtime']}")
        print(f"  together   {sum(spent):5.1f} s, {seconds / sum(spent):.2f} of it passed")
        print(f"longest frame {page.evaluate('window.longestFrame'):4.0f} ms")
        print(page.locator(".dp-headline").inner_text(), page.locator(".dp-detail").inner_text())
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
