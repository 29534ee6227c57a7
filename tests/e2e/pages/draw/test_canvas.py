"""The pad in Chromium: strokes, Undo, keys, fingers and pens, whatever comes between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Route, expect

from tests.support.drawing import (
    DIGITS,
    PATIENT,
    Point,
    clear,
    draw,
    redo,
    undo,
    verdict,
)

# How many pixels of the pad's canvases are ink, and where, as shares of the pad; by the canvas's class.
INK = """() => Object.fromEntries([...document.querySelectorAll('.st-key-board canvas')].map((each) => {
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
    return int(page.evaluate(INK).get(canvas, {"count": 0})["count"])


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


@pytest.fixture
def shown(page: Page, server: str) -> Page:
    """The Draw page once all have read the first example."""
    return opened(page, server)


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(verdict(page)).to_contain_text("read 7", timeout=PATIENT)
    expect(page.locator(".st-key-pad[data-ready]")).to_be_attached()
    return page


def reads(page: Page, digit: int) -> None:
    expect(verdict(page)).to_contain_text(f"read {digit}")


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
    )
    page = context.new_page()
    yield opened(page, server)
    context.close()


# Undo, redo, clear.


def test_undo_redo_and_clear_act_on_the_one_canvas_that_stays(shown: Page) -> None:
    first = shown.locator(".upper-canvas").element_handle()
    clear(shown)
    draw(shown, DIGITS[1])
    reads(shown, 1)
    one = ink(shown)
    stroke(shown, BAR)
    both = ink(shown)
    assert both > one > 0
    undo(shown)
    assert ink(shown) == one, "at once, without a round trip"
    reads(shown, 1)
    redo(shown)
    assert ink(shown) == both
    clear(shown)
    assert ink(shown) == 0
    undo(shown)
    assert ink(shown) == both, "what was cleared is back"
    undo(shown)
    reads(shown, 1)
    assert shown.evaluate("one => one === document.querySelector('.upper-canvas')", first)


def test_control_z_and_y_take_back_and_do_again_but_not_in_a_field_of_text(shown: Page) -> None:
    clear(shown)
    draw(shown, DIGITS[1])
    reads(shown, 1)
    one = ink(shown)
    for again in ("Control+y", "Control+Shift+Z"):
        shown.keyboard.press("Control+z")
        assert ink(shown) == 0
        shown.keyboard.press(again)
        assert ink(shown) == one
    shown.evaluate("document.querySelector('.dp-board').append(document.createElement('input'))")
    shown.locator(".dp-board > input").focus()
    shown.keyboard.press("Control+z")
    assert ink(shown) == one
    reads(shown, 1)


def test_undo_after_a_ready_digit_brings_the_drawing_back(shown: Page) -> None:
    clear(shown)
    draw(shown, DIGITS[1])
    reads(shown, 1)
    drawn = ink(shown)
    shown.get_by_role("button", name="Ready digit 8").click()
    reads(shown, 8)
    assert (ink(shown), label(shown)) == (0, "Ready digit 8")
    assert ink(shown, GHOST) > 0, "the pad shows what is read"
    undo(shown)
    reads(shown, 1)
    assert (ink(shown), label(shown)) == (drawn, "Yours")
    assert ink(shown, GHOST) == 0
    redo(shown)
    reads(shown, 8)
    assert ink(shown, GHOST) > 0


def test_undo_of_the_first_stroke_shows_the_picture_before(shown: Page) -> None:
    before = label(shown)
    draw(shown, DIGITS[1])
    reads(shown, 1)
    assert ink(shown, GHOST) == 0
    undo(shown)
    reads(shown, 7)
    assert (ink(shown), label(shown)) == (0, before)
    assert ink(shown, GHOST) > 0


# What comes quickly, or in between.


def test_acts_within_one_turn_of_the_event_loop_mix_nothing(shown: Page) -> None:
    clear(shown)
    for points in (STEM, BAR, [(0.2, 0.2), (0.3, 0.3)]):
        stroke(shown, points)
    acts = ["undo", "undo", "clear", "undo", "redo"]
    shown.evaluate(
        "acts => acts.forEach((act) => document.querySelector(`.st-key-${act} button`).click())",
        acts,
    )
    expect(verdict(shown)).to_contain_text("Draw a digit.")
    assert ink(shown) == 0
    undo(shown)
    reads(shown, 1)


# Undo, a stroke, and both of its ends before Fabric.js has loaded what Undo shows.
AT_ONCE = """points => {
  const over = document.querySelector('.dp-pen');
  const tell = (type, [clientX, clientY]) => over.dispatchEvent(new PointerEvent(type, {
    clientX, clientY, pointerId: 1, pointerType: 'mouse', isPrimary: true,
    button: type === 'pointermove' ? -1 : 0, buttons: type === 'pointerup' ? 0 : 1, bubbles: true,
  }));
  document.querySelector('.st-key-undo button').click();
  tell('pointerdown', points[0]);
  points.slice(1).forEach((point) => tell('pointermove', point));
  tell('pointerup', points.at(-1));
}"""


def test_a_stroke_while_the_package_still_loads_what_undo_shows_is_kept_alone(shown: Page) -> None:
    clear(shown)
    stroke(shown, STEM)
    stem = ink(shown)
    stroke(shown, [(0.1, 0.1), (0.9, 0.1)])
    edge = [(0.1, 0.9), (0.5, 0.9), (0.9, 0.9)]
    shown.evaluate(AT_ONCE, [at(shown, point) for point in edge])
    expect(shown.locator(".st-key-undo button")).to_be_enabled()
    shown.wait_for_function("() => new Promise((done) => setTimeout(() => done(true)))")
    found = shown.evaluate(INK)[STROKES]
    assert found["top"] > 0.15, "the stroke that was undone is not there"
    assert found["bottom"] > 0.9 and found["count"] > stem, "the new one is"
    undo(shown)
    assert ink(shown) == stem
    reads(shown, 1)


def test_drawing_undoing_and_drawing_again_at_once_reads_the_last(shown: Page) -> None:
    clear(shown)
    for digit in (0, 3):
        draw(shown, DIGITS[digit])
        for _ in DIGITS[digit]:
            undo(shown)
    draw(shown, DIGITS[1])
    reads(shown, 1)
    assert shown.evaluate(INK)[STROKES]["right"] < 0.6, "of a one alone"


@pytest.mark.parametrize("late", ["streamlit_drawable_canvas", "served/tfjs"])
def test_a_stroke_before_the_canvas_or_the_lanes_are_there_is_shown_and_read(
    page: Page, server: str, late: str
) -> None:
    held: list[Route] = []
    script = re.compile(rf"{late}/.*\.js")
    page.route(script, held.append)
    page.goto(server)
    expect(page.locator(".st-key-clear button")).to_be_enabled(timeout=PATIENT)
    stroke(page, STEM)
    expect(page.locator(".dp-picture-label")).to_have_text("Yours")
    assert held
    assert ink(page, EARLY) + ink(page) > 0
    page.unroute(script)
    for route in held:
        route.continue_()
    reads(page, 1)
    expect(page.locator(".st-key-pad[data-ready]")).to_be_attached()
    assert ink(page, EARLY) == 0 and ink(page) > 0
    undo(page)
    assert ink(page) == 0
    reads(page, 7)


# By keyboard.


def test_the_pad_has_a_name_and_is_drawn_on_by_keyboard(shown: Page) -> None:
    clear(shown)
    pad = shown.get_by_role("application", name="Drawing pad")
    cursor = shown.locator(".dp-cursor")
    expect(pad).to_have_accessible_description("arrow keys")
    shown.locator(".dp-pen").evaluate("pad => pad.focus()")
    press(shown, "Shift+ArrowUp", 2)
    expect(cursor).to_be_visible()
    press(shown, " ")
    press(shown, "Shift+ArrowDown", 4)
    assert ink(shown, MOVING) > 0, "the stroke is seen while it is drawn"
    press(shown, " ")
    reads(shown, 1)
    drawn = ink(shown)
    press(shown, " ")
    press(shown, "ArrowRight", 3)
    press(shown, "Escape")
    assert (ink(shown), ink(shown, MOVING)) == (drawn, 0), "what is abandoned leaves no ink"
    reads(shown, 1)
    shown.keyboard.press("Tab")
    expect(cursor).to_be_hidden()


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


# Fingers, palms and pens.


def test_a_stroke_that_the_system_takes_away_is_read_and_can_be_undone(phone: Page) -> None:
    clear(phone)
    finger = Fingers(phone)
    finger.touch("Start", (0.5, 0.2))
    for step in range(1, 7):
        finger.touch("Move", (0.5, 0.2 + step / 10))
    finger.touch("Cancel")
    reads(phone, 1)
    assert ink(phone) > 0
    undo(phone)
    assert ink(phone) == 0
    expect(verdict(phone)).to_contain_text("Draw a digit.")


def test_a_blot_that_the_system_takes_away_is_none(phone: Page) -> None:
    finger = Fingers(phone)
    finger.touch("Start", (0.5, 0.5))
    finger.touch("Move", (0.51, 0.5))
    finger.touch("Cancel")
    reads(phone, 7)
    assert ink(phone) == 0
    assert ink(phone, GHOST) > 0, "what was there before is shown again"


def test_a_palm_before_the_pen_costs_no_stroke_of_the_pen(phone: Page) -> None:
    clear(phone)
    hand = Fingers(phone)
    palm = (0.85, 0.85)
    hand.touch("Start", palm)
    hand.pen("Pressed", (0.4, 0.2))
    for step in range(1, 7):
        hand.pen("Moved", (0.4, 0.2 + step / 10))
        hand.touch("Move", (palm[0], palm[1] + step / 100))
    hand.pen("Released", (0.4, 0.8))
    hand.touch("End")
    reads(phone, 1)
    assert phone.evaluate(INK)[STROKES]["right"] < 0.5, "the palm left no ink"


def test_a_palm_beside_a_drawing_pen_neither_draws_nor_scrolls(phone: Page) -> None:
    clear(phone)
    hand = Fingers(phone)
    hand.pen("Pressed", (0.4, 0.1))
    hand.pen("Moved", (0.4, 0.2))
    hand.touch("Start", (0.5, 1.3))
    for step in range(1, 7):
        hand.touch("Move", (0.5, 1.3 - step / 10))
        hand.pen("Moved", (0.4, 0.2 + step / 10))
    hand.touch("End")
    hand.pen("Released", (0.4, 0.8))
    reads(phone, 1)
    assert scrolled(phone) == 0
    assert phone.evaluate(INK)[STROKES]["right"] < 0.5
    hand.touch("Start", (0.5, 1.3))
    for step in range(1, 7):
        hand.touch("Move", (0.5, 1.3 - step / 10))
    hand.touch("End")
    assert scrolled(phone) > 0, "without a pen the same finger scrolls"


def scrolled(page: Page) -> float:
    return float(
        page.evaluate(
            "() => Math.max(0, ...[...document.querySelectorAll('*')].map((each) => each.scrollTop))"
        )
    )


def test_of_several_fingers_the_first_draws(phone: Page) -> None:
    clear(phone)
    fingers = Fingers(phone)
    fingers.touch("Start", (0.4, 0.2))
    fingers.touch("Start", (0.4, 0.2), (0.9, 0.2))
    for step in range(1, 7):
        fingers.touch("Move", (0.4, 0.2 + step / 10), (0.9, 0.2 + step / 10))
    fingers.touch("End")
    reads(phone, 1)
    assert phone.evaluate(INK)[STROKES]["right"] < 0.5


def test_a_stroke_that_leaves_the_window_ends_there_and_is_read(shown: Page) -> None:
    clear(shown)
    shown.mouse.move(*at(shown, (0.5, 0.2)))
    shown.mouse.down()
    shown.mouse.move(*at(shown, (0.5, 0.8)), steps=6)
    shown.mouse.move(-50, 400, steps=3)
    shown.mouse.up()
    expect(shown.locator(".st-key-undo button")).to_be_enabled()
    shown.mouse.move(*at(shown, (0.9, 0.5)))
    drawn = ink(shown)
    shown.mouse.move(*at(shown, (0.9, 0.9)))
    assert drawn > 0 and ink(shown) == drawn and ink(shown, MOVING) == 0, "the pen is up"


def test_the_right_button_draws_nothing_and_ends_no_stroke(shown: Page) -> None:
    clear(shown)
    shown.mouse.move(*at(shown, (0.2, 0.2)))
    shown.mouse.down(button="right")
    shown.mouse.move(*at(shown, (0.2, 0.8)), steps=3)
    shown.mouse.up(button="right")
    assert ink(shown) + ink(shown, MOVING) == 0
    shown.mouse.move(*at(shown, (0.5, 0.2)))
    shown.mouse.down()
    shown.mouse.move(*at(shown, (0.5, 0.5)), steps=3)
    shown.mouse.down(button="right")
    shown.mouse.up(button="right")
    shown.mouse.move(*at(shown, (0.5, 0.8)), steps=3)
    shown.mouse.up()
    reads(shown, 1)
    assert shown.evaluate(INK)[STROKES]["bottom"] > 0.75


# A tap.
GIVEN = """() => {
  const picture = document.querySelector('img[alt^="The 28"]');
  const canvas = Object.assign(document.createElement('canvas'), {width: 28, height: 28});
  const pen = canvas.getContext('2d');
  pen.drawImage(picture, 0, 0, 28, 28);
  const {data} = pen.getImageData(0, 0, 28, 28);
  const at = [...Array(784).keys()].filter((k) => data[k * 4] > 0);
  return [at.map((k) => k % 28), at.map((k) => Math.floor(k / 28))].map(
    (all) => Math.max(...all) - Math.min(...all) + 1);
}"""


def test_a_tap_is_given_as_a_round_dot(shown: Page) -> None:
    clear(shown)
    shown.mouse.click(*at(shown, (0.5, 0.5)))
    expect(shown.locator(".dp-picture-label")).to_have_text("Yours")
    assert shown.evaluate(GIVEN) == [3, 3]


# Where the ink is, and how sharp.


def lies_under_the_pen(page: Page, canvas: str = STROKES) -> None:
    """The ink of a stroke from (0.2, 0.3) to (0.8, 0.7) is where the pen was, within two pixels."""
    found = page.evaluate(INK)[canvas]
    half, (x, y), slack = PEN / 2, at(page, (0, 0)), 2 / 300
    wanted = {"left": 0.2 - half, "right": 0.8 + half, "top": 0.3 - half, "bottom": 0.7 + half}
    for side, share in wanted.items():
        assert found[side] == pytest.approx(share, abs=slack), (side, x, y)


SLOPE: list[Point] = [(0.2, 0.3), (0.5, 0.5), (0.8, 0.7)]


@pytest.mark.parametrize(("width", "ratio"), [(390, 3), (430, 2), (683, 2), (1366, 1)])
def test_ink_is_sharp_and_where_the_pen_was(
    browser: Browser, server: str, width: int, ratio: float
) -> None:
    size = {"width": width, "height": 800}
    context = browser.new_context(viewport=size, device_scale_factor=ratio)
    page = opened(context.new_page(), server)
    clear(page)
    page.mouse.move(*at(page, SLOPE[0]))
    page.mouse.down()
    page.mouse.move(*at(page, SLOPE[-1]), steps=8)
    lies_under_the_pen(page, MOVING)
    page.mouse.up()
    lies_under_the_pen(page)
    pad = page.locator(".st-key-pad").evaluate("pad => pad.clientWidth")
    assert page.evaluate(INK)[STROKES]["width"] == pad * ratio
    context.close()


def test_ink_stays_under_the_pen_as_the_window_is_resized_and_zoomed(
    context: BrowserContext, shown: Page
) -> None:
    clear(shown)
    stroke(shown, SLOPE)
    lies_under_the_pen(shown)
    session = context.new_cdp_session(shown)
    for width, ratio in ((430, 1), (683, 2), (1366, 1)):
        size = {"width": width, "height": 768, "deviceScaleFactor": ratio, "mobile": False}
        session.send("Emulation.setDeviceMetricsOverride", size)
        wanted = "document.querySelector('.st-key-pad').clientWidth * devicePixelRatio"
        shown.wait_for_function(
            f"() => document.querySelector('.upper-canvas').width === Math.round({wanted})"
        )
        lies_under_the_pen(shown)
        clear(shown)
        stroke(shown, SLOPE)
        lies_under_the_pen(shown)
    for each in ("zoom", "transform"):
        found = shown.locator(".upper-canvas").evaluate(
            """(one, name) => { const all = []; for (let at = one; at; at = at.parentElement)
                all.push(getComputedStyle(at)[name]); return all }""",
            each,
        )
        assert set(found) <= {"1", "none"}, each


# What was read is on the pad.


def test_a_link_a_reload_and_back_show_what_was_read(shown: Page) -> None:
    shown.get_by_role("button", name="Ready digit 8").click()
    reads(shown, 8)
    eight = ink(shown, GHOST)
    assert eight > 0
    expect(shown).to_have_url(re.compile("digit="))
    shown.reload()
    reads(shown, 8)
    assert ink(shown, GHOST) == eight
    shown.get_by_role("link", name="Inspect").click()
    expect(shown.locator(".dp-studio")).to_have_count(0)
    shown.go_back()
    expect(verdict(shown)).to_contain_text("read 8", timeout=PATIENT)
    assert ink(shown, GHOST) == eight


def test_a_drawing_that_is_opened_again_can_be_taken_back_stroke_by_stroke(shown: Page) -> None:
    clear(shown)
    draw(shown, DIGITS[4])
    reads(shown, 4)
    drawn = ink(shown)
    shown.get_by_role("link", name="Inspect").click()
    expect(shown.locator(".dp-studio")).to_have_count(0)
    shown.get_by_role("link", name="Draw").click()
    expect(verdict(shown)).to_contain_text("read 4", timeout=PATIENT)
    expect(shown.locator(".st-key-pad[data-ready]")).to_be_attached()
    assert ink(shown) == drawn
    undo(shown)
    assert 0 < ink(shown) < drawn
    undo(shown)
    assert ink(shown) == 0
    expect(verdict(shown)).to_contain_text("Draw a digit.")
