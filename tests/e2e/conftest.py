"""The real server and a real Chromium, shared by the tests of one run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.support import chromium
from tests.support.servers import serving

# A busy machine may bring a sign late; Playwright gives up after five seconds.
SIGN_MS = 30_000
expect.set_options(timeout=SIGN_MS)

LAPTOP = {"width": 1366, "height": 768}
# Vega and Streamlit warn of what is theirs; an error is never fine.
PYTHON_EXCEPTION = "Traceback (most recent call last)"


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "log.txt"


@pytest.fixture(scope="session")
def server(server_log: Path) -> Iterator[str]:
    """The address of the running app. No test may make it log an exception."""
    with serving(log=server_log) as address:
        yield address
    assert PYTHON_EXCEPTION not in server_log.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.launched() as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=LAPTOP, accept_downloads=True)
    context.set_default_timeout(SIGN_MS)
    yield context
    context.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What the browser complained of. A test that expects a complaint clears the list."""
    return []


@pytest.fixture
def page(context: BrowserContext, console_errors: list[str]) -> Iterator[Page]:
    """A new tab; an error on its console, or an exception in its scripts, fails the test."""
    page = context.new_page()

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            console_errors.append(f"{message.text} ({message.location.get('url', '')})")

    page.on("console", listen)
    page.on("pageerror", lambda error: console_errors.append(str(error)))
    yield page
    assert console_errors == []
