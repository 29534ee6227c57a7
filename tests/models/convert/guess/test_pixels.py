"""The range of a model's pixels: told by its file, or guessed and said so."""

from __future__ import annotations

import numpy as np
import pytest

from models.convert.guess import numbers, pixels
from models.convert.guess.pixels import GREY, SIGNED, UNIT
from models.errors import ModelError
from models.formats.labels import Facts
from models.formats.model_input import Input
from models.formats.wanted import Wanted
from tests.models.convert.guess.described import convolutions, graph, layer, layers, picture

PHOTO, SMALL, DIGIT = (
    Input(shape, framing="none") for shape in ((224, 224, 3), (32, 32, 3), (28, 28, 1))
)


def known(**arrays):
    """Numbers of a file, by name and role."""
    found = {key.replace("__", "/"): np.array(value, float) for key, value in arrays.items()}
    return lambda name, role="": found.get(f"{name}/{role}" if role else name)


def guessed(description, taken=SMALL, facts=None, dtype="float32", of=numbers.unknown):
    (tensor,) = picture(*taken.shape, dtype=dtype)
    found, said = pixels.guess(tensor, taken, description, facts or Facts(), of)
    (sentence,) = said
    assert sentence.startswith(f"Pixels are taken from {pixels.shown(found)}, as ")
    assert all(pixels.option(each) in sentence for each in (UNIT, GREY, SIGNED) if each != found)
    return found, sentence


def rescaling(scale, offset=0.0):
    return layer("Rescaling", scale=scale, offset=offset)


TOLD = [
    (GREY, convolutions(rescaling(1 / 255))),
    (GREY, convolutions(rescaling(1 / 127.5, -1))),
    (GREY, convolutions(rescaling([1 / 127.5, 1 / 120, 1 / 50], [-1, -1, -1]))),
    (GREY, convolutions(layer("RandomFlip"), layer("Resizing"), rescaling(1 / 255))),
    (UNIT, convolutions(rescaling(255))),
    (UNIT, convolutions(rescaling(2, -1))),
    (SIGNED, convolutions(rescaling(127.5, 127.5))),
    (GREY, convolutions(layer("Normalization", mean=[[127, 120, 99]], variance=[[60**2] * 3]))),
    (UNIT, convolutions(layer("Normalization", mean=[0.48, 0.45, 0.4], variance=[0.05] * 3))),
    (SIGNED, convolutions(layer("Normalization", mean=-0.74, variance=0.38))),
    (GREY, convolutions(layer("TFOpLambda", function="math.truediv", numbers=(127.5,)))),
    (GREY, convolutions(layer("TrueDivide", numbers=(255,)))),
    (
        GREY,
        convolutions(
            layer("SlicingOpLambda", function="__operators__.getitem"),
            layer("TFOpLambda", function="nn.bias_add", numbers=(-103.9, -116.8, -123.7)),
        ),
    ),
    (SIGNED, convolutions(layer("TFOpLambda", function="math.add", numbers=(1,)))),
    (UNIT, convolutions(layer("TFOpLambda", function="math.multiply", numbers=(2,)))),
]


@pytest.mark.parametrize("expected, description", TOLD)
def test_a_model_that_scales_its_pixels_itself_tells_their_range(expected, description):
    found, sentence = guessed(description)
    assert found == expected and "the model scales them by itself" in sentence


def test_a_preprocessing_model_inside_is_seen():
    inner = layer("Sequential", layers=[])
    description = layers(inner, layer("InputLayer", "sequential"), rescaling(1 / 255))
    assert guessed(description)[0] == GREY


@pytest.mark.parametrize("mean, deviation, expected", [(127, 60, GREY), (0.4, 0.2, UNIT)])
def test_adapted_and_learned_statistics_are_looked_up_in_the_file(mean, deviation, expected):
    statistics = {"mean": [mean] * 3, "variance": [deviation**2] * 3}
    adapted = known(**{f"normalization__{key}": each for key, each in statistics.items()})
    assert guessed(convolutions(layer("Normalization")), of=adapted)[0] == expected
    learned = {f"batchnormalization__moving_{key}": each for key, each in statistics.items()}
    assert guessed(convolutions(layer("BatchNormalization")), of=known(**learned))[0] == expected


def test_statistics_that_nobody_learned_tell_nothing():
    untrained = known(
        batchnormalization__moving_mean=[0, 0, 0], batchnormalization__moving_variance=[1, 1, 1]
    )
    found, sentence = guessed(convolutions(layer("BatchNormalization")), of=untrained)
    assert found == UNIT and "nothing in the file says otherwise" in sentence
    assert "by itself" not in guessed(convolutions(layer("Normalization")))[1]  # its file unread


