"""A model of pictures in colour: what is chosen or pasted is read by every lane."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from models.convert import conversion
from models.formats import manifest
from models.formats.model_input import Input
from tests.support import weight_faults as faults
from tests.support.drawing import PATIENT, verdict
from tests.support.servers import serving

CLASSES = ("a boat", "a house")  # one of two is always likely enough
PASTE = """async (content) => {
  const answer = await fetch(`data:image/png;base64,${content}`);
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([await answer.blob()], 'pasted.png', { type: 'image/png' }));
  document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app whose one model takes 32×32 in colour, from −1 to 1."""
    from tf_keras import Sequential, layers

    models = tmp_path_factory.mktemp("models")
    folder = models / "things"
    folder.mkdir()
    parts = [layers.Conv2D(4, 3, activation="relu"), layers.GlobalAveragePooling2D()]
    end = layers.Dense(2, activation="softmax")
    model = Sequential([layers.Input((32, 32, 3)), *parts, end])
    faults.scattered(model).save(folder / conversion.KERAS_FILE)
    taken = Input((32, 32, 3), (2.0,), (-1.0,), fit="cover", framing="none")
    made = replace(conversion.convert(folder), classes=CLASSES, input=taken)
    manifest.write(made, folder)
    with serving(log=models / "log.txt", DIGIT_PARITY_MODELS=str(models)) as address:
        yield address


def png(seed: int) -> bytes:
    """A picture that is wider than high, with coloured areas."""
    areas = np.random.default_rng(seed).integers(0, 256, (3, 5, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(areas.repeat(40, 0).repeat(40, 1)).save(file, "PNG")
    return file.getvalue()


def shown(page: Page) -> str:
    return page.locator(".dp-pixels img").first.get_attribute("src") or ""


def test_a_picture_is_read_by_every_lane_whether_it_is_chosen_or_pasted(
    page: Page, server: str, tmp_path: Path
) -> None:
    page.goto(f"{server}/?backend=wasm")
    expect(verdict(page)).to_contain_text("Give it a picture.", timeout=PATIENT)
    chosen = {"name": "chosen.png", "mimeType": "image/png", "buffer": png(1)}
    page.locator(".st-key-picture input[type=file]").set_input_files(chosen)
    expect(verdict(page)).to_contain_text("All five read a ", timeout=PATIENT)
    first = shown(page)
    picture = Image.open(io.BytesIO(base64.b64decode(first.partition(",")[2])))
    assert (picture.size, picture.mode) == ((32, 32), "RGB"), "the very input"
    page.evaluate(PASTE, base64.b64encode(png(2)).decode())
    image = page.locator(".dp-pixels img").first
    expect(image).not_to_have_attribute("src", first, timeout=PATIENT)
    expect(verdict(page)).to_contain_text("All five read a ", timeout=PATIENT)
    cards = page.locator(".st-key-browser-lanes .dp-card[data-state=answered]")
    expect(cards).to_have_count(2)
    assert "digit=" not in page.url, "a link has no room for it"
