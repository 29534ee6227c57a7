"""What can be taken away from the Draw page: a chart, the result, its picture, its link."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.drawing import PATIENT, open_page, verdict

PHONE = """
Object.defineProperty(navigator, 'share', { value: async (what) => { window.shared = what; } });
"""


def result_is_there(page: Page) -> None:
    expect(page.get_by_role("button", name="Share")).to_be_enabled(timeout=PATIENT)
    expect(page.locator(".dp-lanes tr[data-state=answered]")).to_have_count(5, timeout=PATIENT)


def test_a_chart_is_saved_as_a_picture(ready: Page) -> None:
    ready.locator("[data-chart=pairs]").hover()
    with ready.expect_download() as waiting:
        ready.locator("[data-chart=pairs]").get_by_role("button").click()
    assert waiting.value.suggested_filename == "digit-parity-pairs.png"
    picture = Image.open(waiting.value.path())
    assert picture.format == "PNG" and picture.width > 400


def test_the_result_downloads_with_every_pixel_and_lane(ready: Page, tmp_path: Path) -> None:
    result_is_there(ready)
    with ready.expect_download() as waiting:
        ready.get_by_role("button", name="Download", exact=True).click()
    file = tmp_path / "result.json"
    waiting.value.save_as(file)
    result = json.loads(file.read_text())
    assert len(result["digit"]["pixels"]) == 784
    assert len(result["lanes"]) == 5
    for lane in result["lanes"]:
        assert np.argmax(lane["probabilities"]) == 7
        assert np.sum(lane["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert lane["steady_ms"] and lane["load_ms"] > 0 and lane["first_ms"] > 0
    assert result["browser"]["backend"] == "wasm"
    assert "Chrome" in result["browser"]["environment"]["browser"]


def test_the_picture_of_the_result_is_a_png_with_the_verdicts_colour(ready: Page) -> None:
    result_is_there(ready)
    with ready.expect_download() as waiting:
        ready.get_by_role("button", name="Save as picture").click()
    assert waiting.value.suggested_filename.endswith(".png")
    picture = Image.open(waiting.value.path())
    assert picture.format == "PNG" and picture.size == (1200, 630)
    assert picture.convert("RGB").getpixel((600, 6)) == (0x0B, 0x7A, 0x4B)  # of agreement
    digit = picture.convert("L").crop((60, 60, 570, 570))
    assert digit.getextrema() == (0, 255)


def test_exact_values_open_as_a_table_of_all_five(ready: Page) -> None:
    result_is_there(ready)
    ready.get_by_text("Exact values").click()
    rows = ready.locator(".dp-exact tbody tr")
    expect(rows).to_have_count(5)
    for text in rows.all_text_contents():
        assert "0." in text and "undefined" not in text
    expect(rows.first.locator("td")).to_have_count(13)


def test_share_copies_the_link(context: BrowserContext, ready: Page) -> None:
    result_is_there(ready)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ready.get_by_role("button", name="Share").click()
    expect(ready.get_by_text("The link is copied.")).to_be_visible()
    assert ready.evaluate("navigator.clipboard.readText()") == ready.url


def test_without_leave_to_copy_the_link_is_there_to_be_copied(ready: Page) -> None:
    result_is_there(ready)
    refuse = "() => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    ready.evaluate(f"() => {{ navigator.clipboard.writeText = {refuse}; }}")
    ready.get_by_role("button", name="Share").click()
    expect(ready.get_by_label("Link to this result")).to_have_value(ready.url)


def test_a_phone_opens_its_share_sheet(browser_phone: Page) -> None:
    result_is_there(browser_phone)
    browser_phone.get_by_role("button", name="Share").click()
    shared = browser_phone.wait_for_function("window.shared").json_value()
    assert shared["url"] == browser_phone.url
    assert "read 7" in shared["text"]


@pytest.fixture
def browser_phone(context: BrowserContext, server: str) -> Page:
    """The Draw page on a phone, whose system can share."""
    assert context.browser is not None
    phone = context.browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = phone.new_page()
    page.add_init_script(PHONE)
    open_page(page, server)
    expect(verdict(page)).to_contain_text("read 7", timeout=PATIENT)
    return page
