"""How far two traces are apart at each layer."""

from __future__ import annotations

import numpy as np
import pytest

from models.bisect.layer_difference import (
    ATOL,
    RTOL,
    LayerDifference,
    first_divergent,
    first_faulty,
    smallest_rtol,
)
from models.bisect.tally import compare
from models.lanes import Lane
from models.runtimes.activations import Trace


def trace(**outputs) -> Trace:
    lane = Lane("graph", "tensorflow")
    return Trace(lane, {key: np.asarray(value, np.float32) for key, value in outputs.items()})


def only(base, other):
    (difference,) = compare(trace(a=base), trace(b=other), [("a", "b")])
    return difference


def test_the_figures_are_those_of_numpy():
    rng = np.random.default_rng(0)
    base, other = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(2, 3, 4, 5))
    difference = only(base, other)
    far = np.abs(other.astype(np.float32).astype(np.float64) - base.astype(np.float32))
    assert difference.max_abs == far.max()
    assert difference.mean_abs == pytest.approx(far.mean())
    assert far[difference.worst] == far.max()
    assert difference.scale == pytest.approx(np.abs(base).max())
    assert difference.relative == pytest.approx(far.max() / np.abs(base).max())
    assert difference.shape == (2, 3, 4, 5) and not difference.passed


def test_the_tolerance_grows_with_the_layers_largest_value():
    assert only([[100.0, 0.0]], [[100.0, 0.9 * 100 * RTOL]]).passed
    assert not only([[1.0, 0.0]], [[1.0, 0.9 * 100 * RTOL]]).passed
    assert only([[0.0]], [[0.5 * ATOL]]).passed


def test_nan_never_passes():
    assert not only([[1.0, 2.0]], [[1.0, np.nan]]).passed
    assert only([[1.0, 2.0]], [[np.nan, 2.0]]).worst == (0, 0)
    assert only([[np.inf]], [[np.inf]]).max_abs == 0


def test_an_infinity_excuses_no_difference():
    each = only([[np.inf, 1.0]], [[np.inf, 100.0]])
    assert not each.passed and each.worst == (0, 1)
    assert each.scale == 1 and each.relative == 99
    assert only([[np.inf, 1.0]], [[np.inf, 1.0]]).passed
    for base, other in [(np.inf, -np.inf), (np.inf, 1.0), (1.0, np.inf), (np.nan, np.nan)]:
        assert not only([[base, 1.0]], [[other, 1.0]]).passed


def test_a_layer_passes_from_the_smallest_tolerance_on():
    pairs = [("a", "a")]
    for base, other in [([[100.0, 0.0]], [[100.0, 3.0]]), ([[1e-8, 0.0]], [[1e-8, 5e-8]])]:
        traces = trace(a=base), trace(a=other)
        smallest = smallest_rtol(compare(*traces, pairs))
        assert compare(*traces, pairs, rtol=smallest * (1 + 1e-9))[0].passed
        assert not compare(*traces, pairs, rtol=smallest * (1 - 1e-9))[0].passed
    other = compare(*traces, pairs, atol=2 * ATOL)
    assert smallest_rtol(other) == pytest.approx(3)


def test_the_smallest_tolerance_is_0_infinite_or_nan_at_the_extremes():
    assert smallest_rtol([only([[0.0]], [[0.1 * ATOL]])]) == 0
    assert smallest_rtol([only([[0.0]], [[10 * ATOL]])]) == np.inf
    assert np.isnan(smallest_rtol([only([[1.0]], [[1.0]]), only([[0.0]], [[np.nan]])]))
    assert np.isnan(smallest_rtol([only(np.zeros((1, 4)), np.zeros((1, 2)))]))


def test_another_shape_diverges_and_says_so():
    each = only(np.zeros((1, 4, 4)), np.zeros((1, 2, 2)))
    assert not each.passed
    assert each.problem == "its shape is 2×2 where the reference has 4×4"


def test_the_first_beyond_the_tolerance_is_named_and_the_order_is_the_pairs_own():
    base = trace(a=[[1.0]], b=[[1.0]], c=[[1.0]])
    other = trace(c=[[1.5]], b=[[1.1]], a=[[1.0]])
    differences = compare(base, other, [("a", "a"), ("b", "b"), ("c", "c"), ("gone", "a")])
    assert [each.layer for each in differences] == ["a", "b", "c"]
    first = first_divergent(differences)
    assert first is not None and first.layer == "b"
    assert smallest_rtol(differences) == pytest.approx(0.5)
    assert first_divergent(differences[:1]) is None and smallest_rtol(differences[:1]) == 0


def test_an_input_that_was_rounded_is_no_layer_that_parts():
    def apart(layer, own=None):
        figures = {"max_abs": 0.1, "mean_abs": 0.1, "scale": 1.0, "worst": (0,), "allowed": 1e-5}
        return LayerDifference(layer, layer, (1,), **figures, own=own)

    differences = [apart("given"), apart("dense", own=0.1)]
    feeds = {"dense": ("given",)}
    assert first_faulty(differences, feeds).layer == "given"
    assert first_faulty(differences, feeds, ["given"]).layer == "dense"
