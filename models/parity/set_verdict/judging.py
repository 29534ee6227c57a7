"""Every lane of a whole dataset, judged by its answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.lanes import Lane, Probabilities, gives_nan
from models.parity.judgement import ByRule, Judge, Judgement, not_a_number
from models.parity.scores import Scores

_VALUES = 1 << 20  # of a lane's answers that are judged at once


def judgements(results: Sequence[Scores], reference: Lane, judge: Judge) -> dict[Lane, Judgement]:
    """Every lane that can be compared with the reference, judged; the reference is not among them.

    An image that the reference did not answer is compared with the first lane that did.
    """
    ordered = sorted(results, key=lambda each: each.lane != reference)
    judged: dict[Lane, Judgement] = {}
    base: Probabilities | None = None
    for each in ordered:
        if base is not None and (both := each.done & ~np.isnan(base[:, 0])).any():
            judged[each.lane] = _in_parts(judge, each.lane, base, each.judged, np.flatnonzero(both))
        if gives_nan(each.error):
            judged[each.lane] = not_a_number(each.lane, judge)
        known = each.judged
        base = known if base is None else np.where(np.isnan(base), known, base)
    return judged


def _in_parts(
    judge: Judge, lane: Lane, base: Probabilities, answers: Probabilities, at: NDArray[np.int64]
) -> Judgement:
    """Judge the answers at these places, some at once: a judge takes several times the memory that
    they have, and a thousand classes of ten thousand images have 40 MB. The lane is as its worst.
    """
    if isinstance(judge, ByRule) and judge.head != "softmax" and judge.scale is None:
        judge = replace(judge, scale=float(np.abs(base[at]).max()) or None)
    rows = max(1, _VALUES // base.shape[1])
    parts = [at[start : start + rows] for start in range(0, len(at), rows)]
    found = [judge.judge(lane, base[part], answers[part]) for part in parts]
    worst = max(range(len(found)), key=lambda part: _distance(found[part]))
    whole, first = found[worst], worst * rows
    if whole.worst is None or whole.same_top is None:
        return whole
    place, label = whole.worst
    reason = whole.reason and whole.reason.replace(f"input {place},", f"input {place + first},")
    same = sum(
        round((each.same_top or 0) * len(part)) for each, part in zip(found, parts, strict=True)
    )
    return replace(whole, reason=reason, same_top=same / len(at), worst=(place + first, label))


def _distance(found: Judgement) -> float:
    """For the worst of several: NaN, or no distance at all, is worse than any."""
    apart = found.distance
    return math.inf if apart is None or math.isnan(apart) else apart
