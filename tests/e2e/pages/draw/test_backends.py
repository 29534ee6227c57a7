"""The backend of the browser's lanes: the fastest, or the one that the visitor picks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.drawing import (
    PATIENT,
    verdict,
    wait_until_idle,
)


@pytest.mark.parametrize("backend", ["cpu", "webgl", "wasm"])
def test_the_visitor_picks_the_backend(ready: Page, backend: str) -> None:
    ready.get_by_label("TensorFlow.js in your browser runs on").select_option(backend)
    lane = f".dp-lanes tr[data-lane='graph @ tfjs/{backend}'][data-state=answered]"
    expect(ready.locator(lane)).to_be_attached(timeout=PATIENT)
    expect(verdict(ready)).to_contain_text("All five read 7")


def test_the_backend_that_was_measured_fastest_is_kept_for_the_tab(ready: Page) -> None:
    def kept() -> str | None:
        return ready.evaluate("sessionStorage.getItem('digit-parity-backend')")

    wait_until_idle(ready)
    assert kept() in ("wasm", "cpu")  # this Chromium draws WebGL in software: never a candidate
    ready.evaluate("sessionStorage.setItem('digit-parity-backend', 'cpu')")
    ready.reload()
    lane = ".dp-lanes tr[data-lane='graph @ tfjs/cpu'][data-state=answered]"
    expect(ready.locator(lane)).to_be_attached(timeout=PATIENT)
    wait_until_idle(ready)
    assert kept() == "cpu"  # it is not measured again


def test_a_backend_that_the_browser_lacks_falls_back_and_says_so(ready: Page) -> None:
    ready.get_by_label("TensorFlow.js in your browser runs on").select_option("webgpu")
    expect(ready.get_by_text("The backend webgpu does not work here")).to_be_visible()
    expect(ready.get_by_text("instead.")).to_be_visible()
    expect(verdict(ready)).to_contain_text("All five read 7")
