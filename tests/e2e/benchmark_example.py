"""``python -m tests.e2e.benchmark_example``: measure the report that the Benchmark page opens with.

It is a full run of the model that ships in Chromium on this machine, and is written to
``app/benchmark/example.json``. It is needed anew when that model or the report's schema changes.
"""

from __future__ import annotations

import json

from app.benchmark.results.devices import DEVICE
from app.benchmark.results.opened import EXAMPLE
from tests.support import chromium
from tests.support.drawing import PATIENT

NAME = "a server with two cores and software graphics"


def main() -> None:
    """Measure, name the device, write the file."""
    with chromium.with_app() as (browser, address):
        page = browser.new_page()
        page.set_default_timeout(4 * PATIENT)
        page.goto(f"{address}/benchmark")
        page.locator(".st-key-benchmark-full button").click()
        page.locator(".st-key-benchmark-cancel button").wait_for()
        page.locator(".st-key-benchmark-save summary").click()
        with page.expect_download() as waiting:
            page.locator(".st-key-benchmark-download button").click()
        report = json.loads(waiting.value.path().read_text("utf-8"))
    report["environment"] |= {DEVICE: NAME}
    EXAMPLE.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
