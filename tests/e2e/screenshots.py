"""``python -m tests.e2e.screenshots``: the README's pictures, from the running app.

An animation of a digit drawn and read, the Draw page on a phone, and each of the other pages with
results. All are small: of few colours, as the pages are.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.states import pages
from tests.support import chromium, drawing
from tests.support.drawing import PATIENT
from tests.support.servers import ROOT

DOCS = ROOT / "docs"
LAPTOP, PHONE = (1280, 720), (390, 844)
DIGIT = 4
COLOURS = 224
PEN_MS, READ_MS = 70, 2_500


def main() -> None:
    """Write draw.gif, phone.png, upload.png, benchmark.png and inspect.png to docs/."""
    with chromium.with_app() as (browser, address):
        _animate(_newcomer(browser, address, LAPTOP, "light"), DOCS / "draw.gif")
        _phone(_newcomer(browser, address, PHONE, "dark"), DOCS / "phone.png")
        for name, ready in {
            "upload": pages.upload_done,
            "benchmark": pages.benchmark_done,
            "inspect": pages.inspect_agree,
        }.items():
            _picture(open_page(browser, f"{address}/{name}", LAPTOP, "light"), ready, name)


def open_page(
    browser: Browser, address: str, size: tuple[int, int], theme: Literal["light", "dark"]
) -> Page:
    """A page of its own at this address."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
    page.set_default_timeout(PATIENT)
    page.goto(address)
    return page


def _newcomer(
    browser: Browser, address: str, size: tuple[int, int], theme: Literal["light", "dark"]
) -> Page:
    """The Draw page with its ready digit read, and warm."""
    page = open_page(browser, address, size, theme)
    expect(drawing.verdict(page)).to_contain_text("All five", timeout=PATIENT)
    drawing.wait_until_idle(page)
    return page


def _animate(page: Page, path: Path) -> None:
    """The pen draws, the lanes answer."""
    shots = [shot(page), *(shot(page) for _ in _draw_slowly(page))]
    _wait_for_answer(page)
    shots.append(shot(page))
    durations = [READ_MS // 2, *[PEN_MS] * (len(shots) - 2), READ_MS]
    frames = _quantised(shots)
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=True
    )


def _quantised(shots: list[Image.Image]) -> list[Image.Image]:
    """All in the same few colours; together, as Pillow maps to another's palette only roughly."""
    width, height = shots[0].size
    sheet = Image.new("RGB", (width, height * len(shots)))
    for row, each in enumerate(shots):
        sheet.paste(each, (0, row * height))
    sheet = sheet.quantize(COLOURS, dither=Image.Dither.NONE)
    return [sheet.crop((0, top, width, top + height)) for top in range(0, sheet.height, height)]


def _draw_slowly(page: Page) -> Iterator[None]:
    """Draw the digit, with a stop after each part of a line."""
    box = drawing.canvas(page).bounding_box()
    assert box is not None
    size = 180
    left, top = (box[side] + (box["width"] - size) / 2 for side in ("x", "y"))
    for stroke in drawing.DIGITS[DIGIT]:
        page.mouse.move(left + stroke[0][0] * size / 100, top + stroke[0][1] * size / 100)
        page.mouse.down()
        for (x, y), (x_next, y_next) in pairwise(stroke):
            for share in (0.2, 0.4, 0.6, 0.8, 1):
                x_now, y_now = x + share * (x_next - x), y + share * (y_next - y)
                page.mouse.move(left + x_now * size / 100, top + y_now * size / 100)
                yield
        page.mouse.up()


def _wait_for_answer(page: Page) -> None:
    expect(drawing.verdict(page)).to_contain_text(f"read {DIGIT}")
    page.mouse.move(5, LAPTOP[1] - 5)
    drawing.wait_until_settled(page)


def _phone(page: Page, path: Path) -> None:
    drawing.draw(page, drawing.DIGITS[DIGIT], size=240)
    _wait_for_answer(page)
    save(shot(page), path)


def _picture(page: Page, ready: Callable[[Page], None], name: str) -> None:
    """A page once it is ready, from its top."""
    ready(page)
    page.evaluate("document.querySelector('.stMain').scrollTo(0, 0)")
    save(shot(page), DOCS / f"{name}.png")


def shot(page: Page) -> Image.Image:
    """What the page shows."""
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def save(picture: Image.Image, path: Path) -> None:
    """Write the picture, of few colours, as the pages are."""
    picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
