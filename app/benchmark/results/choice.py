"""Which version is the one to ship, and what comes close to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.benchmark.comparing import ONE, Lead
from app.benchmark.report import LaneTimes
from models.lanes import Format
from models.parity.advice.recommendation import SMALLER
from models.parity.timing import median


@dataclass(frozen=True)
class Choice:
    """The version to ship; ``other`` is the other format on its backend and ``second`` the fastest
    on another backend. ``is_either``: the two formats are as fast and about as large. ``partial``
    says that the run was a quick or a cancelled one.
    """

    best: LaneTimes
    other: LaneTimes | None
    second: LaneTimes | None
    partial: bool
    is_either: bool = False

    @property
    def is_told(self) -> bool:
        """Whether enough was measured to say so."""
        rivals = [each for each in (self.other, self.second) if each is not None]
        return all(self.ahead_of(each).comparable for each in rivals)

    def ahead_of(self, rival: LaneTimes) -> Lead:
        """How far the best is ahead of another version."""
        return ONE.lead(rival, self.best, partial=self.partial)

    def is_even_with(self, rival: LaneTimes) -> bool:
        """Whether enough was measured to say that neither is faster."""
        lead = self.ahead_of(rival)
        return lead.comparable and not lead.sure


def choose(right: Sequence[LaneTimes], sizes: Mapping[Format, int], *, partial: bool) -> Choice:
    """The fastest in the browser, or on the server where no browser was measured; of two formats
    that are as fast the one that is much smaller.
    """
    asked = [each for each in right if each.lane.in_browser] or list(right)
    best = min(asked, key=middle)
    there = [each for each in asked if each.lane.runtime == best.lane.runtime and each is not best]
    other = next(iter(there), None)
    elsewhere = [each for each in asked if each.lane.runtime != best.lane.runtime]
    second = min(elsewhere, key=middle, default=None)
    found = Choice(best, other, second, partial)
    if other is None or not found.is_even_with(other):
        return found
    if _is_smaller(other, best, sizes):
        best, other = other, best
    return Choice(best, other, second, partial, is_either=not _is_smaller(best, other, sizes))


def _is_smaller(one: LaneTimes, other: LaneTimes, sizes: Mapping[Format, int]) -> bool:
    its, others = (sizes.get(each.lane.format, 0) for each in (one, other))
    return 0 < its * SMALLER < others


def middle(lane: LaneTimes) -> float:
    """The median time of one picture in ms. The version has times."""
    return median(lane.times.steady_ms)
