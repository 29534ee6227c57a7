"""Gradients wake what sleeps, without changing what is computed."""

from __future__ import annotations

import numpy as np
import pytest

from models.errors import ModelError
from models.verify.hunt.slopes import Slopes
from tests.models.verify.hunt import planted


def test_a_unit_that_no_digit_wakes_is_woken_first_and_has_a_slope() -> None:
    slopes, real = planted.slopes(), planted.ground().real
    assert slopes.units[0] == ("hidden", planted.RARE)
    few = (real[0][:2],)
    (up,) = slopes.wake(few, [("hidden", planted.RARE), ("hidden", planted.BUSY)], 1.0)
    way = up[0].ravel() @ planted.network().first[:, planted.RARE]
    assert way > 0
    (down,) = slopes.wake(few, [("hidden", planted.RARE), ("hidden", planted.BUSY)], -1.0)
    assert np.allclose(down, -up)


def test_of_a_model_of_keras_3_no_layer_is_watched() -> None:
    import keras

    inputs = keras.Input((28, 28, 1))
    outputs = keras.layers.Dense(3, activation="softmax")(keras.layers.Flatten()(inputs))
    with pytest.raises(ModelError, match="Keras 3 cannot be watched"):
        Slopes(keras.Model(inputs, outputs), (planted.ground().real[0][:3],))
