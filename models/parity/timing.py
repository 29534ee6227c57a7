"""Statistics of repeated times: median, 95th percentile, whether two lanes really differ."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
CONFIDENCE = 0.95
FEWEST = 4  # independent times of each: resampling fewer gives an interval that is far too narrow
_NONE = "There are no times to summarise. Measure at least once."


@dataclass(frozen=True)
class Ratio:
    """The ratio of two medians, and its 95 % interval [low, high]; ``times`` is how many
    independent times the one of them that has fewer is the median of.
    """

    value: float
    low: float
    high: float
    times: int

    @property
    def comparable(self) -> bool:
        """Whether there were times enough for the interval to mean something."""
        return self.times >= FEWEST

    @property
    def beyond_noise(self) -> bool:
        """Whether the interval excludes 1, so that the difference is more than chance."""
        return self.comparable and (self.low > 1.0 or self.high < 1.0)


def median(times: Sequence[float]) -> float:
    """The median of at least one time. Raises ValueError for none."""
    if not len(times):
        raise ValueError(_NONE)
    return float(statistics.median(times))  # for so few values faster than NumPy


def median_if_any(times: Sequence[float]) -> float | None:
    """The median of the times; None without times."""
    return median(times) if len(times) else None


def p95(times: Sequence[float]) -> float:
    """The time that 95 % of all stay below. Raises ValueError for none."""
    return quantile(times, 0.95)


def quantile(times: Sequence[float], share: float) -> float:
    """The quantile at ``share`` (0 to 1), linear between neighbours. Raises ValueError for none."""
    if not len(times):
        raise ValueError(_NONE)
    return float(np.quantile(np.asarray(times, np.float64), share))


def factor(ratio: float) -> str:
    """A ratio for a sentence: 1.04, 2.6, 31."""
    if ratio >= 9.95:
        return f"{ratio:,.0f}"
    return f"{ratio:.1f}" if ratio >= 1.95 else f"{ratio:.2f}"


def by_turn(times: Sequence[float], turns: Sequence[int]) -> list[float]:
    """The median of each turn; ``turns`` gives the number of times in each, in order.

    Without turns the times are returned as they are.
    """
    if not turns:
        return list(times)
    ends = itertools.accumulate(turns)
    return [median(times[end - length : end]) for end, length in zip(ends, turns, strict=True)]


def median_interval(times: Sequence[float], turns: Sequence[int] = ()) -> tuple[float, float]:
    """The 95 % interval of the median of at least one time, exact for any distribution (order
    statistics of the turns' medians); of fewer than six turns it is all of them.
    """
    found, middle = sorted(by_turn(times, turns)), median(times)
    at = rank(len(found), CONFIDENCE) or 0
    return min(found[at], middle), max(found[-1 - at], middle)


@lru_cache
def rank(count: int, confidence: float) -> int | None:
    """How many of so many sorted values lie below their median's interval, and how many above it;
    None where all of them are too few to be as sure.
    """
    below, at = 0.0, -1
    while at * 2 < count:
        below += math.comb(count, at + 1) * 0.5**count
        if below > (1 - confidence) / 2:
            break
        at += 1
    return at if at >= 0 else None


def ratio_interval(
    times: Sequence[float],
    others: Sequence[float],
    *,
    turns: Sequence[int] = (),
    other_turns: Sequence[int] = (),
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Ratio:
    """``median(times) / median(others)`` with its 95 % interval by the percentile bootstrap.

    Both are resampled independently, with replacement (Efron and Tibshirani, An Introduction to the
    Bootstrap, 1993, chapter 13). Times of one turn are not independent, since a slowdown of the
    machine lasts longer than a prediction: given turns, their medians are resampled, see
    ``by_turn``. The same seed gives the same interval. Raises ValueError when a list is empty, or
    when ``others`` has a median of 0.
    """
    value = median(others)
    if value <= 0:
        raise ValueError("A ratio to a median of 0 says nothing. The clock is too coarse for it.")
    random = np.random.default_rng(seed)
    independent = [by_turn(times, turns), by_turn(others, other_turns)]
    above, below = (_medians(each, resamples, random) for each in independent)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = above / below
    ratios = np.where(np.isnan(ratios), 1.0, ratios)
    edge = (1 - CONFIDENCE) / 2
    low, high = np.quantile(ratios, [edge, 1 - edge], method="nearest")
    ratio = median(times) / value
    fewest = min(map(len, independent))
    return Ratio(ratio, min(float(low), ratio), max(float(high), ratio), fewest)


def _medians(
    times: Sequence[float], resamples: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """The medians of ``resamples`` samples from ``times``, each as long as ``times``."""
    values = np.asarray(times, np.float64)
    indices = random.integers(0, len(values), (resamples, len(values)))
    medians: NDArray[np.float64] = np.median(values[indices], axis=1)
    return medians
