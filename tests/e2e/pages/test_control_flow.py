"""A graph with a branch and a loop runs in the browser, on the Draw page and on Inspect."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models.convert import conversion
from models.formats.store import SHIPPED
from tests.support import weight_faults as faults
from tests.support.drawing import DIGITS, PATIENT, canvas, clear, draw, verdict
from tests.support.servers import serving

# TensorFlow.js has no GRU as Keras computes it, so the layers model has no answer in the browser.
ON_DRAW = "No answer from the layers model in your browser: its row says why."
ON_INSPECT = "No answer from the layers model in your browser: see below why."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app that has such a model beside the one that ships."""
    models = tmp_path_factory.mktemp("models")
    shutil.copytree(SHIPPED, models / SHIPPED.name)
    (models / "looped").mkdir()
    faults.scattered(faults.looped_model()).save(models / "looped" / conversion.KERAS_FILE)
    conversion.convert(models / "looped")
    log: Path = models / "log.txt"
    with serving(log=log, DIGIT_PARITY_MODELS=str(models)) as address:
        yield address


def test_the_browser_answers_a_stroke(page: Page, server: str) -> None:
    page.goto(f"{server}/?model=looped&backend=wasm")
    canvas(page).wait_for()
    draw(page, DIGITS[4])
    expect(verdict(page)).to_contain_text(ON_DRAW, timeout=PATIENT)
    clear(page)
    expect(page).to_have_url(f"{server}/?model=looped&backend=wasm")


def test_the_browser_shows_the_layers_around_the_loop(page: Page, server: str) -> None:
    page.goto(f"{server}/inspect")
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="looped").click()
    expect(verdict(page)).to_contain_text("Nowhere in what answered: ", timeout=PATIENT)
    expect(verdict(page)).to_contain_text(ON_INSPECT)
    expect(page.get_by_text("within a loop or a branch")).to_be_visible(timeout=PATIENT)
