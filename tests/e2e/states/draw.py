"""Every state of the Draw page.

What seldom happens is brought about: a request is answered as if the server were away, or the page
reports other answers than its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from models.tfjs import built
from tests.support import drawing
from tests.support.drawing import PATIENT

READING = "**/served/reading/**"
SCRIBBLES = (
    [[(10, 50), (90, 50)], [(50, 10), (50, 90)], [(15, 15), (85, 85)]],
    [[(10, 10), (90, 90)], [(90, 10), (10, 90)]],
    [[(10, 20), (90, 20)], [(10, 50), (90, 50)], [(10, 80), (90, 80)]],
    [[(20, 20), (80, 20), (80, 80), (20, 80), (20, 20)]],
)


def loading_tensorflow(page: Page) -> None:
    """The first visitor of a new server, whose TensorFlow takes seconds: here, for ever."""
    page.route(READING, lambda route: None)
    page.reload()
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


STATES: list[Callable[[Page], None]] = [
    loading_tensorflow, first_visit, reading_live, agree, differ, unsure, lane_failed, no_bundle,
    offline, shared_link,
]  # fmt: skip
