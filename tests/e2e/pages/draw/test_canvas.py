"""The one canvas of the pad in Chromium: Undo, Redo and Clear, and what comes quickly."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.draw.pad import (
    BAR,
    EARLY,
    GHOST,
    STEM,
    Late,
    at,
    ink,
    label,
    lies,
    reads,
    stroke,
)
from tests.support.drawing import DIGITS, PATIENT, clear, draw, redo, undo, verdict


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
    found = lies(shown)
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
    assert lies(shown)["right"] < 0.6, "of a one alone"


@pytest.mark.parametrize("late", ["served/canvas", "served/tfjs"])
def test_a_stroke_before_the_canvas_or_the_lanes_are_there_is_shown_and_read(
    page: Page, server: str, late: str
) -> None:
    scripts = Late(page, rf"{late}/.*\.js")
    page.goto(server, wait_until="commit")
    expect(page.get_by_role("button", name="Ready digit 1")).to_be_visible(timeout=PATIENT)
    stroke(page, STEM)
    expect(page.locator(".dp-picture-label")).to_have_text("Yours")
    assert ink(page, EARLY) + ink(page) > 0
    scripts.let_go()
    is_read_and_can_be_undone(page)
    assert ink(page, EARLY) == 0


def test_a_stroke_before_the_pads_own_script_is_there_is_shown_and_read(
    page: Page, server: str
) -> None:
    scripts = Late(page, r"draw/studio[^/]*\.js")
    page.goto(server)
    page.locator(".dp-pen").wait_for(timeout=PATIENT)
    stroke(page, STEM)
    assert page.locator(".dp-ready button").count() == 0
    scripts.let_go()
    is_read_and_can_be_undone(page)


def is_read_and_can_be_undone(page: Page) -> None:
    expect(verdict(page)).to_contain_text("read 1", timeout=PATIENT)
    expect(page.locator(".st-key-pad[data-ready]")).to_be_attached(timeout=PATIENT)
    assert ink(page) > 0
    undo(page)
    assert ink(page) == 0
    reads(page, 7)
