"""Which pictures pages bring through a model while nobody has given any."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.session import ready
from models.formats import manifest, store
from models.formats.manifest import Manifest
from models.formats.model_input import DIGITS, Input
from tests.support import dataset_files as files

COLOUR = Input((8, 6, 3), (255.0,), framing="none")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    ready._pictures.clear()
    return model(tmp_path, COLOUR)


def model(root: Path, taken: Input) -> Path:
    folder = root / "mine"
    folder.mkdir(exist_ok=True)
    made = Manifest("mine", "Mine", ("cat", "dog"), {"graph": "graph/model.json"}, {}, taken)
    manifest.write(made, folder)
    return folder


def test_a_model_without_examples_has_generated_pictures_that_are_always_the_same(folder):
    pictures = ready.pictures("mine")
    assert pictures.stored.shape == (ready.MOST, 8, 6, 3) and (pictures.labels == -1).all()
    ready._pictures.clear()
    np.testing.assert_array_equal(ready.pictures("mine").stored, pictures.stored)


def test_the_operators_examples_take_their_place_with_their_labels(folder):
    (folder / "examples" / "dog").mkdir(parents=True)
    red = Image.fromarray(np.full((8, 6, 3), (255, 0, 0), np.uint8))
    (folder / "examples" / "dog" / "a.png").write_bytes(files.picture(red))
    (folder / "examples" / "notes.txt").write_text("no picture")
    pictures = ready.pictures("mine")
    assert len(pictures) == 1 and pictures.labels.tolist() == [1] and not pictures.skipped
    assert pictures.stored[0, 0, 0].tolist() == [255, 0, 0]


def test_examples_that_cannot_be_read_leave_the_generated_ones(folder):
    (folder / "examples.npz").write_bytes(b"damaged")
    assert len(ready.pictures("mine")) == ready.MOST


def test_a_model_of_digits_has_the_digits_that_ship(folder):
    model(folder.parent, DIGITS)
    pictures = ready.pictures("mine")
    assert len(pictures) == 100 and np.bincount(pictures.labels).tolist() == [10] * 10


@pytest.mark.parametrize(
    ("shape", "count"), [((8, 6, 3), 100), ((224, 224, 3), 27), ((2048, 2048, 3), 8)]
)
def test_of_large_pictures_there_are_fewer(shape, count):
    assert ready.how_many(Input(shape, framing="none")) == count


def test_of_many_examples_some_are_taken_from_all_over(folder):
    many = ready.generated(COLOUR, 250)
    few = ready.few(many, COLOUR)
    assert len(few) == 100 and few.names[0] == "generated 1" and few.names[-1] == "generated 250"
