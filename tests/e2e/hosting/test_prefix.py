"""The whole app below a path, as behind a proxy that serves other apps too."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.drawing import DIGITS, PATIENT, clear, draw, open_page, readings, verdict
from tests.support.servers import serving


@pytest.fixture(scope="module")
def prefixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("prefixed") / "log.txt"
    with serving("--server.baseUrlPath=shared/parity", log=log, prefix="/shared/parity") as url:
        yield url
    assert "Traceback" not in log.read_text()


def test_all_five_lanes_read_below_a_path(page: Page, prefixed: str) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    open_page(page, f"{prefixed}/")
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    clear(page)
    draw(page, DIGITS[4])
    expect(verdict(page)).to_contain_text("All five read 4")
    expect(readings(page, "browser")).to_have_text(["4", "4"])
    assert any("/shared/parity/served/tfjs/" in url for url in requested)
    fetched = [url for url in requested if url.startswith("http")]
    assert all(url.startswith(f"{prefixed}/") for url in fetched)


def test_a_page_below_a_path_opens_by_its_url(page: Page, prefixed: str) -> None:
    page.goto(f"{prefixed}/upload")
    page.locator("[data-testid=stFileUploaderDropzone]").first.wait_for()
    assert page.title() == "Digit Parity"


def test_the_url_keeps_the_path_and_holds_the_digit(page: Page, prefixed: str) -> None:
    open_page(page, f"{prefixed}/")
    clear(page)
    draw(page, DIGITS[1])
    expect(verdict(page)).to_contain_text("All five read 1", timeout=PATIENT)
    expect(page).to_have_url(re.compile(re.escape(f"{prefixed}/?digit=")))
    page.goto(page.url)
    expect(verdict(page)).to_contain_text("All five read 1", timeout=PATIENT)
