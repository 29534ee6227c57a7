"""The Benchmark page's states, with a fake worker and a fake browser."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from app.benchmark import browser_lanes, report_json
from app.benchmark.page import HOW
from app.benchmark.report import LaneTimes, Report
from app.benchmark.results import details, link, opened
from app.benchmark.run import Benchmark
from app.session import shared
from models.lanes import SERVER_LANES, YARDSTICK, Lane
from models.tfjs import built
from tests.app.benchmark.results.test_bars import RIGHT, WRONG, checked
from tests.app.benchmark.test_findings import lane
from tests.app.benchmark.test_run import Worker
from tests.app.folded_parts import all_open

PARTS = (details.CHARTS, details.FIGURES, details.COST, details.SAVE, details.WHERE, HOW)

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
REPORT = Report(
    "mnist",
    "abc",
    tuple(
        replace(each, checked=RIGHT)
        for each in (lane(GRAPH, 0.2, of1=0.2, of8=0.1), lane(LAYERS, 0.3, of1=0.3))
    ),
)


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


def opened_page(**query: str) -> AppTest:
    def script() -> None:
        from app.benchmark import page as benchmark

        benchmark.page()

    test = all_open(
        AppTest.from_function(script, default_timeout=30), *(each.key for each in PARTS)
    )
    for name, value in query.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    return test


@pytest.fixture
def page(worker: Worker, browser: Browser) -> AppTest:
    return opened_page()


def run(page: AppTest, *, button: str = "full") -> AppTest:
    page.button(key=f"benchmark-{button}").click().run()
    bench = page.session_state["benchmark"]
    bench.asked.expected()  # waits for the reference's answer
    page.run()
    assert not page.exception
    return page


def tick(page: AppTest, *names: str) -> None:
    """Tick these boxes and no others."""
    for box in page.checkbox:
        box.set_value(box.key.removeprefix("benchmark-") in names)
    page.run()


def html(page: AppTest) -> str:
    return unescape("\n".join(each.proto.body for each in page.get("html")))


def text(page: AppTest) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption)) + html(page)


def drop(page: AppTest, *reports: Report) -> None:
    contents = [report_json.to_json(each).encode() for each in reports]
    files = [(f"{at}.json", each, "application/json") for at, each in enumerate(contents)]
    page.file_uploader[0].set_value(files).run()
    assert not page.exception


def on(name: str, *lanes: LaneTimes) -> Report:
    return Report("mnist", "abc", lanes, environment={"device": name})


def test_a_first_visit_shows_an_examples_answer_and_where_it_was_measured(page: AppTest) -> None:
    said = html(page)
    assert "Which format, which backend, on this device?" in said
    assert "Example: ship " in said and "every answer was right" in said
    assert "Measured on a server with two cores and software graphics." in said
    assert said.count("all right") == 6
    ticked = [box.key for box in page.checkbox if box.value]
    assert ticked == ["benchmark-cpu", "benchmark-wasm", "benchmark-webgl"]


def test_how_it_is_measured_is_folded(page: AppTest) -> None:
    folded = {each.label for each in page.expander}
    assert {
        "How it is measured",
        "Beyond TensorFlow.js",
        "All charts",
        "Other devices",
        "Measure the server, too",
    } <= folded
    assert "take turns in shuffled order" in html(page)


def test_a_model_without_an_example_asks_to_measure(
    worker: Worker, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "example", lambda model: None)
    page = opened_page()
    assert "This device has not been measured yet." in html(page)
    assert html(page).count("not measured</td>") == 6
    assert "Example" not in html(page)


def test_with_nothing_ticked_there_is_nothing_to_run(page: AppTest) -> None:
    tick(page)
    assert page.button(key="benchmark-quick").disabled
    assert page.button(key="benchmark-full").disabled


@pytest.mark.parametrize("button, quick", [("quick", True), ("full", False)])
def test_the_two_buttons_begin_a_quick_and_a_full_run(
    page: AppTest, browser: Browser, button: str, quick: bool
) -> None:
    tick(page, "wasm")
    run(page, button=button)
    assert browser.mounted is not None
    assert (browser.mounted.seconds is not None) is quick
    assert browser.mounted.backends == ("wasm",)


def test_a_report_has_an_answer_bars_charts_a_table_and_downloads(
    page: AppTest, browser: Browser
) -> None:
    browser.report = REPORT
    tick(page, "wasm")
    run(page)
    said = html(page)
    assert "Ship the graph model on wasm: 0.200 ms a digit, and every answer was right." in said
    assert "Measured on this device." in said and "Example" not in said
    assert said.count("<em>fastest</em>") == 1
    assert len(page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")) == 3
    assert list(page.dataframe[0].value["version"]) == ["graph on wasm", "layers on wasm"]
    assert "graph @ tfjs/wasm" in page.code[0].value
    assert not page.button(key="benchmark-full").disabled


def test_no_page_says_lane(page: AppTest, browser: Browser) -> None:
    browser.report = REPORT
    tick(page, "wasm")
    run(page)
    shown = text(page) + " ".join(each.label for each in (*page.button, *page.checkbox))
    assert " lane" not in shown and "tfjs/" not in shown


def test_while_the_browser_measures_boxes_are_locked_and_cancel_is_there(
    page: AppTest, browser: Browser
) -> None:
    tick(page, "wasm")
    run(page)
    assert "Measuring this device …" in html(page)
    assert all(box.disabled for box in page.checkbox)
    page.button(key="benchmark-cancel").click().run()
    assert "Cancelled before anything was measured." in html(page)
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
    assert "The run was cancelled" in html(page)
    assert "graph @ tfjs/wasm" in page.code[0].value


def test_an_invalid_report_of_the_browser_is_said(page: AppTest, browser: Browser) -> None:
    tick(page, "wasm")
    run(page)
    assert browser.mounted is not None
    browser.mounted.problem = "The browser reported something else."
    page.run()
    assert page.error[0].value == "The browser reported something else."
    assert "Example: ship" in html(page)


def test_the_servers_versions_and_the_yardstick_are_measured_when_ticked(
    page: AppTest, worker: Worker, browser: Browser
) -> None:
    tick(page, "keras", "graph", "layers", "litert")
    run(page)
    assert browser.mounted is not None and browser.mounted.server is not None
    assert browser.mounted.server.wait(20)
    page.run()
    assert {lane for lane, _ in worker.turns} == {*SERVER_LANES, YARDSTICK}
    assert "LiteRT on the server" in html(page)
    assert "on the server is the fastest: " in html(page)


def test_a_version_that_could_not_run_is_named_with_the_reason_and_left_out_of_the_charts(
    page: AppTest, browser: Browser
) -> None:
    gone = [
        LaneTimes(Lane(form, "tfjs/webgpu"), error="No WebGPU.") for form in ("graph", "layers")
    ]
    browser.report = Report("mnist", "abc", (*REPORT.lanes, *gone))
    tick(page, "wasm", "webgpu")
    run(page)
    assert "graph on webgpu and layers on webgpu: No WebGPU." in html(page)
    assert "graph on webgpu" not in list(page.dataframe[0].value["version"])


def test_a_version_with_wrong_answers_is_never_the_answer(page: AppTest, browser: Browser) -> None:
    lanes = (checked(GRAPH, 0.01, WRONG), checked(LAYERS, 0.6))
    browser.report = Report("mnist", "abc", lanes)
    tick(page, "wasm")
    run(page)
    assert "Ship the layers model on wasm: 0.60 ms a digit; graph on wasm gave wrong" in html(page)


def test_a_dropped_report_is_the_answer_and_stands_beside_this_device_once_that_is_measured(
    page: AppTest, browser: Browser
) -> None:
    drop(page, on("a phone", checked(GRAPH, 0.4)))
    assert "The file's report: ship the graph model on wasm, 0.4" in html(page)
    assert "Devices side by side" not in html(page)
    browser.report = REPORT
    tick(page, "wasm")
    run(page)
    said = html(page)
    assert "Ship the graph model on wasm" in said
    assert said.index(">This device</th>") < said.index(">a phone</th>")


def test_several_dropped_reports_stand_side_by_side(page: AppTest) -> None:
    drop(page, on("a phone", checked(GRAPH, 0.4)), on("a laptop", checked(LAYERS, 0.1)))
    said = html(page)
    assert ">a phone</th>" in said and ">a laptop</th>" in said


def test_more_reports_than_the_page_compares_are_left_out_and_that_is_said(page: AppTest) -> None:
    drop(page, *(on(f"device {at}", checked(GRAPH, 0.4)) for at in range(10)))
    assert html(page).count('<th scope="row">device') == opened.MOST
    assert page.error[0].value == "At most 8 files are opened, the first ones."


def test_a_file_that_is_not_a_report_is_refused_with_a_sentence(page: AppTest) -> None:
    page.file_uploader[0].set_value([("notes.json", b"[]", "application/json")]).run()
    assert page.error[0].value.startswith("notes.json: This is not a benchmark report")
    assert "Example: ship" in html(page)


def test_a_link_opens_its_report(worker: Worker, browser: Browser) -> None:
    packed = link.encode(on("a tablet", checked(GRAPH, 0.4)))
    page = opened_page(report=packed or "")
    assert "The link's report: ship the graph model on wasm, 0.4" in html(page)
    assert "Measured on a tablet." in html(page)


def test_a_damaged_link_is_said_and_the_page_is_as_at_a_first_visit(
    worker: Worker, browser: Browser
) -> None:
    page = opened_page(report="AQ-damaged")
    assert "The report in this link is damaged" in page.error[0].value
    assert "Example: ship" in html(page)


def test_another_model_that_is_picked_after_a_run_has_not_been_measured(
    page: AppTest, browser: Browser
) -> None:
    browser.report = REPORT
    tick(page, "wasm")
    run(page)
    bench = browser.mounted
    assert bench is not None
    bench.model = "another"
    page.run()
    assert "Example: ship" in html(page)


def test_without_tensorflow_js_only_the_server_can_be_measured(
    worker: Worker, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "entry", lambda: None)
    page = opened_page()
    assert "TensorFlow.js is not installed" in page.info[0].value
    assert page.checkbox(key="benchmark-wasm").disabled
    assert not page.checkbox(key="benchmark-keras").disabled


def test_a_reference_that_answers_while_the_page_is_made_is_not_missed(
    page: AppTest, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser begins in the run after: one that nobody asks for would never come."""
    asked = iter([False, False])
    monkeypatch.setattr(Benchmark, "server_done", property(lambda bench: next(asked, True)))
    browser.report = REPORT
    page.button(key="benchmark-quick").click().run()
    assert "Ship the graph model on wasm" in html(page)
