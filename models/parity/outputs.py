"""The judgement of a lane with several outputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from numpy.typing import ArrayLike

from models.lanes import Lane
from models.parity import rule
from models.parity.judgement import Judge, Judgement


def judged(
    lane: Lane,
    judges: Sequence[Judge],
    names: Sequence[str],
    base: Sequence[ArrayLike],
    answers: Sequence[ArrayLike],
) -> Judgement:
    """Judge all outputs of a lane, each by its own rule: the lane is as its worst output, one that
    differs before one that cannot be judged.

    Each array has a row for each input. Of an output with more dimensions, such as one answer for
    each word, every row along the last one is compared by itself. A model of several outputs names
    the one that the reason is about.
    """
    if len(base) != len(answers):
        return Judgement(lane, "differs", f"It has {len(answers)} outputs, not {len(base)}.")
    found = [
        _whole(judge.judge(lane, rule.rows(one), rule.rows(other)), rule.rows_of_one(one))
        for judge, one, other in zip(judges, base, answers, strict=True)
    ]
    at = max(range(len(found)), key=lambda each: _badness(found[each]))
    worst = found[at]
    if len(found) == 1:
        return worst
    reason = worst.reason and f"Output {names[at]}: {worst.reason}"
    return replace(worst, reason=reason, output=names[at])


def _whole(each: Judgement, rows: int) -> Judgement:
    """The same, with the input in place of the row in it."""
    worst = each.worst and (each.worst[0] // rows, each.worst[1])
    return replace(each, worst=worst)


def _badness(each: Judgement) -> tuple[int, float]:
    """How bad a judgement is: its kind, then no distance at all, NaN, or a multiple of what it may
    be.
    """
    kind = ("passed", "cannot be judged", "differs").index(each.kind)
    if each.distance is None or math.isnan(each.distance):
        return kind, math.inf
    return kind, each.distance / each.bound if each.bound else each.distance * 1e30
