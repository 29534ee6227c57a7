"""The layout: what a laptop shows without scrolling, touch on a phone, and no layout shifts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.drawing import (
    DIGITS,
    PATIENT,
    canvas,
    draw,
    draw_by_touch,
    open_page,
    verdict,
    wait_until_idle,
    wait_until_settled,
)
from tests.support.servers import serving

SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    """The Draw page on a phone, with its example digit read by all lanes."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    yield page
    context.close()


def wait_until_painted(page: Page) -> None:
    """Wait until the whole Draw page is painted, with its charts."""
    expect(page.locator(".dp-chart svg.marks")).to_have_count(5)
    wait_until_idle(page)
    wait_until_settled(page)


def bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"] + box["height"]


def test_a_laptop_shows_digit_verdict_and_probabilities_without_scrolling(
    page: Page, server: str
) -> None:
    page.set_viewport_size({"width": 1366, "height": 650})  # a browser's viewport on 768 pixels
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    for part in (canvas(page), page.locator(".st-key-given"), verdict(page)):
        assert bottom(part) <= 650
    assert bottom(page.locator(".dp-chart[data-chart=probabilities]")) <= 650
    label = page.get_by_role("heading", name="Draw your own digit")
    assert bottom(label) <= bottom(page.locator(".st-key-pad")) - 280


def test_a_phone_shows_a_wide_canvas_with_the_verdict_right_under_it(phone: Page) -> None:
    board, box = phone.locator(".st-key-board"), verdict(phone).bounding_box()
    pad = canvas(phone).bounding_box()
    assert pad and box
    assert pad["width"] > 340
    assert bottom(board) <= box["y"] < bottom(board) + 30
    assert bottom(verdict(phone)) <= 844
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_finger_draws_without_scrolling_the_page(phone: Page) -> None:
    draw_by_touch(phone, DIGITS[4])
    expect(verdict(phone)).to_contain_text("All five read 4.")
    assert phone.evaluate("document.querySelector('.stMain').scrollTop + scrollY") == 0


def test_a_phone_reaches_every_page(phone: Page) -> None:
    phone.get_by_role("button", name="Expand sidebar").tap()
    phone.get_by_role("link", name="Benchmark").tap()
    expect(phone.get_by_role("heading", name="What each format costs")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1366, 390])
def test_nothing_jumps_while_lanes_load_and_after_a_stroke(
    page: Page, server: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(SHIFTS)
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    wait_until_painted(page)
    loading = page.evaluate("shifts")
    draw(page, DIGITS[4])
    expect(verdict(page)).to_contain_text("All five read 4.")
    wait_until_painted(page)
    assert page.evaluate("shifts") < 0.1
    assert page.evaluate("shifts") - loading < 0.01


def test_nothing_jumps_for_the_first_visitor_of_a_server_that_has_just_started(
    page: Page, tmp_path: Path
) -> None:
    # The first page arrives in pieces while Python imports modules.
    page.set_viewport_size({"width": 390, "height": 800})
    page.add_init_script(SHIFTS)
    with serving(log=tmp_path / "log.txt") as url:
        open_page(page, url)
        expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
        assert page.evaluate("shifts") < 0.1


LANDMARKS = {
    "inspect": "No layer parts: all 4 lanes follow",
    "upload": "Upload your test set.",
    "benchmark": "Every format runs on every back",
}


@pytest.mark.parametrize(
    "name, width", [("inspect", 1366), ("inspect", 390), ("upload", 390), ("benchmark", 390)]
)
def test_nothing_jumps_on_the_other_pages(page: Page, server: str, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(SHIFTS)
    page.goto(f"{server}/{name}")
    expect(page.get_by_text(LANDMARKS[name]).first).to_be_visible(timeout=PATIENT)
    page.wait_for_load_state("networkidle")
    wait_until_settled(page)
    assert page.evaluate("shifts") < 0.1
