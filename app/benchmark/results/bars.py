"""The picture of a benchmark: a bar for each version, with its median, interval and answers.

It is a table of HTML, so that no label covers another at any width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from app.benchmark import precision
from app.benchmark.report import LaneTimes
from app.benchmark.results import answers
from app.ui import markup, templates, version_names
from models.lanes import YARDSTICK, Lane
from models.parity import figures
from models.parity.timing import median, median_interval

# A bar that is longer than so many of the shortest goes on outside of the picture: one backend
# that takes a second would leave nothing to see of the others.
CUT = 12.0
_NO_RUN = "does not run here"


@dataclass(frozen=True)
class Row:
    """``at``, ``low`` and ``high`` are percentages of the longest bar; ``took`` is empty where
    nothing was measured.
    """

    lane: Lane
    name: str
    answers: str
    took: str = ""
    interval: str = ""
    at: float = 0.0
    low: float = 0.0
    high: float = 0.0
    is_cut: bool = False
    is_wrong: bool = False
    is_fastest: bool = False


def show(lanes: Sequence[LaneTimes], *, thing: str) -> None:
    """Show the table; ``thing`` is what was measured, a digit or a picture."""
    st.html(html(lanes, thing=thing))
    for sentence in unable(lanes):
        markup.note(sentence)


def unable(lanes: Sequence[LaneTimes]) -> list[str]:
    """Why versions do not run here, a sentence for each reason."""
    reasons: dict[str, list[str]] = {}
    for each in lanes:
        if each.error is not None:
            reasons.setdefault(each.error, []).append(version_names.on_backend(each.lane))
    return [f"{' and '.join(names)}: {reason}" for reason, names in reasons.items()]


def html(lanes: Sequence[LaneTimes], *, thing: str) -> Markup:
    """The HTML of ``show``."""
    return templates.render("benchmark/results/bars.html", "bars", rows(lanes), thing)


def rows(lanes: Sequence[LaneTimes]) -> list[Row]:
    """A row for each version, in the order of measuring."""
    medians = {each.lane: median(each.times.steady_ms) for each in lanes if _timed(each)}
    right = {each.lane: medians[each.lane] for each in lanes if each.lane in medians and _won(each)}
    longest = min(
        max(medians.values(), default=1.0),
        CUT * min(right.values() or medians.values(), default=1.0),
    )
    fastest = min(right, key=lambda lane: right[lane], default=None)
    return [_row(each, longest, is_fastest=each.lane == fastest) for each in lanes]


def _row(each: LaneTimes, longest: float, *, is_fastest: bool) -> Row:
    name = version_names.on_backend(each.lane)
    if not _timed(each):
        return Row(each.lane, name, _NO_RUN if each.error else "not measured")
    times = each.times.steady_ms
    middle, (low, high) = median(each.times.steady_ms), median_interval(times, each.turns)
    return Row(
        each.lane,
        name,
        answers.said(each),
        precision.time(times, each.turns),
        _written(low, high),
        at=_share(middle, longest),
        low=_share(low, longest),
        high=_share(high, longest),
        is_cut=middle > longest,
        is_wrong=each.is_wrong,
        is_fastest=is_fastest,
    )


def _share(ms: float, longest: float) -> float:
    """A time as a percentage of the longest bar."""
    return round(100 * min(ms / longest, 1.0), 1)


def _written(low: float, high: float) -> str:
    """The interval's ends with as many digits as tell them apart: 0.196–0.204, 40–80."""
    decimals = next((each for each in range(4) if (high - low) * 10**each >= 1), 3)
    coarse = 10 ** math.floor(math.log10(max(1.0, min(high - low, low))))
    ends = [
        figures.fixed(each if decimals else math.floor(each / coarse + 0.5) * coarse, decimals)
        for each in (low, high)
    ]
    return "–".join(ends) if ends[0] != ends[1] else ""


def _timed(each: LaneTimes) -> bool:
    return len(each.times.steady_ms) > 0 and median(each.times.steady_ms) > 0


def _won(each: LaneTimes) -> bool:
    """Whether it takes part in who is fastest."""
    return each.lane != YARDSTICK and not each.is_wrong
