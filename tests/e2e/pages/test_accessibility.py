"""Every page and theme: axe's rules, names, targets, keyboard, motion, and a screen at 200 %."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import access
from tests.e2e.states import draw, pages
from tests.support.drawing import PATIENT, clear, open_page, verdict

Theme = Literal["light", "dark"]


def cleared(page: Page) -> None:
    """The Draw page without a digit, all its parts open."""
    pages.unfolded(page)
    clear(page)


# What is looked at on one visit, in turn.
VISITS: Mapping[str, tuple[Callable[[Page], None], ...]] = {
    "": (draw.first_visit, cleared),
    "upload": (pages.upload_done,),
    "benchmark": (pages.benchmark_done, pages.unfolded),
    "inspect": (pages.inspect_agree, pages.unfolded),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", VISITS, ids=lambda name: name or "draw")
def test_a_page_lacks_nothing_for_anybody(page: Page, server: str, name: str, theme: Theme) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server}/{name}")
    for state in VISITS[name]:
        state(page)
        assert access.everything(page) == []


@pytest.mark.parametrize(
    "width, links", [(1366, "[data-testid=stTopNavLink]"), (390, ".st-key-pages a")]
)
def test_the_focus_ring_is_not_the_current_pages_pill(
    page: Page, server: str, width: int, links: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, server)
    draw, upload = (page.locator(links).filter(has_text=name) for name in ("Draw", "Upload"))
    draw.focus()
    page.keyboard.press("Tab")
    look = "(a) => { const {outlineStyle, outlineWidth, backgroundColor} = getComputedStyle(a);"
    look += " return [outlineStyle + outlineWidth, backgroundColor]; }"
    (ring, ground), (none, pill) = upload.evaluate(look), draw.evaluate(look)
    assert ring == "solid3px" and not none.startswith("solid")
    assert ground != pill


def test_example_digits_are_reached_and_picked_by_keyboard(page: Page, server: str) -> None:
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five", timeout=PATIENT)
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
    expect(verdict(page)).to_contain_text("read 3")


def test_a_screen_reader_hears_each_verdict_from_an_element_that_stays(
    page: Page, server: str
) -> None:
    open_page(page, server)
    status = page.get_by_role("status").filter(has_text="read 7")
    expect(status).to_be_attached(timeout=PATIENT)
    element = status.element_handle()
    page.get_by_role("button", name="Ready digit 3").click()
    expect(page.get_by_role("status").filter(has_text="read 3")).to_be_attached()
    assert "read 3" in (element.text_content() or "")
    for name in ("Undo", "Redo", "Clear"):
        expect(page.get_by_role("button", name=name)).to_be_visible()
