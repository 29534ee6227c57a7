"""The Inspect page in Chromium: five lanes, layer by layer."""

from __future__ import annotations

import io
import re
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e import access
from tests.e2e.pages.draw.conftest import wait_until_python_has_seen_it
from tests.e2e.pages.draw.pad import Late
from tests.e2e.states import pages as states
from tests.support.drawing import DIGITS, PATIENT, draw, open_page, verdict, wait_until_settled

# Every frame: what stands on the page twice, and parts that overlap or are out of their order.
WATCH = """
() => {
  window.wrong = new Set();
  const order = ['inspect-verdict', 'inspect-chart', 'jumps'];
  const box = (key) => document.querySelector(`.st-key-${key}`)?.getBoundingClientRect();
  const look = () => {
    const titles = [...document.querySelectorAll('.dp-title, h2.dp-label')]
      .map((title) => title.textContent);
    for (const title of titles)
      if (titles.filter((each) => each === title).length > 1) wrong.add(`twice: ${title}`);
    for (const key of ['inspect-depth', 'inspect-sizes'])
      if (document.querySelectorAll(`.st-key-${key} svg.marks`).length > 1) wrong.add(key);
    const chart = document.querySelector('.st-key-inspect-depth svg.marks');
    if (chart && chart.getBoundingClientRect().bottom > box('inspect-chart').bottom + 1)
      wrong.add('the chart is cut');
    const boxes = order.map(box).filter(Boolean);
    for (const [above, below] of boxes.slice(1).map((each, at) => [boxes[at], each]))
      if (above.bottom > below.top + 1) wrong.add('parts overlap');
    requestAnimationFrame(look);
  };
  look();
}
"""


def open_inspect(page: Page, server: str) -> None:
    page.goto(f"{server}/inspect")
    expect(verdict(page)).to_contain_text("Nowhere: both formats follow Keras", timeout=PATIENT)


def open_weights(page: Page) -> None:
    states.open_list(page, "Stored weights")


def pick_weights(page: Page, kind: str) -> None:
    open_weights(page)
    page.get_by_role("option", name=kind).click()


def bottom(part: Locator) -> float:
    """From the page's top, in pixels; the page is not scrolled."""
    box = part.bounding_box()
    assert box
    return box["y"] + box["height"]


def unfold(page: Page, title: str) -> None:
    page.get_by_role("navigation", name="Parts of this page").get_by_role(
        "link", name=title
    ).click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_formats_follow_keras_layer_by_layer_and_no_violation(
    page: Page, server: str, theme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=theme)
    open_inspect(page, server)
    expect(page.locator(".dp-verdict")).to_have_count(1)
    legend = page.locator(".dp-legend li")
    expect(legend).to_have_text(
        ["graph, server", "layers, server", "graph, browser", "layers, browser"]
    )
    # Every layer of the layers model and of the graph model, on the server and in the browser.
    marks = page.locator(".st-key-inspect-depth svg.marks .mark-symbol path")
    expect(marks).to_have_count(2 * (30 + 14), timeout=PATIENT)
    expect(verdict(page)).to_contain_text("All 4 other versions answer 100 ready digits like Keras")
    assert access.violations(page) == []
    for title in ("Feature maps", "What computes what", "Which format", "Size", "Files"):
        unfold(page, title)
    expect(page.locator(".st-key-inspect-sizes")).to_be_visible(timeout=PATIENT)
    expect(page.locator(".st-key-inspect-conclusion")).to_contain_text(
        "answer like the original", timeout=PATIENT
    )
    assert access.violations(page) == []


@pytest.mark.parametrize("width", [1366, 390])
def test_the_server_s_answer_waits_for_no_browser_and_the_browser_s_moves_nothing(
    page: Page, server: str, width: int
) -> None:
    """Once somebody has opened the page. Every run more than these two is a wait."""
    page.set_viewport_size({"width": width, "height": 844})
    open_inspect(page, server)
    expect(verdict(page)).to_contain_text("All 4 other versions answer", timeout=PATIENT)
    tfjs = Late(page, "served/tfjs/")
    asked: list[str | bytes] = []

    def count(frame: str | bytes) -> None:
        asked.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", count))
    page.goto(f"{server}/inspect")
    expect(verdict(page)).to_contain_text(
        "Nowhere so far: the graph and layers models on the server follow Keras", timeout=PATIENT
    )
    expect(verdict(page)).to_contain_text("Waiting for the graph and layers models in your browser")
    expect(verdict(page)).to_have_attribute("data-kind", "agree")
    expect(page.locator(".st-key-inspect-depth svg.marks .mark-symbol path")).to_have_count(44)
    wait_until_settled(page)
    before = verdict(page).bounding_box()
    tfjs.let_go()
    expect(verdict(page)).to_contain_text("Nowhere: both formats follow Keras", timeout=PATIENT)
    expect(verdict(page)).to_contain_text("All 4 other versions answer 100 ready digits")
    wait_until_settled(page)
    assert verdict(page).bounding_box() == before
    assert len(asked) == 2  # the page's run, and the one that brings the browser's numbers


