"""Where the ink of the pad is, how sharp, what becomes of a tap, and what is there again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.e2e.pages.draw.pad import (
    GHOST,
    MOVING,
    PEN,
    at,
    ink,
    lies,
    opened,
    reads,
    stroke,
)
from tests.support.drawing import DIGITS, PATIENT, Point, clear, draw, undo, verdict
from tests.support.waiting import until


def lies_under_the_pen(page: Page) -> None:
    """The ink of a stroke from (0.2, 0.3) to (0.8, 0.7) is where the pen was, within two pixels."""
    found, half, slack = lies(page), PEN / 2, 2 / 300
    wanted = {"left": 0.2 - half, "right": 0.8 + half, "top": 0.3 - half, "bottom": 0.7 + half}
    assert {side: found[side] for side in wanted} == pytest.approx(wanted, abs=slack)


def bring(page: Page) -> None:
    """Scroll to the whole pad, which is large on a narrow screen."""
    page.locator(".st-key-pad").scroll_into_view_if_needed()


SLOPE: list[Point] = [(0.2, 0.3), (0.5, 0.5), (0.8, 0.7)]


@pytest.mark.parametrize(("width", "ratio"), [(390, 3), (430, 2), (683, 2), (1366, 1)])
def test_ink_is_sharp_and_where_the_pen_was(
    browser: Browser, server: str, width: int, ratio: float
) -> None:
    size: ViewportSize = {"width": width, "height": 800}
    context = browser.new_context(viewport=size, device_scale_factor=ratio)
    page = opened(context.new_page(), server)
    clear(page)
    bring(page)
    page.mouse.move(*at(page, SLOPE[0]))
    page.mouse.down()
    page.mouse.move(*at(page, SLOPE[-1]), steps=60)
    moving = lies(page, MOVING)
    page.mouse.up()
    lies_under_the_pen(page)
    edges = {side: lies(page)[side] for side in ("left", "top", "right", "bottom")}
    as_it_is_drawn = {side: moving[side] for side in edges}
    assert as_it_is_drawn == pytest.approx(edges, abs=0.02)
    pad = page.locator(".st-key-pad").evaluate("pad => pad.clientWidth")
    assert lies(page)["width"] == pad * ratio
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
        bring(shown)
        stroke(shown, SLOPE)
        lies_under_the_pen(shown)
    for each in ("zoom", "transform"):
        found = shown.locator(".upper-canvas").evaluate(
            """(one, name) => { const all = []; for (let at = one; at; at = at.parentElement)
                all.push(getComputedStyle(at)[name]); return all }""",
            each,
        )
        assert set(found) <= {"1", "none"}, each


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
    until(lambda: shown.evaluate(GIVEN) == [3, 3], lambda: f"It is {shown.evaluate(GIVEN)}.")


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
    expect(shown).to_have_url(re.compile("/inspect"))  # which Streamlit writes a moment later
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
