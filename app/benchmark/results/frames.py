"""A benchmark's times as data frames for its charts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from app.benchmark.comparing import images_per_second
from app.benchmark.report import LaneTimes
from app.ui import version_names
from models.lanes import Lane
from models.parity.timing import median, median_if_any

_NAMES = ("lane", "runtime", "version")  # as code and as pages name it
KINDS = ("load", "first", "steady p50")
_MOST_TICKS = 100  # per lane; more cannot be told apart


def steady(lanes: Sequence[LaneTimes]) -> pd.DataFrame:
    """Columns ``_NAMES``, ms, p50: one row per prediction, at most ``_MOST_TICKS`` per lane."""
    rows = [
        (*_names(each.lane), ms, median(each.times.steady_ms))
        for each in lanes
        for ms in _thinned(each.times.steady_ms)
        if ms > 0  # a log scale cannot show 0
    ]
    return pd.DataFrame(rows, columns=[*_NAMES, "ms", "p50"])


def throughput(lanes: Sequence[LaneTimes]) -> pd.DataFrame:
    """Columns ``_NAMES``, batch, images: the median images per second of each batch size."""
    rows = [
        (*_names(each.lane), size, images)
        for each in lanes
        for size in each.batches
        if (images := images_per_second(each, size)) is not None
    ]
    return pd.DataFrame(rows, columns=[*_NAMES, "batch", "images"])


def stages(lanes: Sequence[LaneTimes]) -> pd.DataFrame:
    """Columns ``_NAMES``, kind, ms: load, first and the median of the steady predictions."""
    rows = []
    for each in lanes:
        warm = median_if_any(each.times.steady_ms)
        for kind, ms in zip(KINDS, (each.times.load_ms, each.times.first_ms, warm), strict=True):
            if ms is not None and ms > 0:
                rows.append((*_names(each.lane), kind, ms))
    return pd.DataFrame(rows, columns=[*_NAMES, "kind", "ms"])


def _names(lane: Lane) -> tuple[str, str, str]:
    return str(lane), lane.runtime, version_names.on_backend(lane)


def _thinned(times: Sequence[float]) -> Sequence[float]:
    """At most ``_MOST_TICKS`` of the times, evenly spaced by rank, with both ends."""
    if len(times) <= _MOST_TICKS:
        return times
    ranked, last = sorted(times), len(times) - 1
    return [ranked[round(tick * last / (_MOST_TICKS - 1))] for tick in range(_MOST_TICKS)]
