"""A model whose channels come first answers on a processor as one whose channels come last."""

from __future__ import annotations

import numpy as np
import tf_keras
from tf_keras import layers

from models.formats.tensors import Tensor
from models.runtimes import tensorflow
from models.runtimes.keras import exact, keras2

NOISE = np.random.default_rng(4).normal(size=(5, 2, 9, 7)).astype(np.float32)


def network(order: str, shape: tuple[int, ...]) -> tf_keras.Model:
    kind = {"data_format": order}
    inner = tf_keras.Sequential([layers.AveragePooling2D(2, padding="same", **kind)])
    steps = [
        layers.Input(shape),
        layers.Conv2D(3, (3, 2), padding="same", activation="relu", **kind),
        layers.BatchNormalization(axis=1 if order == "channels_first" else -1),
        layers.Conv2D(4, 2, dilation_rate=2, **kind),
        layers.MaxPooling2D((3, 2), (2, 1), **kind),
        inner,
    ]
    model = tf_keras.Sequential(steps)
    random = np.random.default_rng(2)
    model.set_weights([random.uniform(0.1, 1, each.shape) for each in model.get_weights()])
    return model


def test_channels_first_answer_as_channels_last(tmp_path) -> None:
    network("channels_first", (2, 9, 7)).save(tmp_path / "first.h5")
    last = network("channels_last", (9, 7, 2))
    expected = np.moveaxis(last(np.moveaxis(NOISE, 1, -1)).numpy(), -1, 1)
    model = keras2.read(tmp_path / "first.h5")
    session = tensorflow.inference(model, (Tensor("x", (2, 9, 7)),), tmp_path / "first.h5")
    np.testing.assert_allclose(session.call((NOISE,))[0], expected, rtol=1e-5, atol=1e-6)
    twin = exact.as_dtype(model, "float64", tf_keras)
    (found,) = exact.predict(twin, (NOISE,), "float64")
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_what_is_saved_of_it_is_the_models_own(tmp_path) -> None:
    model = network("channels_first", (2, 9, 7))
    model.save(tmp_path / "first.h5")
    read = keras2.read(tmp_path / "first.h5")
    assert read.get_config() == model.get_config()
