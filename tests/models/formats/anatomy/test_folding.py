"""Models that compute in another float than float32: the converter rounds their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from models.formats import anatomy
from models.formats.anatomy import Part, Weight
from models.formats.anatomy.folding import effective
from models.formats.anatomy.numbers import Numbers, compare_numbers
from tests.support.weight_faults import change_weight, convert, shifted


def compared(folder: Path, form: str) -> Numbers:
    return compare_numbers(anatomy.read(folder, "keras"), anatomy.read(folder, form))


@contextmanager
def computing_in(dtype: str) -> Iterator[None]:
    from tf_keras import mixed_precision

    mixed_precision.set_global_policy(dtype)
    try:
        yield
    finally:
        mixed_precision.set_global_policy(None)  # what it is at the start


def trained_a_little(dtype: str, into: Path) -> Path:
    """Normalisations that hardly scale, some weights near 0: as after an epoch."""
    from tf_keras import Sequential, layers

    with computing_in(dtype):
        model = Sequential(
            [
                layers.Input((28, 28, 1)),
                layers.Conv2D(8, 3, name="conv"),
                layers.BatchNormalization(name="folded"),
                layers.ReLU(),
                layers.Conv2D(4, 5, strides=4, activation="relu", name="second"),
                layers.BatchNormalization(name="alone"),
                layers.Flatten(),
                layers.Dense(10, name="out"),
            ]
        )
        rng = np.random.default_rng(0)
        for each in model.weights:
            about = 1.0 if "gamma" in each.name or "variance" in each.name else 0.0
            each.assign(rng.normal(about, 0.02, each.shape))
        return convert(model, into)


@pytest.mark.parametrize("form", ["graph", "layers"])
@pytest.mark.parametrize("dtype", ["mixed_float16", "float64"])
def test_rounding_to_what_the_converter_writes_is_no_fault(dtype, form, tmp_path):
    found = compared(trained_a_little(dtype, tmp_path / "model"), form)
    assert not found.differ and not found.missing and found.problem is None
    assert len(found.same) == 14


@pytest.mark.parametrize(
    ("dtype", "constant", "array", "by"),
    [
        ("mixed_float16", "conv/Conv2D_weights", "conv/kernel", 1e-3),
        ("mixed_float16", "out/MatMul/Cast", "out/kernel", 1e-3),
        ("float64", "out/MatMul/ReadVariableOp", "out/kernel", 1e-6),
    ],
)
def test_a_fault_beyond_that_rounding_is_found(dtype, constant, array, by, tmp_path):
    folder = trained_a_little(dtype, tmp_path / "model")
    change_weight(folder / "model_graph" / "model.json", constant, shifted(2, by))
    (found,) = compared(folder, "graph").different
    assert array in found.weights


def test_statistics_of_a_normalization_are_a_factor_and_a_sum_with_what_was_added_before():
    mean, variance = np.float32([100, 50]), np.float32([4, 0])
    weights = (Weight("n/mean", mean, "float32", 8), Weight("n/variance", variance, "float32", 8))
    before = Part("r", "Rescaling", settings={"scale": 2.0, "offset": -1.0})
    found = {
        each.how: each
        for each in effective([before, Part("n", "Normalization", (), weights)], False)
    }
    np.testing.assert_allclose(found["as one factor"].value, [0.5, 1e7])
    np.testing.assert_array_equal(found["as one sum"].value, [-101, -51])
    np.testing.assert_array_equal(found["as it is"].value, mean)
