"""What draws on the pad: the keyboard, fingers, palms, pens and a mouse with two buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.pages.draw.pad import (
    GHOST,
    MOVING,
    Fingers,
    at,
    ink,
    lies,
    opened,
    reads,
)
from tests.support.drawing import clear, undo, verdict, wait_until_settled


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


def test_the_pad_has_a_name_and_is_drawn_on_by_keyboard(shown: Page) -> None:
    clear(shown)
    pad = shown.get_by_role("application", name="Drawing pad")
    cursor = shown.locator(".dp-cursor")
    expect(pad).to_have_accessible_description(re.compile("arrow keys .* Space .* Escape"))
    shown.locator(".dp-pen").evaluate("pad => pad.focus()")
    expect(shown.locator("#dp-said")).to_be_empty()  # it follows the page after a moment
    wait_until_settled(shown)
    changes = shown.evaluate_handle(CHANGES)
    press(shown, "Shift+ArrowUp", 2)
    expect(cursor).to_be_visible()
    assert changes.evaluate("seen => seen") == [], "nothing is announced at each step"
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


# What screen readers are told: changes within live regions, and of what has the focus.
CHANGES = """() => {
  const seen = [];
  const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]';
  const observer = new MutationObserver((those) => {
    for (const {target} of those) {
      const region = (target.parentElement ?? target).closest(live) ?? target;
      if (region === document.activeElement || region.matches?.(live)) seen.push(target.nodeName);
    }
  });
  const what = {subtree: true, childList: true, characterData: true};
  for (const each of document.querySelectorAll(live)) observer.observe(each, what);
  observer.observe(document.activeElement, {attributeFilter: ['aria-label', 'aria-description']});
  return seen;
}"""


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


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
    assert lies(phone)["right"] < 0.5, "the palm left no ink"


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
    assert lies(phone)["right"] < 0.5
    hand.touch("Start", (0.5, 1.3))
    for step in range(1, 7):
        hand.touch("Move", (0.5, 1.3 - step / 10))
    hand.touch("End")
    assert scrolled(phone) > 0, "without a pen the same finger scrolls"


def scrolled(page: Page) -> float:
    return float(
        page.evaluate(
            "() => Math.max(...[...document.querySelectorAll('*')].map((each) => each.scrollTop))"
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
    assert lies(phone)["right"] < 0.5


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
    assert lies(shown)["bottom"] > 0.75


def test_control_z_while_the_pen_is_down_takes_that_stroke_away(shown: Page) -> None:
    shown.mouse.move(*at(shown, (0.2, 0.2)))
    shown.mouse.down()
    shown.mouse.move(*at(shown, (0.8, 0.8)), steps=5)
    assert ink(shown, MOVING) > 0 == ink(shown, GHOST)
    shown.keyboard.press("Control+z")
    shown.mouse.move(*at(shown, (0.8, 0.2)), steps=5)
    shown.mouse.up()
    reads(shown, 7)
    assert (ink(shown), ink(shown, MOVING)) == (0, 0)
    assert ink(shown, GHOST) > 0, "the picture before is shown again"
