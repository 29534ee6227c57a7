"""The operator's pictures beside a model are examples to try."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.draw import given
from app.draw.picture import examples
from models import dataset
from models.digit.digit import Digit
from models.errors import InputError
from models.formats import store
from models.formats.manifest import Manifest, record, write
from models.formats.model_input import Input

LANE = "model_graph/model.json"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model of 8×8 pictures in colour, without examples."""
    folder = tmp_path / "photo"
    (folder / LANE).parent.mkdir(parents=True)
    (folder / LANE).write_text("{}")
    files = {LANE: record(folder / LANE)}
    taken = Input((8, 8, 3), framing="none")
    write(Manifest("photo", "Photo", ("a", "b"), {"graph": LANE}, files, taken), folder)
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    return folder


def picture(path: Path, colour: tuple[int, int, int]) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (30, 20), colour).save(path)


def test_a_model_without_examples_has_none(folder: Path) -> None:
    assert examples.of("photo") == ()


def test_pictures_are_examples_in_the_order_of_their_names(folder: Path) -> None:
    picture(folder / "examples" / "b.png", (0, 255, 0))
    picture(folder / "examples" / "a.jpg", (255, 0, 0))
    (folder / "examples" / "notes.txt").write_text("no picture")
    os.mkfifo(folder / "examples" / "a.pipe")
    found = examples.of("photo")
    assert [each.pixels.shape for each in found] == [(8, 8, 3)] * 2
    assert found[0].pixels[0, 0, 0] > 0.9 and found[1].pixels[0, 0, 1] == 1


def test_no_more_than_ten_are_shown(folder: Path) -> None:
    for number in range(14):
        picture(folder / "examples" / f"{number:02}.png", (number, 0, 0))
    assert len(examples.of("photo")) == examples.MOST == 10


@pytest.mark.parametrize("name", ["x", "x_test"])
def test_arrays_are_examples_too(folder: Path, name: str) -> None:
    levels = np.arange(2 * 8 * 8 * 3, dtype=np.uint8).reshape(2, 8, 8, 3)
    np.savez(folder / "examples.npz", **{name: levels})
    assert [each.levels for each in examples.of("photo")] == [each.tobytes() for each in levels]


def test_floats_from_0_to_1_are_levels(folder: Path) -> None:
    np.savez(folder / "examples.npz", x=np.full((1, 8, 8, 3), 0.2, np.float32))
    assert set(examples.of("photo")[0].levels) == {51}


@pytest.mark.parametrize(
    "array",
    [
        np.full((1, 8, 8, 3), np.nan),
        np.zeros((0, 8, 8, 3), np.uint8),
        np.zeros(3, np.uint8),
    ],
    ids=["NaN", "none", "flat"],
)
def test_arrays_of_something_else_are_left(folder: Path, array: np.ndarray) -> None:
    np.savez(folder / "examples.npz", x=array)
    assert examples.of("photo") == ()


def test_pictures_in_folders_named_as_their_class_are_examples_too(folder: Path) -> None:
    picture(folder / "examples" / "nested.png", (255, 0, 0))
    (folder / "examples" / "b").mkdir()
    picture(folder / "examples" / "b" / "a.png", (0, 255, 0))
    assert len(examples.of("photo")) == 2


def test_arrays_of_another_size_become_what_the_model_takes(folder: Path) -> None:
    np.savez(folder / "examples.npz", x=np.full((2, 9, 9, 3), 30, np.uint8))
    assert [each.pixels.shape for each in examples.of("photo")] == [(8, 8, 3)] * 2


def test_a_damaged_file_is_left(folder: Path) -> None:
    (folder / "examples.npz").write_bytes(b"PK\x03\x04 nothing")
    assert examples.of("photo") == ()


def test_beside_the_picker_is_the_first_example_where_there_is_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Digit] = []
    monkeypatch.setattr(given.markup, "example", shown.append)
    given.show_thumbnail("photo")
    assert not shown
    examples._of.cache_clear()
    picture(folder / "examples" / "a.png", (255, 0, 0))
    given.show_thumbnail("photo")
    assert [each.pixels.shape for each in shown] == [(8, 8, 3)]


def test_examples_that_could_not_be_read_for_a_moment_are_read_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture(folder / "examples" / "a.png", (255, 0, 0))
    with monkeypatch.context() as busy:
        busy.setattr(dataset, "read_path", _busy)
        assert examples.of("photo") == ()
    assert len(examples.of("photo")) == 1


def _busy(*_: object, **__: object) -> None:
    raise InputError("The server reads other files just now.")
