"""Two machines' reports side by side: each lane with the factor between them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from app.benchmark.findings import TOO_SELDOM, best_turns, per_image
from app.benchmark.report import LaneTimes, Report
from models.parity.timing import factor, median_if_any, ratio_interval

TIMES = ("p50 here", "p50 in the file")
COLUMNS = ("lane", "p50 here", "p50 in the file", "one image", "images/s here")
COLUMNS_FILE = ("images/s in the file", "many images")


def table(here: Report, other: Report) -> pd.DataFrame:
    """One row per lane that both measured: medians in ms, best images/s, which is faster."""
    others = {each.lane: each for each in other.lanes}
    rows = [_row(each, others[each.lane]) for each in here.lanes if each.lane in others]
    return pd.DataFrame(rows, columns=[*COLUMNS, *COLUMNS_FILE])


def unshared(here: Report, other: Report) -> list[str]:
    """The lanes that only one of the two measured."""
    return sorted(str(lane) for lane in _lanes(here) ^ _lanes(other))


def _lanes(report: Report) -> set[object]:
    return {each.lane for each in report.lanes}


def _row(here: LaneTimes, other: LaneTimes) -> tuple[object, ...]:
    mine, theirs = here.times.steady_ms, other.times.steady_ms
    my_rate, their_rate = per_image(here), per_image(other)
    return (
        str(here.lane),
        median_if_any(mine),
        median_if_any(theirs),
        faster(mine, theirs, here.turns, other.turns),
        _rate(my_rate),
        _rate(their_rate),
        faster(my_rate, their_rate, best_turns(here), best_turns(other)),
    )


def faster(
    here: Sequence[float],
    other: Sequence[float],
    turns: Sequence[int] = (),
    other_turns: Sequence[int] = (),
) -> str:
    """Which machine is faster and by what factor, or that the difference is within the noise."""
    if not median_if_any(here) or not median_if_any(other):
        return "not measured on both"
    ratio = ratio_interval(other, here, turns=other_turns, other_turns=turns)
    if not ratio.comparable:
        return TOO_SELDOM
    if not ratio.beyond_noise:
        return "within the noise"
    if ratio.value >= 1:
        return f"here {factor(ratio.value)}× as fast"
    return f"the file {factor(1 / ratio.value)}× as fast"


def _rate(times: Sequence[float]) -> float | None:
    middle = median_if_any(times)
    return 1e3 / middle if middle else None
