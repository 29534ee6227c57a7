"""``python -m benchmarks.upload_example``: the example that a new visitor of the Upload page sees.

Runs the 100 ready digits on the page, in a real browser with the shipped model, and keeps the
report that the page gives. A test says when the model has changed since.
"""

from __future__ import annotations

import argparse

from app.upload.saved import example, parsed
from tests.support import chromium

PATIENT = 180_000  # milliseconds


def main() -> None:
    """Run the digits and write the report."""
    argparse.ArgumentParser("python -m benchmarks.upload_example", description=__doc__).parse_args()
    with chromium.with_app() as (browser, address):
        page = browser.new_page()
        page.set_default_timeout(PATIENT)
        page.goto(f"{address}/upload")
        page.get_by_role("button", name="Run 100 ready digits").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Report as JSON").click()
        raw = download.value.path().read_bytes()
    parsed.from_file(raw)
    example.PATH.write_bytes(raw)
    print(f"{example.PATH}: {len(raw):,} bytes")


if __name__ == "__main__":
    main()
