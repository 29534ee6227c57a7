"""A word on speed comes when it is stable, and stands until times contradict it."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from models.parity import timing
from models.parity.advice.faster import SURE, faster

ONE = (1.0, 1.1, 0.9, 1.2, 1.0, 0.8, 1.05, 0.95, 1.15, 0.85)


def slower(factor, times=ONE):
    """As much slower, and never by quite the same."""
    return [each * factor * (1 + 0.01 * (at % 3)) for at, each in enumerate(times)]


def test_a_lane_that_is_ahead_in_every_pair_is_faster():
    assert faster(ONE, slower(1.5)) == "first"
    assert faster(slower(1.5), ONE) == "second"


def test_lanes_that_take_as_long_are_as_fast():
    assert faster(ONE, slower(1.0)) == "neither"


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_few_pairs_say_nothing(count):
    assert faster(ONE[:count], slower(9.0)[:count]) == "unknown"


def test_eight_pairs_of_which_all_say_the_same_are_enough():
    assert faster(ONE[:8], slower(9.0)[:8]) == "first"


def test_pairs_that_contradict_each_other_say_nothing():
    wild = [each * (3 if at % 2 else 1 / 3) for at, each in enumerate(ONE)]
    assert faster(ONE, wild) == "unknown"


def test_what_slows_the_machine_slows_both_and_changes_nothing():
    moments = [1, 1, 20, 1, 5, 1, 1, 80, 1, 1]
    slow = [each * factor for each, factor in zip(ONE, moments, strict=True)]
    assert faster(slow, slower(1.5, slow)) == "first"


def test_times_that_a_coarse_clock_makes_equal_say_nothing():
    assert faster([1.0] * 20, [1.0] * 20) == "unknown"
    assert faster([0.0] * 20, [1.0] * 20) == "first", "equal in no pair"


def test_what_was_told_stands_until_it_is_contradicted():
    near = slower(1.02)
    assert faster(ONE, near, told="first") == "first"
    assert faster(ONE, near) == "neither"
    assert faster(ONE, slower(0.5), told="first") == "second"
    assert faster(ONE, slower(1.5), told="neither") == "first"
    assert faster(ONE[:3], near[:3], told="second") == "second", "nothing contradicts it"


@pytest.mark.parametrize("count", range(0, 220, 7))
def test_the_interval_misses_the_median_as_seldom_as_it_says(count):
    at = timing.rank(count, SURE)
    chances = list(itertools.accumulate(math.comb(count, k) * 0.5**count for k in range(count + 1)))
    allowed = (1 - SURE) / 2
    if at is None:
        assert chances[0] > allowed
    else:
        assert chances[at] <= allowed < chances[at + 1]


@pytest.mark.parametrize("ratio", [1.0, 1.05, 1.1, 1.2, 1.3, 2.0])
@pytest.mark.parametrize("scatter", [0.05, 0.5])
def test_over_a_visit_the_page_changes_its_mind_twice_at_most(ratio, scatter):
    random = np.random.default_rng(3)
    for _ in range(10):
        times, others, told, said = [], [], "unknown", []
        for _digit in range(24):
            moment = np.exp(random.standard_t(3, 8) * 0.5)
            drift = np.exp(random.normal(0, 0.05))
            times += list(moment)
            others += list(moment * ratio * drift * np.exp(random.standard_t(3, 8) * scatter))
            told = faster(times[-200:], others[-200:], told=told)
            said.append(told)
        assert sum(one != other for one, other in itertools.pairwise(said)) <= 2
        assert "second" not in said
