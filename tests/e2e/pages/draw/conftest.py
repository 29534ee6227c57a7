"""Fixtures of the Draw page's browser tests."""

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
from tests.support.pad import opened
from tests.support.waiting import until


def wait_until_python_has_seen_it(page: Page) -> None:
    """Wait until the URL holds the digit that the page shows: Python writes it there."""
    shown = page.locator(".dp-pixels img").first

    def is_in(url: str) -> bool:
        tokens = parse_qs(urlsplit(url).query).get(links.DIGIT)
        return tokens is not None and png_url(links.decode(tokens[0])) == shown.get_attribute("src")

    until(lambda: is_in(page.evaluate("location.href")), lambda: f"Another digit is in {page.url}")
    wait_until_settled(page)


@pytest.fixture
def ready(page: Page, server: str) -> Page:
    """The Draw page once all lanes have read the first example digit."""
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    return page


@pytest.fixture
def shown(page: Page, server: str) -> Page:
    """The Draw page once all have read the first example, and the canvas takes strokes."""
    return opened(page, server)
