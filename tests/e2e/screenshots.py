"""``python -m tests.e2e.screenshots``: the README's pictures, from the running app."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e import chromium, drawing
from tests.e2e.servers import ROOT, serving

DOCS = ROOT / "docs"
LAPTOP, PHONE = (1366, 768), (390, 844)


def open_drawn(
    browser: Browser, address: str, size: tuple[int, int], theme: Literal["light", "dark"]
) -> Page:
    """The Draw page with a 4, drawn by mouse and read by all lanes."""
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=theme, device_scale_factor=1.5
    )
    drawing.open_page(page, address)
    expect(drawing.verdict(page)).to_contain_text("All five lanes", timeout=60_000)
    page.wait_for_timeout(4_000)
    drawing.draw(page, drawing.DIGITS[4])
    expect(drawing.verdict(page)).to_contain_text("read 4")
    page.mouse.move(5, height - 5)
    page.wait_for_timeout(1_500)
    return page


def main() -> None:
    """Write draw.png (light, laptop), draw-dark.png and draw-phone.png to docs/."""
    path = chromium.find()  # it runs Playwright for itself, so before ours
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        open_drawn(browser, address, LAPTOP, "light").screenshot(path=DOCS / "draw.png")
        open_drawn(browser, address, LAPTOP, "dark").screenshot(path=DOCS / "draw-dark.png")
        open_drawn(browser, address, PHONE, "dark").screenshot(path=DOCS / "draw-phone.png")
        browser.close()


if __name__ == "__main__":
    main()
