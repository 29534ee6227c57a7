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
    clear,
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
    expect(verdict(page)).to_contain_text("All five", timeout=PATIENT)
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


def test_a_laptop_shows_digit_verdict_and_every_version_without_scrolling(
    page: Page, server: str
) -> None:
    page.set_viewport_size({"width": 1366, "height": 650})  # a browser's viewport on 768 pixels
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five", timeout=PATIENT)
    for part in (canvas(page), page.locator(".dp-pens"), verdict(page), page.locator(".dp-lanes")):
        assert bottom(part) <= 650


def test_a_phone_shows_a_wide_canvas_with_the_answer_right_under_its_buttons(phone: Page) -> None:
    pens, box = phone.locator(".dp-pens"), verdict(phone).bounding_box()
    pad = canvas(phone).bounding_box()
    assert pad and box
    assert pad["width"] > 340
    assert bottom(pens) <= box["y"] < bottom(pens) + 30
    assert bottom(verdict(phone)) <= 844
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.evaluate("document.querySelector('.stMain').scrollHeight") < 2_000


@pytest.mark.parametrize("width", [1440, 1024, 768, 390, 360, 640])
def test_nothing_is_wider_than_the_page(page: Page, server: str, width: int) -> None:
    # 640 is a screen of 1280 pixels at 200 %
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five", timeout=PATIENT)
    wide = page.evaluate(
        "() => { const room = document.querySelector('.dp-studio').getBoundingClientRect();"
        " return [...document.querySelectorAll('.dp-studio *')].filter((each) =>"
        "  !each.closest('.dp-charts, .dp-pad') && each.getClientRects().length > 0"
        "  && each.getBoundingClientRect().right > room.right + 1).map((each) => each.className); }"
    )
    assert wide == []
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width


def test_who_wants_less_motion_gets_none(page: Page, server: str) -> None:
    moves = "() => getComputedStyle(document.querySelector('[data-act=undo]')).transitionDuration"
    open_page(page, server)
    assert page.evaluate(moves) != "0s"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moves) == "0s"


def test_a_finger_draws_without_scrolling_the_page(phone: Page) -> None:
    draw_by_touch(phone, DIGITS[4])
    expect(verdict(phone)).to_contain_text("read 4")
    assert phone.evaluate("document.querySelector('.stMain').scrollTop + scrollY") == 0


def test_a_phone_shows_the_other_pages_as_tabs(phone: Page) -> None:
    expect(phone.get_by_role("button", name="Expand sidebar")).to_be_hidden()
    tabs = phone.locator(".st-key-pages").get_by_role("link")
    names = ["Draw", "Upload", "Benchmark", "Inspect"]
    expect(tabs).to_have_text(names)
    for tab in tabs.all():
        box = tab.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] >= 56
    tabs.get_by_text("Benchmark").tap()
    expect(phone.get_by_role("heading", name="Which format, which backend")).to_be_in_viewport()
    here = "getComputedStyle(document.querySelector('.st-key-pages a[href$={}]')).backgroundColor"
    phone.wait_for_function(f"{here.format('benchmark')} !== {here.format('inspect')}")


def test_a_laptop_has_each_link_to_a_page_once(page: Page, server: str) -> None:
    open_page(page, server)
    for name in ("Draw", "Upload", "Benchmark", "Inspect"):
        expect(page.get_by_role("link", name=name)).to_have_count(1)


@pytest.mark.parametrize("width", [1366, 390])
def test_nothing_jumps_while_lanes_load_after_a_stroke_and_after_clear(
    page: Page, server: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(SHIFTS)
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five", timeout=PATIENT)
    wait_until_painted(page)
    draw(page, DIGITS[4])
    expect(verdict(page)).to_contain_text("read 4")
    wait_until_painted(page)
    clear(page)
    wait_until_painted(page)
    assert page.evaluate("shifts") < 0.02


def test_nothing_jumps_for_the_first_visitor_of_a_server_that_has_just_started(
    page: Page, tmp_path: Path
) -> None:
    # The first page arrives in pieces while Python imports modules.
    page.set_viewport_size({"width": 390, "height": 800})
    page.add_init_script(SHIFTS)
    with serving(log=tmp_path / "log.txt") as url:
        open_page(page, url)
        expect(verdict(page)).to_contain_text("All five", timeout=PATIENT)
        assert page.evaluate("shifts") < 0.02


# What a page says once a newcomer's answer is there.
ANSWERS = {"upload": "Example:", "benchmark": "Example:", "inspect": "Nowhere: both formats follow"}


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_jumps_on_the_other_pages(page: Page, server: str, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(SHIFTS)
    page.goto(f"{server}/{name}")
    expect(verdict(page).first).to_contain_text(ANSWERS[name], timeout=PATIENT)
    page.wait_for_load_state("networkidle")
    wait_until_settled(page)
    assert page.evaluate("shifts") < 0.05
