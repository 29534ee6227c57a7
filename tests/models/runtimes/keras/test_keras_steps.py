"""A Keras model step by step gives what it gives as a whole, and each step its own part."""

from __future__ import annotations

import numpy as np
import pytest

from models.formats import anatomy
from models.formats.tensors import Tensor
from models.runtimes.keras import keras2, keras_steps
from tests.models.bisect import any_models


@pytest.fixture(scope="module")
def model(stepped):
    return keras2.read(stepped / "model.h5")


@pytest.fixture(scope="module")
def batch():
    return np.random.default_rng(0).random((3, 28, 28, 1), np.float32)


def test_every_step_has_the_name_that_the_files_give_it_and_the_last_is_the_answer(
    model, batch, stepped
):
    outputs = keras_steps.run(model, (batch,))
    assert set(outputs) == {part.name for part in anatomy.read(stepped, "keras")}
    np.testing.assert_array_equal(outputs["out"], model(batch, training=False))
    logits = np.asarray(outputs["out before softmax"])
    assert not np.allclose(logits.sum(axis=1), 1)
    assert model.get_layer("out").activation.__name__ == "softmax", "put back"


def test_a_step_takes_what_is_given_in_place_of_what_the_one_before_it_gives(model, batch):
    as_it_is = keras_steps.run(model, (batch,))
    given = {"again": np.zeros((3, 14, 14, 4), np.float32)}
    outputs = keras_steps.run(model, (batch,), given)
    np.testing.assert_array_equal(outputs["again"], as_it_is["again"])
    kernel_only = outputs["again (call 2) before tanh"]
    np.testing.assert_allclose(kernel_only, np.broadcast_to(kernel_only[0, 5, 5], (3, 14, 14, 4)))


def test_a_mask_reaches_the_layers_after_a_given_value():
    from tf_keras import Sequential, layers

    model = Sequential(
        [layers.Input((6, 2)), layers.Masking(name="masked"), layers.LSTM(3, name="read")]
    )
    batch = np.random.default_rng(0).random((2, 6, 2), np.float32)
    batch[:, 4:] = 0
    whole = keras_steps.run(model, (batch,))
    alone = keras_steps.run(model, (batch,), {"masked": np.asarray(whole["masked"])})
    np.testing.assert_array_equal(alone["read"], whole["read"])
    np.testing.assert_array_equal(whole["read"], model(batch))


def test_models_of_several_inputs_and_outputs_within_a_model_give_what_the_whole_gives():
    model = any_models.branches()
    batch = any_models.inputs((Tensor("first", (3,)), Tensor("second", (4,))))
    outputs = keras_steps.run(model, batch)
    whole = model(dict(zip(("first", "second"), batch, strict=True)), training=False)
    np.testing.assert_array_equal(outputs["out"], whole)
    assert {"inner/wide", "inner (call 2)/wide", "inner/narrow", "sums"} <= set(outputs)


def test_a_layer_may_take_a_tensor_many_times():
    from tf_keras import Model, layers

    start = layers.Input((1,))
    model = Model(start, layers.Concatenate(name="same")([start] * 12))
    outputs = keras_steps.run(model, (np.float32([[3]]),))
    np.testing.assert_array_equal(outputs["same"], np.full((1, 12), 3))
