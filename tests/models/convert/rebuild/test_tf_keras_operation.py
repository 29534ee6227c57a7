"""What a model of Keras 3 computes between its layers is computed by layers of tf_keras."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from models.convert.rebuild import keras3
from models.errors import ModelError
from models.formats.tensors import Tensor
from models.runtimes.keras import calling

SHAPE = (6, 6, 3)
GIVEN = np.random.default_rng(2).uniform(0, 255, (8, *SHAPE)).astype(np.float32)
MEAN, DEVIATION = np.float32([104, 117, 123]), np.float32([58, 57, 59])


def rebuilt(compute):
    """The model of Keras 3 that computes so, and its rebuild."""
    start = keras.layers.Input(SHAPE, name="start")
    model = keras.Model(start, keras.layers.Dense(2)(keras.layers.Flatten()(compute(start))))
    return model, keras3.rebuild("m.keras", model, (Tensor("start", SHAPE),), (GIVEN,))


@pytest.mark.parametrize(
    "compute, kinds",
    [
        (lambda x: x / 127.5 - 1.0, ["Rescaling", "Rescaling"]),
        (lambda x: 1 - 2 * x, ["Rescaling", "Rescaling"]),
        (lambda x: -(0.5 + x), ["Rescaling", "Rescaling"]),
        (lambda x: (x - MEAN) / DEVIATION, ["BatchNormalization"] * 2),
        (lambda x: x + x, ["Add"]),
        (lambda x: x * x, ["Multiply"]),
        (keras.activations.relu, ["ReLU"]),
        (keras.ops.relu6, ["ReLU"]),
        (lambda x: keras.ops.leaky_relu(x - 100, 0.3), ["Rescaling", "LeakyReLU"]),
        (lambda x: keras.activations.sigmoid(x / 255), ["Rescaling", "Activation"]),
        (lambda x: keras.ops.softmax(x / 255), ["Rescaling", "Softmax"]),
        (lambda x: keras.ops.concatenate([x, x], axis=-1), ["Concatenate"]),
    ],
)
def test_an_operation_becomes_a_layer_that_both_formats_have(compute, kinds):
    model, found = rebuilt(compute)
    made = [type(each).__name__ for each in found.model.layers]
    assert made == ["InputLayer", *kinds, "Flatten", "Dense"]
    (change,) = found.changes
    assert change.startswith("What is computed between the layers is by layers: ")
    assert change.count(",") == len(kinds) - 1
    (wanted,), (answers,) = (calling.outputs(each, (GIVEN,)) for each in (model, found.model))
    np.testing.assert_allclose(answers, wanted, rtol=1e-4, atol=1e-4)


def test_behind_a_convolution_a_number_is_added_by_a_normalization():
    """TensorFlow would take the single number for a bias, and refuse to run the graph."""
    convolution = keras.layers.Conv2D(2, 3, use_bias=False)
    _, found = rebuilt(lambda x: convolution(x) * 0.5 + 3.0)
    made = [type(each).__name__ for each in found.model.layers]
    assert made[1:4] == ["Conv2D", "BatchNormalization", "BatchNormalization"]


def caffe(x):
    """As vgg16 and resnet50 have it: blue, green and red, each less its mean."""
    return keras.applications.vgg16.preprocess_input(x)


@pytest.mark.parametrize("order", [lambda x: x[..., ::-1], lambda x: x[:, :, :, 1:], caffe])
def test_colours_in_another_order_are_chosen_by_a_convolution(order):
    model, found = rebuilt(order)
    allowed = {"InputLayer", "Conv2D", "Reshape", "Concatenate", "BatchNormalization"}
    assert {type(each).__name__ for each in found.model.layers[:-2]} <= allowed
    (wanted,), (answers,) = (calling.outputs(each, (GIVEN,)) for each in (model, found.model))
    np.testing.assert_allclose(answers, wanted, rtol=1e-4, atol=1e-3)


def test_a_number_for_each_row_is_refused():
    rows = np.arange(6, dtype=np.float32).reshape(6, 1, 1)
    with pytest.raises(ModelError, match=r"its layer add.*computes what the operation Add does"):
        rebuilt(lambda x: x + rows)


def test_a_part_of_a_picture_is_refused():
    with pytest.raises(ModelError, match=r"its layer get_item.*takes such a part"):
        rebuilt(lambda x: x[:, 1:])


def test_an_operation_that_no_layer_is_for_is_refused_by_its_name():
    with pytest.raises(ModelError, match=r"its layer sort.*: no layer of tf_keras computes what"):
        rebuilt(keras.ops.sort)