@pytest.mark.parametrize("width, height", [(1366, 768), (390, 844)])
def test_answer_chart_and_changes_are_within_two_screens(
    page: Page, server: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_inspect(page, server)
    chart, changed = (page.locator(f".st-key-inspect-{name}") for name in ("depth", "changed"))
    expect(chart.locator("svg.marks")).to_be_visible()
    expect(changed).to_contain_text("operations fused")
    assert bottom(verdict(page)) <= height
    assert max(bottom(chart), bottom(changed)) <= 2 * height
    controls = page.locator(".st-key-inspect-controls").bounding_box()
    assert controls and controls["y"] > bottom(verdict(page))
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width


def test_switching_weights_shows_nothing_twice_and_nothing_over_another(
    page: Page, server: str
) -> None:
    open_inspect(page, server)
    page.evaluate(WATCH)
    for kind in ("uint8", "float16", "float32", "uint8", "float32", "float16", "float32"):
        pick_weights(page, kind)
        stored = "" if kind == "float32" else kind
        expect(page.locator(".dp-legend li").first).to_have_text(
            f"graph{f' {stored}' if stored else ''}, server", timeout=PATIENT
        )
    expect(verdict(page)).to_contain_text("Nowhere: both formats follow", timeout=PATIENT)
    assert page.evaluate("[...wrong]") == []


@pytest.mark.parametrize("width", [1366, 390])
def test_a_list_that_is_open_stays_open_when_the_answers_come(
    page: Page, server: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    open_inspect(page, server)
    pick_weights(page, "float16")
    expect(page.locator(".dp-legend li").first).to_have_text("graph float16, server")
    open_weights(page)
    expect(verdict(page)).to_contain_text("At ", timeout=PATIENT)
    expect(verdict(page)).not_to_contain_text("Waiting", timeout=PATIENT)
    expect(verdict(page)).to_contain_text("100 ready digits", timeout=PATIENT)
    expect(page.get_by_role("option", name="uint8")).to_be_visible()


def test_exact_arithmetic_is_computed_on_request(page: Page, server: str) -> None:
    open_inspect(page, server)
    unfold(page, "Which format to ship")
    page.get_by_role("button", name="Compare with exact arithmetic").click()
    expect(page.locator(".st-key-inspect-conclusion")).to_contain_text(
        re.compile(
            r"Keras is [\d.]+e-7 from exact arithmetic, the graph model in your browser "
            r"[\d.]+e-7, .*: the conversion kept your model\."
        ),
        timeout=PATIENT,
    )
    assert access.violations(page) == []


def test_rounded_weights_diverge_at_the_first_layer_with_weights(page: Page, server: str) -> None:
    """With the digit that was drawn on the Draw page."""
    open_page(page, server)
    draw(page, DIGITS[4])
    expect(verdict(page)).to_contain_text("read 4", timeout=PATIENT)
    wait_until_python_has_seen_it(page)
    page.get_by_role("link", name="Inspect").click()
    expect(page.get_by_role("radio", name="drawn")).to_be_checked(timeout=PATIENT)
    expect(page.get_by_text("Yours, from the Draw page")).to_be_visible()
    expect(verdict(page)).to_contain_text("Nowhere: both formats", timeout=PATIENT)
    pick_weights(page, "uint8")
    expect(verdict(page)).to_contain_text(
        "At conv1: the layers uint8 model parts from Keras there, the graph uint8 model at relu1.",
        timeout=PATIENT,
    )
    expect(verdict(page)).not_to_contain_text("Waiting", timeout=PATIENT)
    expect(page.locator(".dp-listed")).to_contain_text("In the layers uint8 model, conv1/kernel")


def test_a_picture_that_is_given_on_the_page_is_looked_at(page: Page, server: str) -> None:
    ink = Image.new("L", (90, 90), 255)
    ink.paste(0, (40, 10, 50, 80))
    file = io.BytesIO()
    ink.save(file, "PNG")
    open_inspect(page, server)
    page.get_by_role("button", name="Another picture").click()
    page.locator(".st-key-inspect-file input[type=file]").set_input_files(
        {"name": "one.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    expect(page.get_by_role("radio", name="given here")).to_be_checked(timeout=PATIENT)
    expect(page.get_by_role("img", name="one.png, given here")).to_be_visible()
    expect(verdict(page)).to_contain_text("Nowhere: both formats follow", timeout=PATIENT)
