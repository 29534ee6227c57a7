"""A model whose channels come first pools on a processor as one whose channels come last."""

from __future__ import annotations

import numpy as np
import tf_keras
from tf_keras import layers

from models.formats.tensors import Tensor
from models.runtimes import tensorflow
from models.runtimes.keras import exact, keras2

NOISE = np.random.default_rng(4).normal(size=(5, 2, 9, 7)).astype(np.float32)


def pooling(order: str, shape: tuple[int, ...]) -> tf_keras.Model:
    kind = {"data_format": order}
    inner = tf_keras.Sequential([layers.AveragePooling2D(2, padding="same", **kind)])
    steps = [layers.Input(shape), layers.MaxPooling2D((3, 2), (2, 1), **kind), inner]
    return tf_keras.Sequential(steps)


def test_pooling_with_channels_first_answers_as_with_channels_last(tmp_path) -> None:
    pooling("channels_first", (2, 9, 7)).save(tmp_path / "first.h5")
    last = pooling("channels_last", (9, 7, 2))
    expected = np.moveaxis(last(np.moveaxis(NOISE, 1, -1)).numpy(), -1, 1)
    model = keras2.read(tmp_path / "first.h5")
    session = tensorflow.inference(model, (Tensor("x", (2, 9, 7)),), tmp_path / "first.h5")
    np.testing.assert_array_equal(session.call((NOISE,))[0], expected)
    twin = exact.as_dtype(model, "float64", tf_keras)
    (found,) = exact.predict(twin, (NOISE,), "float64")
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_what_is_saved_of_it_is_the_models_own(tmp_path) -> None:
    model = pooling("channels_first", (2, 9, 7))
    model.save(tmp_path / "first.h5")
    read = keras2.read(tmp_path / "first.h5")
    assert read.get_config() == model.get_config()
