"""The Benchmark page in Chromium, with WebAssembly alone because it is quick."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.drawing import PATIENT, open_page, wait_until_idle


@pytest.fixture
def bench(page: Page, server: str) -> Page:
    """The Benchmark page, opened from the Draw page, with wasm as the only ticked backend."""
    open_page(page, server)
    wait_until_idle(page)  # the Draw page's lanes are then in memory, and stay there
    page.get_by_role("link", name="Benchmark").click()
    for name in ("cpu", "webgl"):
        box(page, name).click()
        expect(box(page, name).locator("input")).not_to_be_checked()
    return page


def box(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-benchmark-{name} label")


def button(page: Page, name: str) -> Locator:
    # During a rerun the page holds both the old and the new button for a moment.
    return page.locator(f".st-key-benchmark-{name} button").last


def downloaded(page: Page, tmp_path: Path) -> dict:
    expect(button(page, "download")).to_be_visible(timeout=PATIENT)
    with page.expect_download() as waiting:
        button(page, "download").click()
    waiting.value.save_as(tmp_path / "report.json")
    return json.loads((tmp_path / "report.json").read_text())


def test_a_report_is_measured_downloaded_and_dropped_back_in(bench: Page, tmp_path: Path) -> None:
    box(bench, "webgpu").click()
    expect(box(bench, "webgpu").locator("input")).to_be_checked()
    button(bench, "run").click()
    expect(bench.locator(".dp-bench progress")).to_be_visible()
    report = downloaded(bench, tmp_path)
    lanes = {lane["lane"]: lane for lane in report["lanes"]}
    assert report["memory"]["loaded"] == report["memory"]["after"]
    assert report["environment"]["cross-origin isolated"] == "yes"
    for name in ("graph @ tfjs/wasm", "layers @ tfjs/wasm"):
        lane = lanes[name]
        assert lane["error"] is None
        assert lane["load_ms"] > 0 and lane["first_ms"] > 0
        assert len(lane["steady_ms"]) >= 10
        assert {1, 8, 32} <= {batch["size"] for batch in lane["batches"]}
    assert "webgpu does not work here: this browser" in lanes["graph @ tfjs/webgpu"]["error"]
    expect(bench.get_by_text("The backend webgpu does not work here: ")).to_be_visible()
    expect(bench.locator(".st-key-benchmark-said")).to_contain_text("For one image")
    bench.get_by_text("Compare with another machine").click()
    bench.locator("input[type=file]").set_input_files(tmp_path / "report.json")
    expect(bench.get_by_text("This machine and the file's")).to_be_visible()


def test_a_cancelled_run_keeps_what_it_had_and_the_page_can_run_again(
    bench: Page, tmp_path: Path
) -> None:
    button(bench, "run").click()
    progress = re.compile(r"round [2-9]|round \d\d|Batches")  # each lane has had a turn by then
    expect(bench.locator(".dp-bench p")).to_contain_text(progress, timeout=PATIENT)
    button(bench, "cancel").click()
    expect(bench.get_by_text("Cancelled: what had been measured is below.")).to_be_visible()
    report = downloaded(bench, tmp_path)
    assert report["cancelled"] and report["lanes"][0]["steady_ms"]
    expect(button(bench, "run")).to_be_enabled()
