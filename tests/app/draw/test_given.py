"""The Draw page for models of other pictures than digits."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from app.draw.picture import picture_input
from app.draw.results import results
from app.session import usable_models
from models.formats import store
from models.formats.manifest import Manifest, record, write
from models.formats.model_input import Input
from models.formats.store import SHIPPED
from tests.app.conftest import Stage

Text = Callable[[AppTest], str]
CLASSES = ("cat", "dog", "owl")
DOG = np.array([0.02, 0.97, 0.01], np.float32)
COLOUR = Input((8, 8, 3), (2.0,), (-1.0,), fit="cover", framing="none")
GREY = Input((16, 16, 1), framing="none")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: Stage) -> Path:
    """The one model is of pictures in colour, and all lanes read a dog."""
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    monkeypatch.setattr(picture_input, "_paste", lambda **_: None)
    stage.says(DOG)
    return make(tmp_path / "photo", COLOUR)


def make(folder: Path, taken: Input, **more: object) -> Path:
    lanes = {form: f"model_{form}/model.json" for form in ("graph", "layers")}
    for path in lanes.values():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps({"of": path}))
    files = {path: record(folder / path) for path in lanes.values()}
    manifest = Manifest(folder.name, "Photo", CLASSES, lanes, files, taken, **more)  # type: ignore[arg-type]
    write(manifest, folder)
    return folder


def png(width: int = 40, height: int = 20, colour: tuple[int, ...] = (200, 0, 0)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def give(test: AppTest, content: bytes) -> AppTest:
    test.file_uploader[0].set_value([("cat.png", content, "image/png")]).run()
    assert not test.exception
    return test


def test_a_model_in_colour_asks_for_a_picture(folder: Path, stage: Stage, text: Text) -> None:
    test = stage.run()
    page = text(test)
    assert "Give it a picture" in page and "Draw your own digit" not in page
    assert "8×8 colour, cut to its middle, values −1…1" in page
    assert not [button for button in test.button if button.label == "Undo"], "no canvas"
    assert stage.worker.asked == []


def test_a_given_picture_is_read_by_every_lane(folder: Path, stage: Stage, text: Text) -> None:
    test = give(stage.run(), png())
    page = text(test)
    assert "All four lanes read dog." in page
    assert 'alt="The 8×8 picture that every model is given"' in page
    shown = test.session_state["shown"].pixels
    assert shown.shape == (8, 8, 3) and set(shown[..., 0].ravel()) == {np.float32(200 / 255)}
    assert test.file_uploader[0].value is None, "the server keeps no file"


def test_a_picture_that_cannot_be_read_says_so_until_another_is_given(
    folder: Path, stage: Stage, text: Text
) -> None:
    test = give(give(stage.run(), png()), b"\x89PNG nothing")
    assert "It begins like a picture" in test.error[0].value
    assert "read dog." in text(test), "the picture before is still there"
    assert not give(test, png()).error


def test_a_link_to_a_picture_says_that_the_picture_is_not_in_it(folder: Path, stage: Stage) -> None:
    test = give(stage.run(), png())
    assert "digit" not in test.query_params
    test.session_state["share"] = True
    test.run()
    assert results.NOT_SHARED in [each.value for each in test.markdown]


def test_the_operators_examples_are_shown_and_the_first_is_read(
    folder: Path, stage: Stage, text: Text
) -> None:
    (folder / "examples").mkdir()
    for number in range(2):
        (folder / "examples" / f"{number}.png").write_bytes(png(colour=(number, 9, 9)))
    test = stage.run()
    assert "All four lanes read dog." in text(test)
    next(button for button in test.button if button.label == "Ready digit 1").click().run()
    assert test.session_state["shown"].levels[0] == 1


def test_the_camera_is_asked_for_only_when_the_visitor_asks(folder: Path, stage: Stage) -> None:
    test = stage.run()
    assert not test.get("camera_input")
    test.button("picture-camera").click().run()
    assert len(test.get("camera_input")) == 1
    test.button("picture-no-camera").click().run()
    assert not test.get("camera_input")


def test_what_was_guessed_is_listed(folder: Path, stage: Stage, text: Text) -> None:
    make(folder, COLOUR, assumed=("Values go from −1 to 1; --range sets them.",))
    assert "Values go from −1 to 1; --range sets them." in text(stage.run())


def test_a_grey_square_model_has_a_canvas_too_and_is_given_the_drawing_as_drawn(
    folder: Path, stage: Stage, text: Text
) -> None:
    make(folder, GREY)
    stroke = {"type": "path", "path": [["M", 0, 0], ["L", 280, 280]], "left": 0, "top": 0}
    stage.drawing = [stroke | {"width": 280, "height": 280}]
    test = stage.run()
    assert "Draw, or give a picture" in text(test)
    assert [button.label for button in test.button][:2] == ["Undo", "Clear"]
    pixels = test.session_state["digit"].pixels
    assert pixels.shape == (16, 16)
    assert pixels.diagonal().min() > 0.7, "from corner to corner, not framed"


def test_another_model_does_not_get_a_picture_that_it_does_not_take(
    folder: Path, stage: Stage, text: Text
) -> None:
    (folder.parent / "mnist").symlink_to(SHIPPED)
    stage.says(np.eye(10, dtype=np.float32)[7])
    test = stage.run()
    stage.says(DOG)
    test.selectbox("model-picker").select("photo").run()
    assert test.selectbox("model-picker").options[1] == "Photo (photo) · 8×8 colour"
    give(test, png())
    stage.says(np.eye(10, dtype=np.float32)[7])
    test.selectbox("model-picker").select("mnist").run()
    assert not test.exception
    assert "All five lanes read 7." in text(test), "the example of a newcomer"
    assert test.query_params.get("model") is None
    assert usable_models.names() == ["mnist", "photo"]
