"""The Draw page for models of other pictures than digits."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette

from app.draw.picture import endpoint
from app.session import usable_models
from models.digit.digit import from_levels
from models.formats import store
from models.formats.manifest import Manifest, record, write
from models.formats.model_input import Input
from models.formats.store import SHIPPED
from tests.app.conftest import Stage
from tests.support.asgi import Messages, ask, body

APP = Starlette(routes=endpoint.routes())
CLASSES = ("cat", "dog", "owl")
DOG = np.array([0.02, 0.97, 0.01], np.float32)
COLOUR = Input((8, 8, 3), (2.0,), (-1.0,), fit="cover", framing="none")
GREY = Input((16, 16, 1), framing="none")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: Stage) -> Path:
    """The one model is of pictures in colour, and all lanes read a dog."""
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
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


def give(content: bytes | dict[str, Any], model: str = "photo") -> Messages:
    """Post a file, or strokes, as the page does."""
    is_file = isinstance(content, bytes)
    kind = b"application/octet-stream" if is_file else b"application/json"
    posted = content if isinstance(content, bytes) else json.dumps(content).encode()
    path = f"/{endpoint.URL_PATH}/{model}"
    return ask(APP, path, posted=posted, method="POST", headers=[(b"content-type", kind)])


def given(content: bytes | dict[str, Any]) -> np.ndarray:
    """The levels that the model is given of it."""
    answer = give(content)
    assert answer[0]["status"] == 200, body(answer)
    return np.frombuffer(base64.b64decode(json.loads(body(answer))["levels"]), np.uint8)


def test_a_model_in_colour_has_no_canvas_and_begins_with_nothing(
    folder: Path, stage: Stage
) -> None:
    stage.run()
    data = stage.mounted[-1]
    assert not data["picture"]["hasCanvas"] and data["shown"]["levels"] is None
    assert "8×8 colour, cut to its middle, values −1…1" in data["picture"]["says"]
    assert stage.worker.asked == []


def test_a_given_picture_is_made_what_the_model_takes_and_read_by_every_lane(
    folder: Path, stage: Stage
) -> None:
    levels = given(png())
    assert levels.reshape(8, 8, 3)[..., 0].tolist() == [[200] * 8] * 8
    (line,) = stage.read(from_levels(levels.tobytes(), (8, 8, 3)), model="photo")
    assert [lane["reads"] for lane in line["lanes"]] == ["dog"] * 4
    assert line["query"] == "model=photo", "the picture itself is too large for an address"


@pytest.mark.parametrize("content", [b"\x89PNG nothing", b"", b"text"])
def test_a_picture_that_cannot_be_read_is_refused_with_a_sentence(
    folder: Path, content: bytes
) -> None:
    answer = give(content)
    assert answer[0]["status"] == 400
    assert len(body(answer)) > 20


def test_the_operators_examples_are_offered_and_the_first_is_shown(
    folder: Path, stage: Stage
) -> None:
    (folder / "examples").mkdir()
    for number in range(2):
        (folder / "examples" / f"{number}.png").write_bytes(png(colour=(number, 9, 9)))
    stage.run()
    data = stage.mounted[-1]
    assert [each["name"] for each in data["examples"]] == ["Ready picture 0", "Ready picture 1"]
    assert base64.b64decode(data["shown"]["levels"])[0] == 0
    answer = ask(APP, "/" + data["examples"][1]["address"])
    assert base64.b64decode(json.loads(body(answer))["levels"])[0] == 1
    older = data["examples"][1]["address"].replace(store.version("photo"), "older")
    for path in (older, data["examples"][1]["address"][:-1] + "2"):
        assert ask(APP, "/" + path)[0]["status"] == 404


def test_what_was_guessed_is_told(folder: Path, stage: Stage) -> None:
    make(folder, COLOUR, assumed=("Values go from −1 to 1; --range sets them.",))
    stage.run()
    assert stage.mounted[-1]["assumed"] == ["Values go from −1 to 1; --range sets them."]


def test_a_grey_square_model_has_a_canvas_and_is_given_the_drawing_as_drawn(
    folder: Path, stage: Stage
) -> None:
    make(folder, GREY)
    stroke = {"type": "path", "path": [["M", 0, 0], ["L", 280, 280]], "left": 0, "top": 0}
    stage.run()
    assert stage.mounted[-1]["picture"]["hasCanvas"]
    pixels = given({"objects": [stroke | {"width": 280, "height": 280}]}).reshape(16, 16)
    assert pixels.diagonal().min() > 0.7 * 255, "from corner to corner, not framed"


@pytest.mark.parametrize(
    "strokes", [{"objects": []}, {"objects": [{"type": "path", "path": [["Z", 1]]}]}, {}]
)
def test_strokes_that_cannot_be_read_are_refused(folder: Path, strokes: dict[str, Any]) -> None:
    make(folder, GREY)
    assert give(strokes)[0]["status"] == 400


def test_another_model_does_not_get_a_picture_that_it_does_not_take(
    folder: Path, stage: Stage
) -> None:
    (folder.parent / "mnist").symlink_to(SHIPPED)
    test = stage.run()
    test.selectbox("model-picker").select("photo").run()
    assert test.selectbox("model-picker").options[1] == "Photo (photo) · 8×8 colour"
    levels = base64.b64encode(bytes(192)).decode()
    stage.told = {"model": "photo", "levels": levels, "label": "", "strokes": [],
                  "asked": "auto", "backend": None, "query": ""}  # fmt: skip
    test.run()
    test.run()
    assert stage.mounted[-1]["shown"]["levels"] == levels
    test.selectbox("model-picker").select("mnist").run()
    assert not test.exception
    assert stage.mounted[-1]["shown"]["label"] == "Ready digit 7", "the example of a newcomer"
    assert usable_models.names() == ["mnist", "photo"]
