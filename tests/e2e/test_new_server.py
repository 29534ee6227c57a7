"""A server that was just started brings its first page without what only other pages need."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Page, expect

from tests.e2e.drawing import DIGITS, clear, draw, open_page, verdict
from tests.e2e.servers import serving

PATIENT = 60_000  # milliseconds: the first answer waits for TensorFlow


def test_the_first_page_and_its_strokes_never_import_pandas(page: Page, tmp_path: Path) -> None:
    with serving(log=tmp_path / "log.txt") as server:
        open_page(page, server)
        expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
        clear(page)
        draw(page, DIGITS[4])
        expect(verdict(page)).to_contain_text("All five lanes read 4.")
        expect(page.locator(".dp-chart svg.marks")).to_have_count(5)
        loaded = {each.path for each in process(server).memory_maps()}
    assert any("numpy" in path for path in loaded)
    assert not [path for path in loaded if "/pandas/" in path]


def process(server: str) -> psutil.Process:
    """The one that serves the page."""
    port = f"--server.port={urlsplit(server).port}"
    running = psutil.process_iter(["cmdline"])
    return next(each for each in running if port in (each.info["cmdline"] or ()))
