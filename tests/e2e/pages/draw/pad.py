"""What tests do on the Draw page's pad: strokes, fingers and pens, and what ink there is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import CDPSession, Page, Route, expect

from tests.support.drawing import PAINTED, PATIENT, Point, verdict

# By a canvas's class: how many pixels of it are ink, and where, as shares of the pad.
CANVASES = ".st-key-board canvas"
INK = """canvases => Object.fromEntries([...document.querySelectorAll(canvases)].map((each) => {
  const {width, height} = each;
  const {data} = each.getContext('2d').getImageData(0, 0, width, height);
  const found = {count: 0, left: 1, top: 1, right: 0, bottom: 0, width};
  for (let at = 0; at < width * height; at++) {
    if (data[at * 4 + 3] <= 128 || data[at * 4] <= 128) continue;
    const x = at % width, y = Math.floor(at / width);
    found.count++;
    found.left = Math.min(found.left, x / width);
    found.right = Math.max(found.right, (x + 1) / width);
    found.top = Math.min(found.top, y / height);
    found.bottom = Math.max(found.bottom, (y + 1) / height);
  }
  return [each.className, found];
}))"""
STROKES, MOVING, GHOST, EARLY = (
    "dc-canvas lower-canvas",
    "dc-canvas upper-canvas",
    "dp-ghost",
    "dp-early",
)
BAR: list[Point] = [(0.2, 0.5), (0.8, 0.5)]
STEM: list[Point] = [(0.5, 0.2), (0.5, 0.8)]
PEN = 18 / 280


def ink(page: Page, canvas: str = STROKES) -> int:
    """How many pixels of ink a canvas of the pad has; 0 where there is no such canvas."""
    return int(lies(page, canvas)["count"])


def lies(page: Page, canvas: str = STROKES) -> dict[str, float]:
    """Of a canvas of the pad: how many pixels are ink, and its edges, as shares of the pad.

    Once it is painted: the package's canvas shows strokes in the frame after they are given.
    """
    page.evaluate(PAINTED)
    found: dict[str, dict[str, float]] = page.evaluate(INK, CANVASES)
    return found.get(canvas, {"count": 0})


def label(page: Page) -> str:
    return page.locator(".dp-picture-label").inner_text()


def at(page: Page, point: Point) -> Point:
    """Where a point of the pad, given as shares of it, is in the window."""
    box = page.locator(".st-key-pad").bounding_box()
    assert box is not None
    return box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]


def stroke(page: Page, points: Sequence[Point]) -> None:
    """A stroke of the mouse through points, given as shares of the pad."""
    page.mouse.move(*at(page, points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*at(page, point), steps=5)
    page.mouse.up()


class Fingers:
    """Fingers, a palm and a pen, as the system tells them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)

    def touch(self, kind: str, *points: Point) -> None:
        """``Start``, ``Move``, ``End`` or ``Cancel``, with all the fingers that touch then."""
        touching = [
            {"x": x, "y": y, "id": number}
            for number, (x, y) in enumerate(at(self.page, point) for point in points)
        ]
        what = {"type": f"touch{kind}", "touchPoints": touching}
        self.session.send("Input.dispatchTouchEvent", what)

    def pen(self, kind: str, point: Point) -> None:
        """``Pressed``, ``Moved`` or ``Released``."""
        x, y = at(self.page, point)
        button = {"button": "left", "buttons": 0 if kind == "Released" else 1, "clickCount": 1}
        what = {"type": f"mouse{kind}", "x": x, "y": y, "pointerType": "pen"} | button
        self.session.send("Input.dispatchMouseEvent", what)


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(verdict(page)).to_contain_text("read 7", timeout=PATIENT)
    expect(page.locator(".st-key-pad[data-ready]")).to_be_attached()
    return page


def reads(page: Page, digit: int) -> None:
    expect(verdict(page)).to_contain_text(f"read {digit}")


class Late:
    """Files of the page whose addresses match, which are not there until they are let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.held: list[Route] = []
        self.is_open = False
        page.route(re.compile(pattern), self._hold)

    def _hold(self, route: Route) -> None:
        if self.is_open:
            route.continue_()
        else:
            self.held.append(route)

    def let_go(self) -> None:
        assert self.held, "nothing was asked for"
        self.is_open = True
        for route in self.held:
            route.continue_()
