"""Which version is the one to ship, and what comes close to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.benchmark.report import LaneTimes
from models.lanes import Format
from models.parity.advice.recommendation import SMALLER
from models.parity.timing import Ratio, median, ratio_interval


@dataclass(frozen=True)
class Lead:
    """The version to ship; ``other`` is the other format on its backend and ``second`` the fastest
    on another backend. ``is_either``: the two formats are as fast and about as large.
    """

    best: LaneTimes
    other: LaneTimes | None
    second: LaneTimes | None
    is_either: bool = False

    @property
    def is_told(self) -> bool:
        """Whether enough was measured to say so."""
        return all(times(each, self.best).comparable for each in self.rivals)

    @property
    def rivals(self) -> list[LaneTimes]:
        """What the best is compared with."""
        return [each for each in (self.other, self.second) if each is not None]


def lead(right: Sequence[LaneTimes], sizes: Mapping[Format, int]) -> Lead:
    """The fastest in the browser, or on the server where no browser was measured; of two formats
    that are as fast the one that is much smaller.
    """
    asked = [each for each in right if each.lane.in_browser] or list(right)
    best = min(asked, key=middle)
    there = [each for each in asked if each.lane.runtime == best.lane.runtime and each is not best]
    other = next(iter(there), None)
    elsewhere = [each for each in asked if each.lane.runtime != best.lane.runtime]
    second = min(elsewhere, key=middle, default=None)
    if other is None or not is_even(times(other, best)):
        return Lead(best, other, second)
    if _is_smaller(other, best, sizes):
        best, other = other, best
    return Lead(best, other, second, is_either=not _is_smaller(best, other, sizes))


def times(other: LaneTimes, best: LaneTimes) -> Ratio:
    """How long the other one takes, as a multiple of the best."""
    return ratio_interval(
        other.times.steady_ms,
        best.times.steady_ms,
        turns=other.turns,
        other_turns=best.turns,
    )


def is_even(ratio: Ratio) -> bool:
    """Whether enough was measured to say that neither is faster."""
    return ratio.comparable and not ratio.beyond_noise


def _is_smaller(one: LaneTimes, other: LaneTimes, sizes: Mapping[Format, int]) -> bool:
    its, others = (sizes.get(each.lane.format, 0) for each in (one, other))
    return 0 < its * SMALLER < others


def middle(lane: LaneTimes) -> float:
    """The median time of one picture in ms. The version has times."""
    return median(lane.times.steady_ms)
