"""Candidates are compared as verify compares lanes, and a changed top class by who means it."""

from __future__ import annotations

import numpy as np
import pytest

from models.parity import rule
from models.parity.judgement import ByRule
from models.verify.hunt import pool
from models.verify.hunt.measure import Measure
from models.verify.hunt.space import Candidates


def test_each_input_has_the_distance_that_the_rule_gives_it_alone() -> None:
    random = np.random.default_rng(0)
    base = random.dirichlet(np.ones(5), size=8)
    other = (base + random.uniform(0, 1e-4, base.shape)).astype(np.float32)
    found = Measure([ByRule("softmax", 1e-3)], "probabilities").scored((base,), (other,))
    alone = [rule.distance(base[[at]], other[[at]], "softmax").largest for at in range(8)]
    assert found.distance == pytest.approx(alone)
    assert found.apart == pytest.approx(np.array(alone) / 1e-3)


def test_of_several_outputs_the_one_counts_that_is_farthest_beyond_its_bound() -> None:
    judges = [ByRule("values", 0.5, 10.0), ByRule("values", 0.01, 1.0)]
    base = (np.zeros((1, 2)), np.zeros((1, 3, 2)))
    other = (np.full((1, 2), 2.0), np.full((1, 3, 2), 0.1))
    found = Measure(judges, "values").scored(base, other)
    assert (found.distance[0], found.bound[0]) == pytest.approx((0.1, 0.01))
    assert found.apart[0] == pytest.approx(10) and found.flips[0] == -np.inf


def test_values_that_are_larger_than_real_ones_are_judged_by_their_own_scale() -> None:
    measure = Measure([ByRule("values", 1e-3, 1.0)], "values")
    found = measure.scored((np.array([[0.5], [100.0]]),), (np.array([[0.6], [100.1]]),))
    assert found.distance == pytest.approx([0.1, 0.001])


@pytest.mark.parametrize(
    ("one", "other", "means"),
    [
        ([0.7, 0.2, 0.1], [0.6, 0.3, 0.1], -np.log(2)),  # the other lacks as much
        ([0.6, 0.3, 0.1], [0.2, 0.7, 0.1], np.log(2)),  # the one means it less
        ([0.5, 0.4, 0.1], [0.4, 0.5, 0.1], np.log(1.25)),
    ],
)
def test_a_changed_top_class_counts_as_much_as_both_mean_it(one, other, means) -> None:
    measure = Measure([ByRule("softmax", 1e-3)], "probabilities")
    found = measure.scored((np.array([one]),), (np.array([other]),))
    assert found.flips[0] == pytest.approx(means)


def test_nan_is_farther_than_anything_and_changes_no_class() -> None:
    measure = Measure([ByRule("softmax", 1e-3)], "probabilities")
    found = measure.scored((np.array([[0.5, 0.5]]),), (np.array([[np.nan, 0.5]]),))
    assert found.apart[0] == np.inf and found.flips[0] == -np.inf


def test_where_neither_lane_gives_numbers_nothing_is_found() -> None:
    nan = np.array([[np.nan, 0.5], [0.5, 0.5]])
    found = Measure([ByRule("softmax", 1e-3)], "probabilities").scored((nan,), (nan,))
    assert found.apart.tolist() == [0, 0]


def test_a_pool_keeps_the_best_and_none_twice() -> None:
    many = pool.SIZE * 3
    scores = np.arange(many, dtype=float)
    first = Candidates(np.zeros(many, np.int64), np.zeros((many, 2), np.float32))
    found = pool.of(first, scores)
    assert found.scores.tolist() == [many - 1 - at for at in range(pool.SIZE)]
    others = Candidates(np.array([1, 0]), np.ones((2, 2), np.float32))
    joined = found.with_others(others, np.array([many + 0.5, many - 1.0]))
    assert joined.scores.tolist() == [many + 0.5, *found.scores[:-1]]
    assert joined.best[0].at.tolist() == [1]
