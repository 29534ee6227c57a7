"""What a benchmark compares: samples of times, and whether one version is ahead of another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.benchmark.report import LaneTimes
from models.lanes import YARDSTICK
from models.parity.timing import Ratio, median, ratio_interval

# A quick or a cancelled run claims a lead only where a full one would hardly contradict it. Of
# 4,800 simulated runs of two versions, cut off anywhere, none named another one than all rounds
# did, and 39 one where these found none (162 without): noise of 3 to 25 %, a machine that drifts.
PARTIAL_TURNS = 6
PARTIAL_LEAD = 1.05


@dataclass(frozen=True)
class Lead:
    """How a version compares with a faster one: its time over the other's, and whether it may be
    said that the other is ahead.
    """

    ratio: Ratio
    partial: bool = False

    @property
    def comparable(self) -> bool:
        """Whether there were rounds enough to say anything."""
        return self.ratio.comparable and not (self.partial and self.ratio.times < PARTIAL_TURNS)

    @property
    def sure(self) -> bool:
        """Whether the difference is beyond the noise, for a partial run by a margin."""
        ratio = self.ratio
        least = PARTIAL_LEAD if self.partial else 1.0
        return self.comparable and (ratio.low > least or ratio.high * least < 1.0)


@dataclass(frozen=True)
class Sample:
    """Times of each version in ms, and how many of them each turn measured; empty if unknown."""

    times: Callable[[LaneTimes], Sequence[float]]
    turns: Callable[[LaneTimes], Sequence[int]]

    def lead(self, other: LaneTimes, best: LaneTimes, *, partial: bool = False) -> Lead:
        """How far ``best`` is ahead; ``partial`` in a quick or a cancelled run. Both have times."""
        ratio = ratio_interval(
            self.times(other),
            self.times(best),
            turns=self.turns(other),
            other_turns=self.turns(best),
        )
        return Lead(ratio, partial)


def ranked(lanes: Sequence[LaneTimes], sample: Sample) -> list[LaneTimes]:
    """The measured versions that answered rightly, without the yardstick, the fastest first."""
    timed = [
        each
        for each in lanes
        if each.lane != YARDSTICK
        and not each.is_wrong
        and len(sample.times(each))
        and median(sample.times(each)) > 0
    ]
    return sorted(timed, key=lambda each: median(sample.times(each)))


def formats(lanes: Sequence[LaneTimes], runtime: str) -> Ratio | None:
    """The layers model's time for one image over the graph model's on one runtime.

    None if one of them was not measured, or answered wrongly.
    """
    right = (each for each in lanes if each.lane.runtime == runtime and not each.is_wrong)
    by_format = {each.lane.format: each for each in right}
    layers, graph = by_format.get("layers"), by_format.get("graph")
    if layers is None or graph is None or len(ranked((layers, graph), ONE)) < 2:
        return None
    return ONE.lead(layers, graph).ratio


def best_batch(lane: LaneTimes) -> int | None:
    """The batch size with the most images per second; None if none was measured."""
    measured = [size for size, ms in lane.batches.items() if ms and median(ms) > 0]
    return min(measured, key=lambda size: median(lane.batches[size]) / size, default=None)


def per_image(lane: LaneTimes) -> tuple[float, ...]:
    """Milliseconds per image of each run at the best batch size; empty if none was measured."""
    size = best_batch(lane)
    return () if size is None else tuple(ms / size for ms in lane.batches[size])


def best_turns(lane: LaneTimes) -> tuple[int, ...]:
    """How many of ``per_image``'s times each turn measured; empty if that is not known."""
    size = best_batch(lane)
    return () if size is None else lane.batch_turns.get(size, ())


def images_per_second(lane: LaneTimes, size: int) -> float | None:
    """The median throughput of batches of ``size``; None if not measured."""
    ms = lane.batches.get(size)
    return 1e3 * size / median(ms) if ms and median(ms) > 0 else None


ONE = Sample(lambda each: each.times.steady_ms, lambda each: each.turns)  # of one picture
MANY = Sample(per_image, best_turns)  # of many, each at its best batch size
