"""``python -m tests.e2e.draw_states SHEET.png``: every state of the Draw page on one sheet.

On a laptop and on a phone, light and dark, from the running app, for whoever changes the page's
looks. What seldom happens is brought about: a request is answered as if the server were away, or
the page reports other answers than its own.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from models.tfjs import built
from tests.e2e import screenshots
from tests.support import chromium, drawing
from tests.support.drawing import PATIENT
from tests.support.servers import serving

READING = "**/served/reading/**"
SCRIBBLES = (
    [[(10, 50), (90, 50)], [(50, 10), (50, 90)], [(15, 15), (85, 85)]],
    [[(10, 10), (90, 90)], [(90, 10), (10, 90)]],
    [[(10, 20), (90, 20)], [(10, 50), (90, 50)], [(10, 80), (90, 80)]],
    [[(20, 20), (80, 20), (80, 80), (20, 80), (20, 20)]],
)
GAP, LABEL = 16, 24


class Look(NamedTuple):
    """A screen, and how wide its picture is on the sheet."""

    size: tuple[int, int]
    theme: Literal["light", "dark"]
    width: int


LAPTOP, PHONE = (1366, 900), (390, 1_400)
LOOKS = [
    Look(LAPTOP, "light", 600), Look(LAPTOP, "dark", 600),
    Look(PHONE, "light", 240), Look(PHONE, "dark", 240),
]  # fmt: skip


def loading_tensorflow(page: Page) -> None:
    """The first visitor of a new server, whose TensorFlow takes seconds."""
    rows = page.locator(".dp-lanes tr[data-where=browser][data-state=answered]")
    expect(rows).to_have_count(2, timeout=PATIENT)


def first_visit(page: Page) -> None:
    expect(drawing.verdict(page)).to_contain_text("All five", timeout=PATIENT)
    drawing.wait_until_idle(page)


def reading_live(page: Page) -> None:
    """The pen is still down."""
    first_visit(page)
    box = drawing.canvas(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for x, y in ((0.75, 0.2), (0.5, 0.6)):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
    expect(page.locator(".dp-studio[data-live]")).to_be_attached(timeout=PATIENT)


def agree(page: Page) -> None:
    first_visit(page)
    drawing.draw(page, drawing.DIGITS[4])
    expect(drawing.verdict(page)).to_contain_text("read 4", timeout=PATIENT)


def differ(page: Page) -> None:
    """The layers model in the browser reads something else."""
    first_visit(page)

    def change(lanes: list[dict[str, Any]]) -> None:
        lanes[-1]["probabilities"] = lanes[-1]["probabilities"][::-1]

    _reporting(page, change)
    _becomes(page, "differ")


def lane_failed(page: Page) -> None:
    first_visit(page)

    def change(lanes: list[dict[str, Any]]) -> None:
        lanes[0] |= {"error": "The graphics card was lost.", "probabilities": None}

    _reporting(page, change)
    drawing.draw(page, drawing.DIGITS[4])
    expect(page.locator(".dp-lanes tr[data-state=failed]")).to_have_count(1, timeout=PATIENT)


def unsure(page: Page) -> None:
    first_visit(page)
    for scribble in SCRIBBLES:
        drawing.clear(page)
        drawing.draw(page, scribble)
        done = page.locator(".dp-verdict:not([data-kind=waiting])")
        expect(done).to_be_attached(timeout=PATIENT)
        answered = page.locator(".dp-lanes tr[data-state=answered]")
        expect(answered).to_have_count(5, timeout=PATIENT)
        if drawing.verdict(page).get_attribute("data-kind") == "unsure":
            return
    raise AssertionError("Every scribble is read as a digit: give SCRIBBLES others.")


def no_bundle(page: Page) -> None:
    """TensorFlow.js does not come."""
    page.route(f"**/{built.entry()}", lambda route: route.fulfill(status=404))
    page.reload()
    expect(page.locator(".dp-lanes tr[data-state=failed]")).to_have_count(2, timeout=PATIENT)


def offline(page: Page) -> None:
    first_visit(page)
    page.route(READING, lambda route: route.abort())
    drawing.draw(page, drawing.DIGITS[4])
    expect(drawing.verdict(page)).to_contain_text("cannot be reached", timeout=PATIENT)


def shared_link(page: Page) -> None:
    agree(page)
    drawing.wait_until_settled(page)
    page.goto(page.url)
    expect(drawing.verdict(page)).to_contain_text("read 4", timeout=PATIENT)
    drawing.wait_until_idle(page)


STATES: list[Callable[[Page], None]] = [
    loading_tensorflow, first_visit, reading_live, agree, differ, unsure, lane_failed, no_bundle,
    offline, shared_link,
]  # fmt: skip


def _reporting(page: Page, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Let the page report other answers of its own lanes than they gave."""

    def report(route: Route) -> None:
        posted = route.request.post_data_json
        if posted["lanes"]:
            change(posted["lanes"])
        route.continue_(post_data=json.dumps(posted))

    page.route(READING, report)


def _becomes(page: Page, kind: str) -> None:
    drawing.draw(page, drawing.DIGITS[4])
    expect(page.locator(f".dp-verdict[data-kind={kind}]")).to_be_attached(timeout=PATIENT)


def main() -> None:
    """Write the sheet. A state that does not come is named on it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sheet", type=Path)
    sheet = parser.parse_args().sheet
    path = chromium.find()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        with serving(log=Path(folder) / "log.txt") as address:
            rows = [_row(browser, address, state) for state in STATES]
        browser.close()
    _sheet(rows).save(sheet)


def _row(browser: Browser, address: str, state: Callable[[Page], None]) -> list[Image.Image]:
    return [_picture(browser, address, state, look) for look in LOOKS]


def _picture(
    browser: Browser, address: str, state: Callable[[Page], None], look: Look
) -> Image.Image:
    page = screenshots.open_page(browser, address, look.size, look.theme)
    said = state.__name__.replace("_", " ")
    try:
        state(page)
    except AssertionError as error:
        said += f": {str(error).splitlines()[0]}"
    page.evaluate(drawing.PAINTED)
    shot = screenshots.shot(page)
    page.mouse.up()
    page.close()
    return _labelled(shot, said, look.width)


def _labelled(shot: Image.Image, said: str, width: int) -> Image.Image:
    small = shot.resize((width, round(shot.height * width / shot.width)))
    whole = Image.new("RGB", (width, small.height + LABEL), "white")
    ImageDraw.Draw(whole).text((2, 4), said, fill="black")
    whole.paste(small, (0, LABEL))
    return whole


def _sheet(rows: list[list[Image.Image]]) -> Image.Image:
    heights = [max(each.height for each in row) + GAP for row in rows]
    width = max(sum(each.width + GAP for each in row) for row in rows)
    sheet = Image.new("RGB", (width, sum(heights)), "#888")
    for at, row in enumerate(rows):
        left = 0
        for each in row:
            sheet.paste(each, (left, sum(heights[:at])))
            left += each.width + GAP
    return sheet


if __name__ == "__main__":
    main()
