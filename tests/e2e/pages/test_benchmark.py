"""The Benchmark page in Chromium, with WebAssembly alone because it is quick."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from models.formats import store
from models.tfjs import built
from tests.support.drawing import PATIENT, open_page, wait_until_idle
from tests.support.weight_faults import change_weight, scaled

WHICH = "(the graph model|the layers model|either format)"
SHIPPED = re.compile(rf"^Ship {WHICH} on wasm: .* ms a digit, and every answer was right")
NEVER_HERE = ("cpu", "webgl")

# In place of TensorFlow.js's module: on wasm the layers model has weights of the other sign. On cpu
# both answer at once, the layers model NaN, the graph model wrongly from its second prediction on.
PLANTED = """
import { loadLane as load } from './ENTRY?as-it-is';
export * from './ENTRY?as-it-is';
export async function loadLane(format, url, options) {
  const isLayers = format === 'layers';
  if (options.backend === 'wasm') return load(format, isLayers ? `${url}&planted` : url, options);
  const lane = await load(format, url, options);
  const predict = lane.predict.bind(lane);
  let isFirst = true;
  lane.predict = async (pixels, n) => {
    if (!isLayers && isFirst) {
      isFirst = false;
      return predict(pixels, n);
    }
    const probabilities = new Float32Array(10 * n).fill(isLayers ? Number.NaN : 0.1);
    return { probabilities, classes: 10, ms: 0.001 };
  };
  return lane;
}
"""


@pytest.fixture
def bench(page: Page, server: str) -> Page:
    """The Benchmark page, opened from the Draw page, with wasm as the only ticked backend."""
    open_page(page, server)
    wait_until_idle(page)  # the Draw page's lanes are then in memory, and stay there
    page.get_by_role("link", name="Benchmark").click()
    expect(headline(page)).to_contain_text("Example: ship", timeout=PATIENT)
    for name in NEVER_HERE:
        box(page, name).click()
        expect(box(page, name).locator("input")).not_to_be_checked()
    return page


def box(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-benchmark-{name} label")


def button(page: Page, name: str) -> Locator:
    # During a rerun the page holds both the old and the new button for a moment.
    return page.locator(f".st-key-benchmark-{name} button").last


def headline(page: Page) -> Locator:
    return page.locator(".st-key-benchmark-answer .dp-headline")


def unfold(page: Page, part: str) -> None:
    page.locator(f".st-key-benchmark-{part} summary").click()


def downloaded(page: Page, tmp_path: Path) -> dict:
    unfold(page, "save")
    expect(button(page, "download")).to_be_visible(timeout=PATIENT)
    with page.expect_download() as waiting:
        button(page, "download").click()
    waiting.value.save_as(tmp_path / "report.json")
    return json.loads((tmp_path / "report.json").read_text())


def took(said: str) -> float:
    """The milliseconds in a sentence."""
    return float(re.findall(r"([\d.,]+) ms", said)[0].replace(",", ""))


def test_a_quick_run_gives_an_answer_and_its_link_and_file_open_to_the_same(
    bench: Page, context: BrowserContext, tmp_path: Path
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(bench, "quick").click()
    expect(bench.locator(".dp-bench progress")).to_be_visible()
    expect(headline(bench)).to_have_text(SHIPPED, timeout=PATIENT)
    said = headline(bench).inner_text()
    expect(bench.locator(".dp-bars tbody tr")).to_have_count(2)
    report = downloaded(bench, tmp_path)
    assert report["quick"] and not report["cancelled"]
    for lane in report["lanes"]:
        assert lane["checked"]["wrong"] == 0 and lane["checked"]["answers"] >= len(
            lane["steady_ms"]
        )

    bench.get_by_role("button", name="Copy a link to this result").click()
    expect(bench.get_by_text("The link is copied.")).to_be_visible()
    link = bench.evaluate("navigator.clipboard.readText()")
    assert len(link) < 6_100
    other = context.new_page()
    other.goto(link)
    expect(headline(other)).to_contain_text("The link's report: ship", timeout=PATIENT)
    again = headline(other).inner_text()
    assert took(again) == pytest.approx(took(said), rel=0.06)  # with as many digits as are sure
    assert again.partition(" wasm")[0].endswith(said.partition(" wasm")[0].removeprefix("Ship"))
    unfold(other, "devices")
    other.locator("input[type=file]").set_input_files(tmp_path / "report.json")
    rows = other.locator(".dp-matrix tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(1).locator("em")).to_have_text("fastest")
    other.close()


def test_a_full_run_measures_batches_and_says_what_does_not_run(
    bench: Page, tmp_path: Path
) -> None:
    box(bench, "webgpu").click()
    expect(box(bench, "webgpu").locator("input")).to_be_checked()
    button(bench, "full").click()
    expect(headline(bench)).to_have_text(SHIPPED, timeout=2 * PATIENT)
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
    unable = bench.get_by_text("graph on webgpu and layers on webgpu: The backend webgpu does not")
    expect(unable).to_be_visible()
    expect(bench.locator(".dp-bars").get_by_text("does not run here")).to_have_count(2)
    for part in ("all-charts", "all-figures"):
        unfold(bench, part)
    expect(bench.locator(".st-key-benchmark-all-charts svg.marks")).to_have_count(3)
    labels = bench.locator(".st-key-benchmark-all-charts svg.marks").first
    expect(labels).to_contain_text("layers on wasm")
    expect(labels).not_to_contain_text("@")


def test_a_cancelled_run_keeps_what_it_had_and_the_page_can_run_again(
    bench: Page, tmp_path: Path
) -> None:
    button(bench, "full").click()
    progress = re.compile(r"round [2-9]|round \d\d|Batches")  # each lane has had a turn by then
    expect(bench.locator(".dp-bench p").first).to_contain_text(progress, timeout=PATIENT)
    button(bench, "cancel").click()
    expect(bench.get_by_text("The run was cancelled")).to_be_visible()
    report = downloaded(bench, tmp_path)
    assert report["cancelled"] and report["lanes"][0]["steady_ms"]
    expect(button(bench, "full")).to_be_enabled()


def test_a_damaged_link_is_said_and_the_page_works(page: Page, server: str) -> None:
    page.goto(f"{server}/benchmark?report=AQ-damaged")
    expect(page.get_by_text("The report in this link is damaged.")).to_be_visible(timeout=PATIENT)
    expect(headline(page)).to_contain_text("Example: ship")
    expect(button(page, "quick")).to_be_enabled()


def test_versions_that_answer_wrongly_are_not_ranked_however_fast_they_are(
    page: Page, server: str, tmp_path: Path
) -> None:
    _plant(page, tmp_path)
    page.goto(f"{server}/benchmark")
    expect(headline(page)).to_contain_text("Example: ship", timeout=PATIENT)
    box(page, "webgl").click()
    expect(box(page, "webgl").locator("input")).not_to_be_checked()
    button(page, "quick").click()
    alone = re.compile(
        r"^Ship the graph model on wasm: .* a digit; 3 versions gave wrong answers\.$"
    )
    expect(headline(page)).to_have_text(alone, timeout=PATIENT)
    rows = (r"graph on cpu\s.*\d+ of \d+ wrong", r"layers on cpu\s.*all NaN")
    rows += (r"graph on wasm\s.*fastest\s+all right", r"layers on wasm\s.*all wrong")
    expect(page.locator(".dp-bars tbody tr")).to_have_text(
        [re.compile(each, re.S) for each in rows]
    )
    expect(page.locator(".dp-bars em")).to_have_count(1)
    unfold(page, "all-charts")
    unranked = page.get_by_text("it is not ranked")
    expect(unranked).to_have_count(3)
    later = r"^graph on cpu gave a wrong answer in \d+ of \d+ predictions, first at the 2nd:"
    expect(unranked.filter(has_text=re.compile(later))).to_be_visible()
    lanes = {lane["lane"]: lane for lane in downloaded(page, tmp_path)["lanes"]}
    hasty, right = lanes["graph @ tfjs/cpu"], lanes["graph @ tfjs/wasm"]
    assert max(hasty["steady_ms"]) < min(right["steady_ms"])
    assert hasty["checked"]["wrong"] == hasty["checked"]["answers"] - 1
    assert right["checked"]["wrong"] == 0


def _plant(page: Page, folder: Path) -> None:
    """Let three of four versions be wrong, as ``PLANTED`` says."""
    entry = (built.entry() or "").rpartition("/")[2]
    module = PLANTED.replace("ENTRY", entry).encode()
    page.route(re.compile(rf"/{re.escape(entry)}$"), _gives(module, "text/javascript"))
    layers = shutil.copytree(store.SHIPPED / "model_layers", folder / "layers")
    change_weight(layers / "model.json", "probabilities/kernel", scaled(-1))
    (weights,) = layers.glob("*.bin")
    page.route(re.compile(r"\.bin\?.*&planted$"), _gives(weights.read_bytes()))


def _gives(body: bytes, kind: str = "application/octet-stream") -> Callable[[Route], None]:
    return lambda route: route.fulfill(content_type=kind, body=body)
