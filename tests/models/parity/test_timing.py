from __future__ import annotations

import numpy as np
import pytest

from models.parity.timing import by_turn, median, median_interval, p95, quantile, ratio_interval


def test_median_and_p95_are_numpys() -> None:
    times = [5.0, 1.0, 4.0, 2.0, 3.0, 100.0]
    assert median(times) == np.median(times) == 3.5
    assert p95(times) == np.percentile(times, 95)
    assert quantile(times, 1) == 100.0


def test_no_times_have_no_median() -> None:
    with pytest.raises(ValueError, match="Measure at least once"):
        median([])


def test_a_clear_difference_is_beyond_the_noise() -> None:
    random = np.random.default_rng(1)
    slow, fast = random.normal(2.0, 0.05, 40), random.normal(1.0, 0.05, 40)
    ratio = ratio_interval(list(slow), list(fast))
    assert ratio.low < 2.0 < ratio.high
    assert ratio.value == np.median(slow) / np.median(fast)
    assert ratio.beyond_noise
    assert ratio_interval(list(fast), list(slow)).beyond_noise


def test_the_same_times_are_within_the_noise() -> None:
    times = list(np.random.default_rng(2).normal(1.0, 0.2, 30))
    ratio = ratio_interval(times, times)
    assert ratio.value == 1.0
    assert not ratio.beyond_noise


def test_the_interval_holds_the_true_ratio_about_95_times_in_100() -> None:
    random = np.random.default_rng(3)
    held = 0
    for trial in range(200):
        one, other = random.gamma(4, 3.0, 40), random.gamma(4, 2.0, 40)
        ratio = ratio_interval(list(one), list(other), seed=trial, resamples=400)
        held += ratio.low <= 1.5 <= ratio.high
    assert 180 <= held <= 200


def test_what_slows_a_whole_turn_is_noise() -> None:
    """Two equal lanes, with as much noise between turns as within them."""
    random = np.random.default_rng(4)
    turns = [14] * 10

    def lane() -> list[float]:
        together = random.normal(0, 0.1, (10, 1))
        return list(np.exp(together + random.normal(0, 0.1, (10, 14))).ravel())

    beyond = {"in turns": 0, "as if apart": 0}
    for trial in range(200):
        one, other = lane(), lane()
        apart = ratio_interval(one, other, seed=trial, resamples=300)
        known = ratio_interval(
            one, other, turns=turns, other_turns=turns, seed=trial, resamples=300
        )
        beyond["as if apart"] += apart.beyond_noise
        beyond["in turns"] += known.beyond_noise
    assert beyond["in turns"] <= 20, "about 5 in 100 by chance"
    assert beyond["as if apart"] > 50, "else this test shows nothing"


def test_a_turns_median_stands_for_it() -> None:
    assert by_turn([1.0, 2.0, 9.0, 4.0], [3, 1]) == [2.0, 4.0]
    assert by_turn([1.0, 2.0], []) == [1.0, 2.0]


def test_the_same_seed_gives_the_same_interval() -> None:
    times, others = [1.0, 2.0, 3.0], [2.0, 2.5, 4.0]
    assert ratio_interval(times, others) == ratio_interval(times, others)


def test_a_clock_too_coarse_for_a_ratio_says_so() -> None:
    with pytest.raises(ValueError, match="too coarse"):
        ratio_interval([1.0], [0.0, 0.0])


def test_one_zero_among_the_times_does_no_harm() -> None:
    ratio = ratio_interval([0.0, 1.0, 1.0], [0.0, 1.0, 1.0])
    assert ratio.value == 1.0
    assert np.isnan([ratio.low, ratio.high]).sum() == 0


def test_the_interval_is_of_turns_which_are_slow_or_fast_as_a_whole() -> None:
    times = [1.0] * 5 + [2.0] * 5 + [3.0] * 5
    assert median_interval(times, [5, 5, 5]) == (1.0, 3.0)
    assert median_interval(times) == (1.0, 3.0)
    assert median_interval([1.0, *[2.0] * 30, 3.0]) == (2.0, 2.0)


def test_nineteen_in_twenty_intervals_hold_the_true_median() -> None:
    random = np.random.default_rng(2)
    inside = 0
    for _ in range(2_000):
        low, high = median_interval(random.lognormal(0, 0.3, 12).tolist())
        inside += low <= 1.0 <= high
    assert inside >= 0.94 * 2_000
