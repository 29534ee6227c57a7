"""Fixtures of the Draw page's browser tests."""

from __future__ import annotations

import base64
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.session import links
from tests.e2e.pages.draw.pad import opened
from tests.support.drawing import (
    PATIENT,
    open_page,
    verdict,
    wait_until_settled,
)
from tests.support.waiting import until


def wait_until_python_has_seen_it(page: Page) -> None:
    """Wait until the address holds the digit that the page shows, and Python has run for it."""
    shown = page.locator(".dp-pixels img").first

    def is_in(url: str) -> bool:
        tokens = parse_qs(urlsplit(url).query).get(links.DIGIT)
        if tokens is None:
            return False
        _, _, encoded = (shown.get_attribute("src") or "").partition(",")
        picture = Image.open(io.BytesIO(base64.b64decode(encoded))).convert("L")
        return picture.tobytes() == links.decode(tokens[0]).levels

    until(lambda: is_in(page.evaluate("location.href")), lambda: f"Another digit is in {page.url}")
    wait_until_settled(page)


@pytest.fixture
def ready(page: Page, server: str) -> Page:
    """The Draw page once all lanes have read the first example digit."""
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    return page


@pytest.fixture
def shown(page: Page, server: str) -> Page:
    """The Draw page once all have read the first example, and the canvas takes strokes."""
    return opened(page, server)
