"""The network's contract: shapes, probabilities, and the size that issue and card promise."""

from __future__ import annotations

import numpy as np
import pytest

from models.errors import InputError
from models.train import network

BYTES = 489_080  # float32 weights at most


@pytest.fixture(scope="module")
def model():
    return network.build()


def test_it_maps_a_batch_of_digits_to_probabilities(model):
    answers = model(np.random.default_rng(1).random((3, 28, 28, 1), np.float32)).numpy()
    assert answers.shape == (3, 10)
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)


def test_its_weights_are_small_enough(model):
    assert model.count_params() * 4 <= BYTES


def test_blocks_and_classes_are_what_is_asked_for():
    small = network.build(((4, 4), (8,)), classes=3)
    assert small.output_shape == (None, 3)
    assert small.get_layer("conv3").filters == 8
    assert [each.name for each in small.layers if "pool" in each.name] == ["pool2"]


def test_blocks_are_told_as_text():
    assert network.parse("16-16/32-32/48-48-64-64") == network.BLOCKS


@pytest.mark.parametrize("text", ["", "16-16-a", "16//32", "16-", "16,16"])
def test_other_text_tells_no_blocks_and_says_what_would(text):
    with pytest.raises(InputError, match="as in 16-16/32-32/64"):
        network.parse(text)


def test_every_layer_is_named_alike_each_time(model):
    assert [layer.name for layer in network.build().layers] == [each.name for each in model.layers]


def test_mixed_precision_computes_in_bfloat16_keeps_float32_weights_and_answers_in_them():
    model = network.build(((4, 4), (8,)), precision="mixed_bfloat16")
    assert model.get_layer("conv1").compute_dtype == "bfloat16"
    assert {weight.dtype.name for weight in model.variables} == {"float32"}
    assert model(np.zeros((2, 28, 28, 1), np.float32)).dtype.name == "float32"
