"""A picture that is given on the Inspect page, and what is no picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app.inspect.picture import given
from models.dataset.reading import reader
from models.formats import store

MANIFEST = store.manifest("mnist")


def png(*strokes: tuple[int, int, int, int]) -> bytes:
    image, file = Image.new("L", (90, 90), 255), io.BytesIO()
    for stroke in strokes:
        image.paste(0, stroke)
    image.save(file, "PNG")
    return file.getvalue()


def test_a_picture_becomes_what_the_model_takes() -> None:
    found = given.read("one.png", png((40, 10, 50, 80)), MANIFEST)
    assert found.digit is not None and found.digit.pixels.shape == (28, 28)
    assert found.digit.pixels.max() == 1 and (found.name, found.problem) == ("one.png", "")


def test_a_long_name_is_cut() -> None:
    found = given.read(f"{'n' * 500}.png", png((40, 10, 50, 80)), MANIFEST)
    assert len(found.name) == given.LONGEST


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", png(), png((40, 10, 50, 80))[:60], b"\x89PNG\r\n\x1a\n" + b"\xff" * 4096],
)
def test_what_is_no_picture_is_refused_with_a_sentence(content: bytes) -> None:
    found = given.read("x.png", content, MANIFEST)
    assert found.digit is None and found.problem.endswith(".")


def test_a_picture_of_more_pixels_than_are_decoded_is_refused() -> None:
    file = io.BytesIO()
    Image.new("1", (40_000, 40_000)).save(file, "PNG")
    found = given.read("bomb.png", file.getvalue(), MANIFEST)
    assert found.digit is None and found.problem


def test_what_was_read_takes_no_room_from_test_sets() -> None:
    before = reader.in_use.count()
    given.read("one.png", png((40, 10, 50, 80)), MANIFEST)
    assert reader.in_use.count() == before
