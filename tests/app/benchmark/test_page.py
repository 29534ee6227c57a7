"""The Benchmark page's states, with a fake worker and a fake browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.benchmark import browser_lanes
from app.benchmark import report as benchmark_report
from app.benchmark.report import LaneTimes, Report
from app.benchmark.run import Benchmark
from app.session import shared
from models.lanes import REFERENCE, SERVER_LANES, YARDSTICK, Lane
from models.tfjs import built
from tests.app.benchmark.test_findings import lane
from tests.app.benchmark.test_run import Worker

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
REPORT = Report("mnist", "abc", (lane(GRAPH, 0.2, of1=0.2, of8=0.1), lane(LAYERS, 0.3, of1=0.3)))


class Browser:
    """Stands in for the component and reports ``report`` when the page mounts it."""

    def __init__(self) -> None:
        self.report: Report | None = None
        self.mounted: Benchmark | None = None

    def mount(self, bench: Benchmark | None) -> None:
        self.mounted = bench
        if bench is not None and bench.in_browser:
            bench.browser = self.report


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    fake = Browser()
    monkeypatch.setattr(browser_lanes, "mount", fake.mount)
    monkeypatch.setattr(built, "entry", lambda: "tfjs/1/main.js")
    return fake


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    fake = Worker()
    monkeypatch.setattr(shared, "tensorflow", lambda: fake)
    return fake


@pytest.fixture
def page(worker: Worker, browser: Browser) -> AppTest:
    def script() -> None:
        from app.benchmark import page as benchmark

        benchmark.page()

    test = AppTest.from_function(script, default_timeout=30).run()
    assert not test.exception
    return test


def run(page: AppTest) -> AppTest:
    page.button(key="benchmark-run").click().run()
    assert not page.exception
    return page


def tick(page: AppTest, *names: str) -> None:
    """Tick these boxes and no others."""
    for box in page.checkbox:
        box.set_value(box.key.removeprefix("benchmark-") in names)
    page.run()


def text(page: AppTest) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption))


def test_the_page_says_how_it_measures_before_the_first_run(page: AppTest) -> None:
    assert "take turns in shuffled order" in text(page)
    ticked = [box.key for box in page.checkbox if box.value]
    assert ticked == ["benchmark-cpu", "benchmark-wasm", "benchmark-webgl"]


def test_with_nothing_ticked_there_is_nothing_to_run(page: AppTest) -> None:
    tick(page)
    assert page.button(key="benchmark-run").disabled


def test_a_report_has_sentences_charts_a_table_and_downloads(
    page: AppTest, browser: Browser
) -> None:
    browser.report = REPORT
    tick(page, "wasm")
    run(page)
    assert "**graph @ tfjs/wasm** is the fastest with 0.2 ms, **1.50×** as fast" in text(page)
    assert "For **many**" in text(page)
    assert "graph is **1.50×** as fast on wasm" in text(page)
    assert len(page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")) == 3
    assert list(page.dataframe[0].value["lane"]) == ["graph @ tfjs/wasm", "layers @ tfjs/wasm"]
    assert "| graph @ tfjs/wasm | 70 | 12 | 0.2 |" in page.code[0].value
    assert not page.button(key="benchmark-run").disabled


def test_while_the_browser_measures_boxes_are_locked_and_cancel_is_there(
    page: AppTest, browser: Browser
) -> None:
    tick(page, "wasm")
    run(page)
    assert all(box.disabled for box in page.checkbox)
    page.button(key="benchmark-cancel").click().run()
    assert page.warning[0].value == "Cancelled: nothing had been measured by then."
    assert not page.code  # nothing to download
    assert not any(box.disabled for box in page.checkbox)


def test_what_the_browser_had_measured_comes_after_the_click(
    page: AppTest, browser: Browser
) -> None:
    tick(page, "wasm")
    run(page)
    page.button(key="benchmark-cancel").click().run()
    assert browser.mounted is not None
    browser.mounted.browser = REPORT  # the component's report after the cancel
    page.run()
    assert page.warning[0].value == "Cancelled: what had been measured is below."
    assert "graph @ tfjs/wasm" in page.code[0].value


def test_the_servers_lanes_and_the_yardstick_are_measured_when_ticked(
    page: AppTest, worker: Worker, browser: Browser
) -> None:
    tick(page, "keras", "graph", "layers", "litert")
    run(page)
    assert browser.mounted is not None and browser.mounted.server is not None
    assert browser.mounted.server.wait(20)
    page.run()
    assert {lane for lane, _ in worker.turns} == {*SERVER_LANES, YARDSTICK}
    assert "**The yardstick**, LiteRT" in text(page)
    assert str(YARDSTICK) in list(page.dataframe[0].value["lane"])


def test_a_lane_that_could_not_run_is_named_with_the_reason_and_left_out_of_the_charts(
    page: AppTest, browser: Browser
) -> None:
    gone = [
        LaneTimes(Lane(form, "tfjs/webgpu"), error="No WebGPU.") for form in ("graph", "layers")
    ]
    browser.report = Report("mnist", "abc", (*REPORT.lanes, *gone))
    tick(page, "wasm", "webgpu")
    run(page)
    assert "**graph @ tfjs/webgpu, layers @ tfjs/webgpu**: No WebGPU." in text(page)
    assert "graph @ tfjs/webgpu" not in list(page.dataframe[0].value["lane"])


def drop(page: AppTest, report: Report) -> None:
    content = benchmark_report.to_json(report).encode()
    page.file_uploader[0].set_value([("report.json", content, "application/json")]).run()
    assert not page.exception


def test_a_dropped_report_is_shown_and_then_compared_with_this_machine(
    page: AppTest, browser: Browser
) -> None:
    drop(page, Report("mnist", "abc", (lane(GRAPH, 0.4), lane(REFERENCE, 0.5))))
    assert "This is the file's report." in page.info[0].value
    browser.report = REPORT
    tick(page, "wasm")
    run(page)
    compared = page.dataframe[0].value
    assert list(compared["lane"]) == ["graph @ tfjs/wasm"]
    assert list(compared["one image"]) == ["here 2.0× as fast"]
    assert "keras @ tensorflow, layers @ tfjs/wasm" in text(page)


def test_a_file_that_is_not_a_report_is_refused_with_a_sentence(page: AppTest) -> None:
    page.file_uploader[0].set_value([("notes.json", b"[]", "application/json")]).run()
    assert "not a benchmark report" in page.error[0].value


def test_without_tensorflow_js_only_the_server_can_be_measured(
    worker: Worker, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "entry", lambda: None)

    def script() -> None:
        from app.benchmark import page as benchmark

        benchmark.page()

    page = AppTest.from_function(script, default_timeout=30).run()
    assert "TensorFlow.js is not installed" in page.info[0].value
    assert page.checkbox(key="benchmark-wasm").disabled
    assert not page.checkbox(key="benchmark-keras").disabled
