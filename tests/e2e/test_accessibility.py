"""Every page, in both themes, by the rules of axe-core; and the Draw page by keyboard alone."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.drawing import clear, open_page, verdict

PATIENT = 60_000
# Streamlit's own, outside of what a page can change.
STREAMLITS = {"landmark-one-main", "region"}


def grave(page: Page) -> list[str]:
    """The serious and critical violations, each with the elements that have it."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {[node['html'][:160] for node in each['nodes']]}"
        for each in found
        if each["impact"] in ("serious", "critical") and each["id"] not in STREAMLITS
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_draw_page_has_no_grave_violation(
    page: Page, server: str, theme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=theme)
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    assert grave(page) == []
    clear(page)
    assert grave(page) == []


def test_ready_digits_are_reached_and_picked_by_keyboard(page: Page, server: str) -> None:
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    page.get_by_role("button", name="Ready digit 2").focus()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")
    assert "Ready digit 3" in focused
    outline = page.evaluate(
        "(({outlineStyle, boxShadow}) => outlineStyle + boxShadow)"
        "(getComputedStyle(document.activeElement))"
    )
    assert outline not in ("none", "nonenone")
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("All five lanes read 3")


def test_a_screen_reader_is_told_the_verdict(page: Page, server: str) -> None:
    open_page(page, server)
    expect(page.get_by_role("status").filter(has_text="All five lanes read 7")).to_be_visible(
        timeout=PATIENT
    )
    for name in ("Undo", "Clear", "Download this result", "Share"):
        expect(page.get_by_role("button", name=name).first).to_be_visible()
