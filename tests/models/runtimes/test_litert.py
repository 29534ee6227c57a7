"""The yardstick: the Keras model on LiteRT, beside TensorFlow in one process."""

from __future__ import annotations

import numpy as np
import pytest

from models.errors import ModelError
from models.formats.store import SHIPPED
from models.lanes import YARDSTICK, Lane
from models.runtimes import litert, tensorflow


@pytest.fixture(scope="module")
def yardstick():
    return litert.load(SHIPPED)


def test_it_answers_as_keras_does_for_batches_of_any_size(yardstick):
    digits = np.random.default_rng(1).random((40, 28, 28), np.float32)
    expected = tensorflow.load(SHIPPED, "keras").predict(digits)
    for size in (1, 40, 3):
        np.testing.assert_allclose(yardstick.predict(digits[:size]), expected[:size], atol=1e-5)


def test_its_answer_is_not_overwritten_by_the_next(yardstick):
    digits = np.random.default_rng(2).random((2, 1, 28, 28), np.float32)
    first = yardstick.predict(digits[0])
    kept = first.copy()
    yardstick.predict(digits[1])
    np.testing.assert_array_equal(first, kept)


def test_it_is_a_lane_by_name():
    assert str(YARDSTICK) == "keras @ litert"
    assert Lane.parse("keras @ litert") == YARDSTICK
    assert not YARDSTICK.in_browser


def test_a_model_that_cannot_be_read_says_so(tmp_path):
    (tmp_path / "manifest.json").write_text((SHIPPED / "manifest.json").read_text())
    (tmp_path / "mnist_model.h5").write_bytes(b"no model")
    with pytest.raises(ModelError, match="LiteRT cannot run the Keras model"):
        litert.load(tmp_path)