def test_statistics_of_no_usual_range_are_said_to_fit_none():
    digits = layer("Normalization", mean=4.9, variance=36.0)  # scikit-learn's, from 0 to 16
    found, sentence = guessed(convolutions(digits), DIGIT)
    assert found == UNIT and "fits no usual range" in sentence


@pytest.mark.parametrize(
    "expected, operations",
    [
        (GREY, [("Const", "c", ""), ("Cast", "a", "x"), ("Mul", "b", "a c")]),
        (GREY, [("Const", "c", ""), ("Const", "x2", ""), ("Sub", "b", "x big")]),
        (SIGNED, [("Const", "c", ""), ("AddV2", "b", "x one")]),
        (UNIT, [("Const", "c", ""), ("RealDiv", "b", "x half")]),
    ],
)
def test_a_graph_tells_it_by_its_first_operation(expected, operations):
    constants = [("Const", name, "") for name in ("big", "one", "half")]
    of = known(c=[1 / 255], big=[127.5], one=[1], half=[0.5])
    assert guessed(graph(*constants, *operations), of=of)[0] == expected


def test_a_graph_that_begins_with_a_convolution_tells_nothing():
    assert "nothing in the file" in guessed(graph(("Conv2D", "a", "x w")))[1]


def relu6(taken=PHOTO, **more):
    return guessed(convolutions(layer("ReLU", max_value=6.0)), taken, **more)


def test_mobilenets_take_minus_1_to_1_and_that_is_said():
    found, sentence = relu6()
    assert found == SIGNED and "MobileNets" in sentence
    fused = graph(("Const", "c", ""), ("Relu6", "a", "x"))
    assert guessed(fused, PHOTO)[0] == SIGNED
    assert relu6(SMALL)[0] == UNIT
    assert guessed(convolutions(), PHOTO)[0] == UNIT


def test_what_the_file_tells_counts_more_than_what_such_models_take():
    scaled = convolutions(rescaling(1 / 255), layer("ReLU", max_value=6.0))
    assert guessed(scaled, PHOTO)[0] == GREY


def test_teachable_machine_takes_minus_1_to_1():
    found, sentence = guessed(None, PHOTO, Facts(teachable=True))
    assert found == SIGNED and "Teachable Machine" in sentence
    inner = [layer("Sequential", layers=[]), layer("Conv2D", "a"), layer("ReLU", "a", max_value=6)]
    head = [layer("Sequential", layers=[]), layer("Dense", "b", use_bias=False)]
    assert "Teachable Machine" in guessed(layers(*inner, *head), PHOTO)[1]
    biased = [layer("Sequential", layers=[]), layer("Dense", "b", use_bias=True)]
    assert "Teachable Machine" not in guessed(layers(*inner, *biased), PHOTO)[1]


@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_whole_numbers_go_to_255(dtype):
    assert guessed(convolutions(), dtype=dtype)[0] == GREY


def test_a_digit_and_a_model_without_a_description_go_from_0_to_1():
    assert guessed(convolutions(), DIGIT)[0] == guessed(None)[0] == UNIT


def test_a_mean_and_a_deviation_make_a_scale_for_each_channel():
    wanted = Wanted(mean=(0.5, 0.4, 0.3), std=(0.25, 0.5, 0.1))
    taken, said = pixels.wanted_range(wanted)
    assert taken == UNIT and "--range 0..255 changes it" in said[0]
    scale, offset = pixels.affine(wanted, taken, 3)
    assert np.allclose(scale, [4, 2, 10]) and np.allclose(offset, [-2, -0.8, -3])


def test_large_means_are_of_pixels_up_to_255():
    caffe = Wanted(mean=(103.9, 116.8, 123.7))
    taken, _ = pixels.wanted_range(caffe)
    scale, offset = pixels.affine(caffe, taken, 3)
    assert taken == GREY and scale == (255.0,) * 3 and offset == (-103.9, -116.8, -123.7)
    assert pixels.wanted_range(Wanted(range=UNIT, mean=(2,))) == (UNIT, [])
    assert pixels.wanted_range(Wanted()) is None


@pytest.mark.parametrize("wanted", [Wanted(mean=(1, 2, 3)), Wanted(std=(1, 2))])
def test_a_mean_for_channels_that_a_picture_has_not_is_refused(wanted):
    with pytest.raises(ModelError, match=r"has \d numbers, where a picture has 1 channel\."):
        pixels.affine(wanted, UNIT, 1)
