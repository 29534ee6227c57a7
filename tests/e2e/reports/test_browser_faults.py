"""What only a browser's backend computes wrongly is shown where a file is opened in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models.bisect.bisection import bisect
from models.bisect.bug_report import making
from models.bisect.bug_report import page as report
from models.bisect.search import Search
from models.formats.store import SHIPPED
from models.lanes import Lane
from models.runtimes.browser.program import Program
from models.tfjs import report_bundle
from tests.e2e.reports import opened
from tests.models.bisect import planted_operations as planted
from tests.support import chromium

HALF = Lane("graph", "tfjs/webgl+f16")
# TensorFlow.js asks either kind of canvas.
WITHOUT_WEBGL = """for (const canvas of [HTMLCanvasElement, OffscreenCanvas]) {
  canvas.prototype.getContext = () => null;
}"""


@pytest.fixture(scope="module")
def half() -> making.Found:
    """Half floats in textures, which are no fault of the files."""
    program = Program("chromium", Path(chromium.need()))
    samples = planted.digits(1)
    found = bisect(SHIPPED, HALF, samples, browser=program)
    result = Search(found.reference, 1, (), {HALF: found})
    return making.find(SHIPPED, samples, result, program)


@pytest.fixture
def file(half: making.Found, tmp_path: Path) -> Path:
    file = tmp_path / "fault.html"
    file.write_text(report.write(half, report_bundle.read()), "utf-8")
    assert file.stat().st_size <= report.MOST_BYTES
    return file


def test_what_half_floats_do_in_webgl_shows_with_half_floats_when_it_is_opened(
    half: making.Found, file: Path, browser: Browser
) -> None:
    assert half.bisection.layer == "relu1" and half.trial.expected.shape[-1] == 1
    assert half.trial.difference > 1e-4
    shown = opened.read(browser, file)
    assert shown.errors == []
    assert shown.kind == "reproduced" and shown.verdict.startswith("Reproduced: ")
    assert shown.live["webgl"].startswith("reproduced: ")
    for healthy in ("cpu", "wasm"):
        assert shown.live[healthy].startswith("not reproduced: "), shown.live
    ((got,),) = half.trial.found.reshape(-1, 1)[:1].tolist()
    assert f"{got:.7f}".rstrip("0") in shown.printed, "the code sets half floats, too"


def test_a_browser_without_the_backend_says_which_one_it_takes(
    file: Path, browser: Browser
) -> None:
    context = browser.new_context()
    try:
        context.add_init_script(WITHOUT_WEBGL)
        page = context.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("#live[data-done]", state="attached")
        verdict = page.locator("#verdict")
        assert verdict.inner_text().startswith("Open this file in a browser that offers webgl.")
        assert verdict.get_attribute("data-kind") == "absent"
    finally:
        context.close()
