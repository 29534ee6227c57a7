"""Where things stand: in one glance on a laptop, and under the finger on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.drawing import DIGITS, canvas, draw_by_touch, open_page, verdict

PATIENT = 60_000  # milliseconds: the first answer waits for TensorFlow


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    """The Draw page on a phone, its ready digit read by all lanes."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    yield page
    context.close()


def bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"] + box["height"]


def test_a_laptop_shows_digit_verdict_and_probabilities_without_scrolling(
    page: Page, server: str
) -> None:
    page.set_viewport_size({"width": 1366, "height": 650})  # what a browser leaves of 768
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    for part in (canvas(page), page.locator(".st-key-given"), verdict(page)):
        assert bottom(part) <= 650
    assert bottom(page.locator(".st-key-chart-probabilities")) <= 650


def test_a_phone_shows_a_wide_canvas_with_the_verdict_right_under_it(phone: Page) -> None:
    board, said = phone.locator(".st-key-board"), verdict(phone).bounding_box()
    pad = canvas(phone).bounding_box()
    assert pad and said
    assert pad["width"] > 340
    assert bottom(board) <= said["y"] < bottom(board) + 30
    assert bottom(verdict(phone)) <= 844
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_finger_draws_without_scrolling_the_page(phone: Page) -> None:
    draw_by_touch(phone, DIGITS[4])
    expect(verdict(phone)).to_contain_text("All five lanes read 4.")
    assert phone.evaluate("document.querySelector('.stMain').scrollTop + scrollY") == 0


def test_a_phone_reaches_every_page(phone: Page) -> None:
    phone.get_by_role("button", name="Expand sidebar").tap()
    phone.get_by_role("link", name="Benchmark").tap()
    expect(phone.get_by_role("heading", name="What each format costs")).to_be_in_viewport()
