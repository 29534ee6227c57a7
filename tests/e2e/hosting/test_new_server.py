"""A new server: its first page, reconnecting pages, and pages with outdated scripts."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.drawing import (
    DIGITS,
    PATIENT,
    clear,
    draw,
    open_page,
    verdict,
    wait_until_idle,
    wait_until_settled,
)
from tests.support.servers import free_port, serving


def test_the_first_page_and_its_strokes_never_import_pandas(page: Page, tmp_path: Path) -> None:
    with serving(log=tmp_path / "log.txt") as server:
        open_page(page, server)
        expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
        clear(page)
        draw(page, DIGITS[4])
        expect(verdict(page)).to_contain_text("All five read 4")
        expect(page.locator(".dp-chart svg.marks")).to_have_count(5)
        loaded = {each.path for each in process(server).memory_maps()}
    assert any("numpy" in path for path in loaded)
    assert not [path for path in loaded if "/pandas/" in path]


def test_a_page_that_reconnects_to_a_new_server_runs_its_browsers_lanes_again(
    context: BrowserContext, tmp_path: Path
) -> None:
    page, port = context.new_page(), free_port()
    with serving(log=tmp_path / "first.txt", port=port) as server:
        open_page(page, server)
        expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
        wait_until_idle(page)
        for digit in (1, 2):  # a new session's canvas has not been emptied as often
            clear(page)
            expect(page).not_to_have_url(re.compile("digit="))
            draw(page, DIGITS[digit])
            expect(verdict(page)).to_contain_text(f"All five read {digit}.")
            expect(page).to_have_url(re.compile("digit="))
        expect(page.locator(".st-key-undo").get_by_role("button")).to_be_enabled()
        wait_until_settled(page)
    with serving(log=tmp_path / "second.txt", port=port):
        expect(page.get_by_text("The connection was lost and is back.")).to_be_visible()
        expect(verdict(page)).to_contain_text("All five read 2", timeout=PATIENT)
        expect(page.locator(".st-key-undo").get_by_role("button")).to_be_enabled()
        expect(page.locator(".dp-picture-label")).to_have_text("Yours")


def test_an_outdated_page_gets_the_current_modules_and_their_imports(
    page: Page, server: str
) -> None:
    outdated, requested = f"{server}/served/app/0123456789abcdef", list[str]()
    open_page(page, server)
    page.on("request", lambda request: requested.append(request.url))
    component, worker = (
        f"{outdated}/inspect/browser_lanes.js",
        f"{outdated}/upload/frontend/web_worker.js",
    )
    kind = page.evaluate("async (url) => typeof (await import(url)).default", component)
    assert kind == "function"
    # Without an engine the web worker says "unable" once its imports are loaded.
    message = page.evaluate(
        """(url) => new Promise((resolve, reject) => {
          const worker = new Worker(url, { type: 'module' });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = () => reject(new Error('the worker does not start'));
          worker.postMessage({ engine: '/nowhere.js' });
        })""",
        worker,
    )
    assert message == "unable"
    assert [url for url in requested if url.startswith(outdated)] == [component, worker]


def process(server: str) -> psutil.Process:
    """The process that serves the page."""
    port = f"--server.port={urlsplit(server).port}"
    running = psutil.process_iter(["cmdline"])
    return next(each for each in running if port in (each.info["cmdline"] or ()))
