"""The pad of models that take no digits of MNIST's, and of one that is put in another's place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models.convert import conversion
from models.formats import manifest
from models.formats.model_input import Input
from models.formats.store import SHIPPED
from tests.support import weight_faults as faults
from tests.support.drawing import DIGITS, PATIENT, draw, undo, verdict
from tests.support.servers import serving

GREY, COLOUR = "grey squares", "wide colours"


def made(folder: Path, title: str, taken: Input) -> None:
    """A model of pictures, with both of its conversions."""
    from tf_keras import Sequential, layers

    folder.mkdir()
    parts = [layers.Conv2D(4, 3, activation="relu"), layers.GlobalAveragePooling2D()]
    end = layers.Dense(2, activation="softmax")
    model = Sequential([layers.Input(taken.shape), *parts, end])
    faults.scattered(model).save(folder / conversion.KERAS_FILE)
    converted = conversion.convert(folder)
    manifest.write(replace(converted, title=title, classes=("a", "b"), input=taken), folder)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app with the model that ships, one of 32×32 in grey, and one in colour."""
    models = tmp_path_factory.mktemp("models")
    shutil.copytree(SHIPPED, models / SHIPPED.name)
    made(models / "grey", GREY, Input((32, 32, 1), framing="none"))
    made(models / "colours", COLOUR, Input((16, 24, 3), framing="none"))
    with serving(log=models / "log.txt", DIGIT_PARITY_MODELS=str(models)) as address:
        yield address


def use(page: Page, title: str) -> None:
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name=re.compile(f"^{title}")).click()


def given(page: Page) -> str:
    return page.locator(".dp-pixels img").get_attribute("src") or ""


def test_a_drawing_goes_along_to_another_model_and_can_be_taken_back(
    page: Page, server: str
) -> None:
    page.goto(f"{server}/?backend=wasm")
    expect(verdict(page)).to_contain_text("read 7", timeout=PATIENT)
    page.locator(".st-key-clear button").click()
    draw(page, DIGITS[4])
    expect(verdict(page)).to_contain_text("read 4")
    use(page, GREY)
    picture = page.get_by_alt_text(re.compile("^The 32×32 picture"))
    expect(picture).to_be_visible(timeout=PATIENT)
    expect(verdict(page)).to_contain_text(re.compile("read [ab]"), timeout=PATIENT)
    expect(page.locator(".dp-picture-label")).to_have_text("Yours")
    both = given(page)
    undo(page)
    expect(picture).not_to_have_attribute("src", both)
    expect(verdict(page)).to_contain_text(re.compile("read [ab]"))
    page.keyboard.press("Control+y")
    expect(picture).to_have_attribute("src", both)


def test_a_stroke_goes_on_while_the_model_is_changed(page: Page, server: str) -> None:
    page.goto(f"{server}/?backend=wasm")
    expect(verdict(page)).to_contain_text("read 7", timeout=PATIENT)
    expect(page.locator(".st-key-pad[data-ready]")).to_be_attached()
    page.get_by_role("combobox", name="Model").click()
    box = page.locator(".st-key-pad").bounding_box()
    assert box is not None
    page.evaluate(  # the answer to the choice comes while the pen is down
        """title => document.querySelector('.dp-pen').addEventListener('pointermove', () =>
            [...document.querySelectorAll('[role=option]')]
              .find((each) => each.textContent.startsWith(title))?.click(), {once: true})""",
        GREY,
    )
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 100, steps=3)
    expect(page.locator(".dp-given .dp-how")).to_contain_text("32×32", timeout=PATIENT)
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=3)
    page.mouse.up()
    expect(page.locator(".dp-picture-label")).to_have_text("Yours")
    expect(page.get_by_alt_text(re.compile("^The 32×32 picture"))).to_be_visible()
    expect(verdict(page)).to_contain_text(re.compile("read [ab]"), timeout=PATIENT)


def test_the_pad_is_there_for_grey_squares_only(page: Page, server: str) -> None:
    page.goto(f"{server}/?backend=wasm")
    expect(verdict(page)).to_contain_text("read 7", timeout=PATIENT)
    use(page, COLOUR)
    expect(page.locator(".st-key-pad")).to_be_hidden(timeout=PATIENT)
    expect(page.locator(".st-key-undo button")).to_be_hidden()
    use(page, GREY)
    expect(page.locator(".st-key-pad")).to_be_visible(timeout=PATIENT)
    draw(page, DIGITS[1])
    expect(page.get_by_alt_text(re.compile("^The 32×32 picture"))).to_be_visible()
    expect(verdict(page)).to_contain_text(re.compile("read [ab]"), timeout=PATIENT)
