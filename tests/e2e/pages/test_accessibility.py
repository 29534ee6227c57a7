"""Every page in both themes by axe-core's rules, and the Draw page by keyboard alone."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support.drawing import PATIENT, clear, open_page, verdict

# Violations of Streamlit itself, which a page cannot change.
STREAMLITS = {"landmark-one-main", "region"}

Theme = Literal["light", "dark"]


def grave(page: Page) -> list[str]:
    """The serious and critical violations, each with its elements."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {[node['html'][:300] for node in each['nodes']]}"
        for each in violations
        if each["impact"] in ("serious", "critical") and each["id"] not in STREAMLITS
    ]


@pytest.fixture(params=["light", "dark"])
def themed(page: Page, request: pytest.FixtureRequest) -> Page:
    theme: Theme = request.param
    page.emulate_media(color_scheme=theme)
    return page


def test_the_draw_page_has_no_grave_violation(themed: Page, server: str) -> None:
    open_page(themed, server)
    expect(verdict(themed)).to_contain_text("All five read 7", timeout=PATIENT)
    for name in ("Exact values", "What conversion does"):
        themed.get_by_text(name).click()
    expect(themed.get_by_text("Which to ship")).to_be_visible()
    assert grave(themed) == []
    clear(themed)
    assert grave(themed) == []


def test_the_upload_page_with_results_has_no_grave_violation(themed: Page, server: str) -> None:
    themed.goto(f"{server}/upload")
    themed.get_by_role("button", name="Run 100 ready digits").wait_for()
    assert grave(themed) == []
    themed.get_by_role("button", name="Run 100 ready digits").click()
    expect(themed.get_by_role("button", name="Table as CSV")).to_be_visible(timeout=PATIENT)
    assert grave(themed) == []


def test_the_benchmark_page_with_results_has_no_grave_violation(themed: Page, server: str) -> None:
    themed.goto(f"{server}/benchmark")
    themed.get_by_role("button", name="Run").wait_for()
    assert grave(themed) == []
    for backend in ("cpu", "webgl"):  # wasm alone is enough and faster
        themed.get_by_text(backend, exact=True).click()
    themed.get_by_role("button", name="Run").click()
    expect(themed.get_by_role("button", name="Download").first).to_be_visible(timeout=PATIENT)
    assert grave(themed) == []


def test_the_inspect_page_has_no_grave_violation(themed: Page, server: str) -> None:
    themed.goto(f"{server}/inspect")
    expect(verdict(themed)).to_contain_text("No layer parts: all", timeout=PATIENT)
    assert grave(themed) == []


def test_example_digits_are_reached_and_picked_by_keyboard(page: Page, server: str) -> None:
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    page.get_by_role("button", name="Ready digit 2").focus()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.ariaLabel")
    assert "Ready digit 3" in focused
    outline = page.evaluate(
        "(({outlineStyle, boxShadow}) => outlineStyle + boxShadow)"
        "(getComputedStyle(document.activeElement))"
    )
    assert outline not in ("none", "nonenone")
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("All five read 3")


def test_a_screen_reader_hears_each_verdict_from_an_element_that_stays(
    page: Page, server: str
) -> None:
    open_page(page, server)
    status = page.get_by_role("status").filter(has_text="All five read 7")
    expect(status).to_be_attached(timeout=PATIENT)
    element = status.element_handle()
    page.get_by_role("button", name="Ready digit 3").click()
    expect(page.get_by_role("status").filter(has_text="All five read 3")).to_be_attached()
    assert element.text_content().startswith("All five read 3. They differ by at most")
    for name in ("Undo", "Clear", "Download this result"):
        expect(page.get_by_role("button", name=name).first).to_be_visible()
    expect(page.get_by_text("Share", exact=True)).to_be_visible()
