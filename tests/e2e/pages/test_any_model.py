"""A classifier of small pictures in colour, whose thirty classes are logits, in Chromium."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from models.formats.store import SHIPPED, VARIABLE
from tests.e2e.states import pages as states
from tests.support import dataset_files as files
from tests.support.drawing import PATIENT, verdict
from tests.support.servers import ROOT, serving

CLASSES = 30


def made(path: Path) -> None:
    """A model of 16×16 pixels in colour without a softmax."""
    import tf_keras

    layers = tf_keras.layers
    tf_keras.utils.set_random_seed(3)
    steps = [
        layers.Input((16, 16, 3)),
        layers.Conv2D(4, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(CLASSES),
    ]
    tf_keras.Sequential(steps).save(path, include_optimizer=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app that has such a model beside the one that ships."""
    models = tmp_path_factory.mktemp("models")
    shutil.copytree(SHIPPED, models / SHIPPED.name)
    made(models / "given.h5")
    add = [sys.executable, "-m", "models.add", "colours", str(models / "given.h5")]
    environment = os.environ | {VARIABLE: str(models)}
    done = subprocess.run(add, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with serving(log=models / "log.txt", DIGIT_PARITY_MODELS=str(models)) as address:
        yield address


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    """Two pictures of each class, in folders."""
    random, members = np.random.default_rng(1), {}
    for number in range(2 * CLASSES):
        pixels = random.integers(0, 256, (16, 16, 3), np.uint8)
        members[f"{number % CLASSES}/{number}.png"] = files.picture(Image.fromarray(pixels))
    path = tmp_path / "set.zip"
    path.write_bytes(files.zipped(members))
    return path


def open_with(page: Page, server: str, name: str) -> None:
    page.goto(f"{server}/{name}")
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name=re.compile("^colours")).click()


def test_a_set_in_colour_goes_through_all_lanes_and_is_judged_by_its_logits(
    page: Page, server: str, zipped: Path
) -> None:
    open_with(page, server, "upload")
    expect(page.get_by_text("16×16×3 pixels")).to_be_visible(timeout=PATIENT)
    page.locator("[data-testid=stFileUploader] input").set_input_files([zipped])
    expect(page.locator(".dp-headline")).to_contain_text("60 with a label", timeout=PATIENT)
    page.locator(".st-key-upload-run button").click()
    expect(page.locator(".dp-headline")).to_contain_text(
        "right with all formats; they never disagree.", timeout=PATIENT
    )
    lanes = page.locator(".dp-figures").first
    expect(lanes).to_contain_text("top 5")
    expect(lanes.get_by_text("passed")).to_have_count(4)
    page.locator("summary", has_text="What is read as what").click()
    expect(page.get_by_text("Confused most")).to_be_visible()
    expect(page.locator(".dp-confused tbody tr")).not_to_have_count(0)


def test_its_layers_are_followed_and_its_input_is_shown_in_colour(page: Page, server: str) -> None:
    open_with(page, server, "inspect")
    expect(verdict(page)).to_contain_text("Nowhere: both formats follow", timeout=PATIENT)
    states.unfold(page, "inspect-part-maps")
    expect(verdict(page)).not_to_contain_text("Waiting", timeout=PATIENT)
    states.open_list(page, "Layer")
    page.get_by_role("option", name=re.compile("^input")).click()
    image = page.locator(".dp-maps img").first
    expect(image).to_have_attribute("alt", re.compile("input"), timeout=PATIENT)
    colours = image.evaluate(
        """async (image) => {
          await image.decode();
          const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          return [canvas.width, data.some((_, at) => at % 4 === 0 && data[at] !== data[at + 1])];
        }"""
    )
    assert colours == [16, True]


def test_its_lanes_are_measured(page: Page, server: str) -> None:
    open_with(page, server, "benchmark")
    for backend in ("cpu", "webgl"):
        page.locator(f".st-key-benchmark-{backend} label").click()
    page.locator(".st-key-benchmark-full button").click()
    said = page.locator(".st-key-benchmark-answer")
    expect(said).to_contain_text("Measured on this device", timeout=PATIENT)
    expect(said).to_contain_text(re.compile("on wasm.* ms a picture, and every answer was right"))
