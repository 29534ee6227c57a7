"""What a version's answers were, in the few words that a table has room for."""

from __future__ import annotations

from app.benchmark.report import LaneTimes
from models.parity import figures

RIGHT, UNCHECKED = "all right", "not checked"


def said(lane: LaneTimes) -> str:
    """ "all right", "3 of 120 wrong", "all wrong", "NaN", "not checked"."""
    checked = lane.checked
    if checked is None or not checked.answers:
        return UNCHECKED
    if not checked.wrong:
        return RIGHT
    if checked.nan == checked.answers:
        return "all NaN"
    if checked.wrong == checked.answers:
        return "all wrong"
    kind = "NaN" if checked.nan == checked.wrong else "wrong"
    return f"{checked.wrong:,} of {checked.answers:,} {kind}"


def distance(lane: LaneTimes) -> str:
    """The largest difference from the original: "0.00000012 off", or what was wrong."""
    checked = lane.checked
    if lane.is_wrong or checked is None or checked.worst is None:
        return said(lane)
    return "no difference" if checked.worst == 0 else f"{figures.plain(checked.worst)} off"
