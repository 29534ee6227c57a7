"""The Draw page's downloads: a chart, and the whole result."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page


def test_a_chart_is_saved_as_a_picture(ready: Page) -> None:
    ready.locator("[data-chart=pairs]").hover()
    with ready.expect_download() as waiting:
        ready.locator("[data-chart=pairs]").get_by_role("button").click()
    assert waiting.value.suggested_filename == "digit-parity-pairs.png"
    picture = Image.open(waiting.value.path())
    assert picture.format == "PNG" and picture.width > 400


def test_the_result_downloads_with_every_pixel_and_lane(ready: Page, tmp_path: Path) -> None:
    with ready.expect_download() as waiting:
        ready.get_by_role("button", name="Download this result").click()
    file = tmp_path / "result.json"
    waiting.value.save_as(file)
    result = json.loads(file.read_text())
    assert len(result["digit"]["pixels"]) == 784
    assert len(result["lanes"]) == 5
    for lane in result["lanes"]:
        assert np.argmax(lane["probabilities"]) == 7
        assert np.sum(lane["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert lane["steady_ms"] and lane["load_ms"] > 0 and lane["first_ms"] > 0
    assert result["browser"]["backend"] == "wasm"
    assert "Chrome" in result["browser"]["environment"]["browser"]
