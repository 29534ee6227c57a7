"""What a model takes is said in words."""

from __future__ import annotations

import pytest

from app.session import input_words
from models.formats.model_input import DIGITS, Input

PHOTO = Input((224, 200, 3), (2.0,), (-1.0,), fit="cover", order="bgr", framing="none")


def test_the_picker_says_size_and_colour() -> None:
    assert input_words.short(PHOTO) == "224 high × 200 wide colour"
    assert input_words.short(Input((3, 32, 32), layout="CHW", framing="none")) == "32×32 colour"
    assert input_words.short(Input((784,), layout="flat")) == "28×28 grey"


def test_a_picture_is_said_to_be_cut_and_in_which_range_it_is_given() -> None:
    assert input_words.sentence(PHOTO) == (
        "What every version is given: 224 high × 200 wide colour, blue first, cut to its middle, "
        "values −1…1."
    )
    grey = Input((48, 48, 1), framing="none")
    assert "48×48 grey, stretched to this size, values 0…1." in input_words.sentence(grey)


def test_a_digit_is_said_to_be_framed() -> None:
    assert "framed as MNIST frames digits" in input_words.sentence(DIGITS)
    assert "framed as MNIST frames digits" in input_words.sentence(Input((32, 32, 1)))


@pytest.mark.parametrize(
    ("scale", "offset", "said"),
    [
        ((255.0,), (0.0,), "0…255"),
        ((-1.0,), (1.0,), "0…1"),
        ((2.0, 4.0, 4.0), (0.0,), "0…2, 0…4"),
        ((1.0,), (-0.5, 0.0, 0.0), "−0.5…0.5, 0…1"),
    ],
)
def test_a_range_is_that_of_every_channel(
    scale: tuple[float, ...], offset: tuple[float, ...], said: str
) -> None:
    assert input_words.values(Input((8, 8, 3), scale, offset, framing="none")) == said
