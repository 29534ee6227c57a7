"""The Draw page as it is once its first digit has been read."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.session import links
from app.ui.markup import png_url
from tests.support.drawing import (
    PATIENT,
    open_page,
    verdict,
    wait_until_settled,
)
from tests.support.waiting import until


def wait_until_python_has_seen_it(page: Page) -> None:
    """Wait until the address carries the very digit that the page shows: Python writes it."""
    shown = page.locator(".dp-pixels img").first

    def is_in(address: str) -> bool:
        found = parse_qs(urlsplit(address).query).get(links.DIGIT)
        return found is not None and png_url(links.decode(found[0])) == shown.get_attribute("src")

    until(lambda: is_in(page.evaluate("location.href")), lambda: f"Another digit is in {page.url}")
    wait_until_settled(page)


@pytest.fixture
def ready(page: Page, server: str) -> Page:
    """The Draw page with the first ready digit read by all lanes."""
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    return page
