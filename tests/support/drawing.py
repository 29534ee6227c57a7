"""What tests do on the Draw page: draw with the mouse, wait for the lanes' answers."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import FloatRect, Locator, Page, expect

# Milliseconds, within pytest's limit for a test: TensorFlow may still be loading on a busy machine.
# A wait ends as soon as its sign comes.
PATIENT = 150_000
Point = tuple[float, float]
# Ends once the browser has painted what is there.
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# Each digit as pen strokes through points in a box of 100 × 100, as people write them.
DIGITS: dict[int, list[list[Point]]] = {
    0: [[(55, 5), (30, 15), (18, 45), (25, 80), (50, 95), (75, 80), (82, 45), (72, 15), (50, 5)]],
    1: [[(50, 5), (50, 95)]],
    2: [[(20, 28), (30, 10), (52, 5), (75, 15), (76, 38), (55, 62), (20, 93), (82, 93)]],
    3: [
        [(22, 15), (45, 5), (72, 12), (74, 32), (55, 46), (42, 48)],
        [(42, 48), (70, 54), (80, 72), (66, 92), (40, 96), (20, 84)],
    ],
    4: [[(30, 8), (22, 55), (80, 55)], [(66, 8), (64, 95)]],
    5: [[(75, 8), (32, 8), (27, 45), (52, 40), (76, 52), (78, 75), (60, 93), (35, 95), (20, 84)]],
    6: [
        [(65, 6), (40, 25), (24, 55), (26, 82), (48, 96), (70, 88), (74, 66), (56, 54), (30, 66)],
    ],
    7: [[(20, 10), (82, 10), (45, 95)]],
    8: [
        [(70, 20), (50, 6), (30, 18), (36, 40), (62, 56), (74, 78), (52, 95), (28, 82), (70, 20)],
    ],
    9: [[(72, 28), (52, 8), (30, 18), (30, 42), (52, 52), (72, 32), (72, 20), (68, 60), (60, 95)]],
}


def open_page(page: Page, url: str) -> None:
    """Open the Draw page and wait until the canvas takes strokes."""
    page.goto(url)
    canvas(page).wait_for()


def canvas(page: Page) -> Locator:
    """The canvas that takes strokes: Fabric lays it over the one that it shows."""
    return page.locator(".st-key-board canvas:visible").last


def _box(page: Page) -> FloatRect:
    """Where the canvas is."""
    expect(page.locator(".st-key-pad[data-ready]")).to_be_attached(timeout=PATIENT)
    box = canvas(page).bounding_box()
    assert box is not None
    return box


def draw(
    page: Page, strokes: Sequence[Sequence[Point]], *, size: float = 180, lifted: bool = True
) -> None:
    """Draw strokes, given in a box of 100 × 100, with the mouse in the middle of the canvas.

    The last one goes on if it is not ``lifted``.
    """
    box = _box(page)
    left = box["x"] + (box["width"] - size) / 2
    top = box["y"] + (box["height"] - size) / 2
    for (x, y), *others in strokes:
        page.mouse.up()
        page.mouse.move(left + x * size / 100, top + y * size / 100)
        page.mouse.down()
        for x_next, y_next in others:
            page.mouse.move(left + x_next * size / 100, top + y_next * size / 100, steps=6)
    if lifted:
        page.mouse.up()


def draw_by_touch(page: Page, strokes: Sequence[Sequence[Point]], *, size: float = 240) -> None:
    """Draw strokes, given in a box of 100 × 100, with a finger in the middle of the canvas."""
    box = _box(page)
    left = box["x"] + (box["width"] - size) / 2
    top = box["y"] + (box["height"] - size) / 2
    finger = page.context.new_cdp_session(page)
    for stroke in strokes:
        kind = "touchStart"
        for x, y in stroke:
            at = {"x": left + x * size / 100, "y": top + y * size / 100}
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
            kind = "touchMove"
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def clear(page: Page) -> None:
    """Empty the canvas."""
    _press(page, "clear")
    expect(verdict(page)).to_contain_text("Draw a digit.")


def undo(page: Page) -> None:
    """Take the last stroke back."""
    _press(page, "undo")


def redo(page: Page) -> None:
    """Draw again what was taken back."""
    _press(page, "redo")


def _press(page: Page, button: str) -> None:
    page.locator(f".st-key-{button}").get_by_role("button").click()


def wait_until_idle(page: Page) -> None:
    """Wait until the lanes have answered and every backend has been measured.

    That is done once in a tab, as soon as it has nothing else to do.
    """
    expect(page.locator(".dp-studio[data-idle]")).to_be_attached(timeout=PATIENT)


def wait_until_settled(page: Page) -> None:
    """Wait until Python has run, and the browser has painted the result."""
    app = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    expect(app).to_be_attached(timeout=PATIENT)
    page.evaluate(PAINTED)


def verdict(page: Page) -> Locator:
    """The line that says what the lanes read."""
    return page.locator(".dp-verdict")


def readings(page: Page, where: str) -> Locator:
    """What each lane of ``browser`` or ``server`` reads, in the order of the page."""
    return page.locator(f".dp-lanes tr[data-where={where}] .dp-digit")
