"""All that is guessed of a model: what it takes and gives, with a sentence for each guess."""

from __future__ import annotations

import re
from dataclasses import asdict

import numpy as np
import pytest

from models.convert.guess import whole
from models.errors import ModelError
from models.formats.labels import Facts
from models.formats.wanted import Wanted
from tests.models.convert.guess.described import convolutions, layer, layers, picture, row

PHOTO = convolutions(layer("Rescaling", scale=1 / 255, offset=0.0), last=None)


def guessed(takes, gives, description, facts=None, wanted=None, **more):
    return whole.model(takes, gives, description, facts or Facts(), wanted or Wanted(), **more)


def options(sentences):
    return {each for sentence in sentences for each in re.findall(r"--[a-z]+", sentence)}


def test_a_photo_model_of_free_size_with_logits_and_labels():
    beside = Facts(tuple("abcde"), source="labels.txt")
    found = guessed(picture(None, None, 3), row(5), PHOTO, beside)
    assert found.input is not None and found.input.shape == (224, 224, 3)
    assert found.input.scale == (255.0,) and found.answers == "logits"
    assert found.tensors[0].whole == (224, 224, 3) and found.classes == tuple("abcde")
    expected = {"--size", "--range", "--order", "--fit", "--interpolation", "--answers"}
    assert options(found.assumed) == expected | {"--classes"}


def test_with_all_options_nothing_is_assumed():
    wanted = Wanted(
        (0, 1), size=(96, 96), order="rgb", fit="cover", answers="logits", classes=tuple("abcde")
    )
    found = guessed(picture(None, None, 3), row(5), PHOTO, wanted=wanted)
    assert found.assumed == () and found.classes == tuple("abcde")


def test_one_sigmoid_is_two_classes():
    found = guessed(picture(28, 28, 1), row(1), convolutions(last="sigmoid"))
    assert (found.answers, found.classes) == ("sigmoid", ("0", "1"))


@pytest.mark.parametrize(
    "last, answers, classes", [("softmax", "probabilities", 3), (None, "values", 0)]
)
def test_a_table_is_no_picture_but_may_have_classes(last, answers, classes):
    description = layers(layer("Dense", activation="relu"), layer("Dense", activation=last))
    found = guessed(picture(4), row(3), description)
    assert found.input is None and found.answers == answers and len(found.classes) == classes


def test_names_for_a_graph_that_does_not_say_its_outputs_wait_for_its_answers():
    wanted = Wanted(classes=("a", "b"), layout="none")
    assert guessed(picture(4), row(None), None, wanted=wanted).classes == ()
    found = guessed(picture(4), row(None), None, wanted=wanted, answers=np.array([[0.4, 0.6]]))
    assert (found.answers, found.classes) == ("probabilities", ("a", "b"))
    with pytest.raises(ModelError, match="The model has 3 classes; 2 were named"):
        guessed(picture(4), row(None), None, wanted=wanted, answers=np.array([[0.4, 0.5, 0.1]]))


def test_a_graph_that_does_not_say_its_outputs_is_asked():
    shares = np.full((4, 6), 1 / 6)
    found = guessed(picture(28, 28, 1), row(None), None, answers=shares)
    assert found.answers == "probabilities" and len(found.classes) == 6


def test_each_sentence_fits_a_manifest():
    found = guessed(picture(None, None, 3), row(5), PHOTO)
    assert all(len(each) < 300 and "\n" not in each for each in found.assumed)
    assert asdict(found)["assumed"] == found.assumed
