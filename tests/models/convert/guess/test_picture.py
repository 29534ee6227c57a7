"""How a picture becomes the input: every guess is said, with the option that changes it."""

from __future__ import annotations

import re

import pytest

from models.convert.guess import picture
from models.errors import ModelError
from models.formats.labels import Facts
from models.formats.model_input import Input
from models.formats.tensors import Tensor
from models.formats.wanted import Wanted
from tests.models.convert.guess import described

CONVOLUTIONS = described.convolutions()
TEN = tuple("0123456789")


def guessed(shape, *, gives=10, facts=None, wanted=None, description=CONVOLUTIONS):
    return picture.guess(
        described.picture(*shape),
        description,
        facts or Facts(),
        wanted or Wanted(),
        gives=described.row(gives),
    )


def options(said):
    return {each for sentence in said for each in re.findall(r"--[a-z]+", sentence)}


def test_a_model_of_digits_is_given_them_as_mnist_has_them():
    found, said = guessed((28, 28, 1))
    assert found == Input()
    assert options(said) == {"--range", "--framing"}


@pytest.mark.parametrize(
    "shape, more",
    [
        ((28, 28, 1), {"gives": 345}),
        ((28, 28, 1), {"facts": Facts(("shirt", *TEN[1:]))}),
        ((28, 28, 1), {"wanted": Wanted(classes=("shirt", *TEN[1:]))}),
        ((32, 32, 1), {}),
        ((28, 28, 3), {}),
    ],
)
def test_only_ten_digits_of_28_by_28_are_framed(shape, more):
    found, said = guessed(shape, **more)
    assert found is not None and found.framing == "none"
    assert "--framing" not in options(said) and "--fit" in options(said)


def test_digits_by_name_are_framed_and_names_that_do_not_fit_are_none():
    for facts in (Facts(TEN), Facts(("a", "b"))):
        found, _ = guessed((784,), facts=facts)
        assert found is not None and found.framing == "mnist" and found.layout == "flat"


def test_a_colour_model_says_range_order_and_fit():
    found, said = guessed((224, 224, 3), gives=5)
    assert found is not None and (found.order, found.fit) == ("rgb", "stretch")
    assert options(said) == {"--range", "--order", "--fit", "--interpolation"}


def test_teachable_machine_takes_the_middle_of_a_picture():
    found, said = guessed((224, 224, 3), facts=Facts(teachable=True))
    assert found is not None and found.fit == "cover"
    assert (found.scale, found.offset) == ((2.0,), (-1.0,))
    assert any("Teachable Machine does" in each and "--fit" in each for each in said)


def test_what_a_person_says_is_taken_and_nothing_is_guessed():
    wanted = Wanted((-1, 1), order="bgr", fit="contain", interpolation="area", framing="none")
    found, said = guessed((32, 32, 3), wanted=wanted)
    assert said == []
    assert found == Input(
        (32, 32, 3), (2.0,), (-1.0,), "HWC", "bgr", "contain", "area", framing="none"
    )


def test_a_picture_with_its_channels_first_is_said_to_be_one():
    found, said = guessed((3, 64, 64))
    assert found is not None and found.layout == "CHW" and found.picture == (64, 64, 3)
    assert "--layout" in options(said)


def test_a_model_that_takes_something_else_takes_no_picture():
    assert guessed((4,)) == (None, [])
    two = (Tensor("picture", (28, 28, 1)), Tensor("values", (4,)))
    assert picture.guess(two, CONVOLUTIONS, Facts(), Wanted()) == (None, [])
    assert guessed((28, 28, 1), wanted=Wanted(layout="none")) == (None, [])


@pytest.mark.parametrize(
    "shape, wanted, words",
    [
        ((4,), Wanted(range=(0, 255)), "takes 4, which is no picture, so --range"),
        ((4, 4), Wanted(size=(2, 2)), "so --size does not go with it. Leave it out."),
        ((32, 32, 3), Wanted(framing="mnist"), "28×28 in grey; the model takes 32×32"),
        ((32, 32, 3), Wanted(mean=(1, 2)), "--mean has 2 numbers"),
        ((3, 32, 32), Wanted(layout="HWC"), "no picture of 1, 3 or 4 channels"),
        ((3073,), Wanted(layout="flat"), "are no square picture"),
    ],
)
def test_an_option_that_does_not_fit_is_refused_in_a_sentence(shape, wanted, words):
    with pytest.raises(ModelError, match=words):
        guessed(shape, wanted=wanted)


def test_the_sizes_that_were_chosen_are_those_of_the_tensor():
    takes = described.picture(None, None, 3)
    found, said = picture.guess(takes, CONVOLUTIONS, Facts(), Wanted())
    assert found is not None and "--size" in options(said)
    (sized,) = picture.sized(takes, found)
    assert sized.shape == (None, None, 3) and sized.whole == (224, 224, 3)
    fixed = described.picture(32, 32, 3)
    assert picture.sized(fixed, guessed((32, 32, 3))[0]) == fixed
    assert picture.sized(takes, None) == takes


def test_whole_numbers_are_what_the_input_makes_of_a_picture():
    takes = described.picture(32, 32, 3, dtype="uint8")
    found, said = picture.guess(takes, CONVOLUTIONS, Facts(), Wanted())
    assert found is not None and (found.dtype, found.scale) == ("uint8", (255.0,))
    assert any("whole numbers" in each for each in said)
