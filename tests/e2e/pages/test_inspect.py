"""The Inspect page in Chromium: five lanes, layer by layer."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.test_accessibility import grave
from tests.support.drawing import DIGITS, PATIENT, draw, open_page, verdict


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_formats_follow_keras_layer_by_layer_and_no_grave_violation(
    page: Page, server: str, theme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server}/inspect")
    expect(verdict(page)).to_contain_text("No layer parts: all 4 lanes follow", timeout=PATIENT)
    legend = page.locator(".dp-legend li")
    expect(legend).to_have_count(4)
    assert {text.partition(" · ")[2] for text in legend.all_text_contents()} > {"server"}
    # Every layer of the layers model and of the graph model, on the server and in the browser.
    marks = page.locator(".st-key-inspect-depth svg.marks .mark-symbol path")
    expect(marks).to_have_count(2 * (30 + 14), timeout=PATIENT)
    expect(page.locator(".dp-maps img")).to_have_count(3, timeout=PATIENT)
    expect(page.locator(".st-key-inspect-sizes")).to_be_visible(timeout=PATIENT)
    conclusion = page.locator(".st-key-inspect-conclusion")
    expect(conclusion).to_contain_text("PASSED: 4 lanes answer like keras", timeout=PATIENT)
    expect(conclusion).to_contain_text("answer like the original", timeout=PATIENT)
    assert grave(page) == []


def test_exact_arithmetic_is_computed_on_request(page: Page, server: str) -> None:
    page.goto(f"{server}/inspect")
    conclusion = page.locator(".st-key-inspect-conclusion")
    expect(conclusion).to_contain_text("PASSED", timeout=PATIENT)
    page.get_by_role("button", name="Compare with exact arithmetic").click()
    expect(conclusion).to_contain_text(
        re.compile(
            r"Keras is [\d.]+e-7 from exact arithmetic, the graph model in your browser "
            r"[\d.]+e-7, .*: the conversion kept your model\."
        ),
        timeout=PATIENT,
    )
    assert grave(page) == []


def test_rounded_weights_diverge_at_the_first_layer_with_weights(page: Page, server: str) -> None:
    """With the digit that was drawn on the Draw page."""
    open_page(page, server)
    draw(page, DIGITS[4])
    expect(verdict(page)).to_contain_text("read 4", timeout=PATIENT)
    page.get_by_role("link", name="Inspect").click()
    expect(page.get_by_role("radio", name="yours")).to_be_checked(timeout=PATIENT)
    expect(verdict(page)).to_contain_text("No layer parts: all", timeout=PATIENT)
    page.get_by_role("combobox", name="Stored weights").click()
    page.get_by_role("option", name="uint8").click()
    expect(verdict(page)).to_contain_text("layers uint8 parts at conv1 on", timeout=PATIENT)
    expect(verdict(page)).to_contain_text("graph uint8 parts at relu1 on", timeout=PATIENT)
    expect(verdict(page)).not_to_contain_text("Waiting", timeout=PATIENT)
    expect(page.locator(".dp-listed")).to_contain_text("In the layers uint8 model, conv1/kernel")
