"""Batches add up: what one of them shows is not lost in the others."""

from __future__ import annotations

import numpy as np
import pytest

from models.bisect.tally import Tally
from models.lanes import Lane
from models.runtimes.activations import Own, Trace


def trace(values) -> Trace:
    return Trace(Lane("graph", "tensorflow"), {"a": np.asarray(values, np.float32)})


def own(values) -> Own:
    return Own({"a": np.asarray(values, np.float32)}, {})


def tally(*batches):
    counted = Tally([("a", "a")])
    for base, other, alone in batches:
        counted.add(trace(base), trace(other), own(alone), {"a": 1e-7})
    (found,) = counted.differences(lambda share: 1e-3 if share is None else 30 * share)
    return found


def test_figures_are_of_the_largest_value_of_all_batches():
    found = tally(([[1.0]], [[1.5]], [[1.1]]), ([[4.0], [2.0]], [[4.0], [2.25]], [[4.0], [2.0]]))
    assert found.shape == (3, 1) and found.worst == (0, 0) and found.scale == 4
    assert found.max_abs == 0.5 and found.mean_abs == pytest.approx(0.25)
    assert found.own == pytest.approx(0.1 / 4) and found.own_allowed == pytest.approx(30e-7 / 4)


def test_a_batch_of_zeros_makes_no_difference_infinite():
    found = tally(([[0.0]], [[1e-6]], [[1e-6]]), ([[1.0]], [[1.0]], [[1.0]]))
    assert found.relative == pytest.approx(1e-6) and found.own == pytest.approx(1e-6)
    assert tally(([[0.0]], [[1.0]], [[1.0]])).own == np.inf


@pytest.mark.parametrize("order", [1, -1])
def test_nan_and_another_shape_in_one_batch_stay(order):
    fine = [[1.0, 2.0]], [[1.0, 2.0]], [[1.0, 2.0]]
    nan = [[1.0, 2.0]], [[1.0, np.nan]], [[1.0, np.nan]]
    found = tally(*[fine, nan][::order])
    assert np.isnan(found.max_abs) and found.faulty and not found.passed
    assert found.worst[1] == 1
    found = tally(*[fine, ([[1.0, 2.0]], [[1.0]], [[1.0]])][::order])
    assert np.isnan(found.max_abs) and found.faulty and "shape is 1" in (found.problem or "")


def test_a_layer_without_values_does_not_differ():
    nothing = np.zeros((1, 0), np.float32)
    found = tally((nothing, nothing, nothing))
    assert found.shape == (1, 0) and found.max_abs == 0 and found.passed and not found.faulty
    found = tally((nothing, np.zeros((1, 2), np.float32), np.zeros((1, 2), np.float32)))
    assert not found.passed and found.faulty
