"""Lanes' results → the rows of two charts; the browser makes the others' (`chart_rows.js`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lanes import REFERENCE, Lane, LaneResult
from models.parity import rule
from models.parity.difference import absolute
from models.parity.judgement import FIXED, ByRule, Judge

Rows = list[dict[str, Any]]


def differences(
    results: Iterable[LaneResult],
    classes: Sequence[str],
    reference: Lane = REFERENCE,
    judge: Judge = FIXED,
    shown: Sequence[int] | None = None,
) -> Rows:
    """Rows of lane, label, difference: what is judged, from the reference; none without it.

    Of many classes, those that are ``shown``.
    """
    answered = _answered(results)
    base = next((result for result in answered if result.lane == reference), None)
    return [
        {"lane": str(result.lane), "label": label, "difference": value}
        for result in answered
        if base is not None and result is not base
        for label, value in _labelled(_judged(base, result, judge), classes, shown)
    ]


def _labelled(
    values: NDArray[np.float64], classes: Sequence[str], shown: Sequence[int] | None
) -> Iterable[tuple[str, float]]:
    """Each value with its class. A single sigmoid has one value for two classes: the second's."""
    names = classes[-len(values) :]
    at = range(len(values)) if shown is None or len(names) < len(classes) else shown
    return ((names[index], float(values[index])) for index in at)


def _judged(base: LaneResult, one: LaneResult, judge: Judge) -> NDArray[np.float64]:
    assert base.judged is not None and one.judged is not None
    if not isinstance(judge, ByRule):
        return absolute(base.judged.astype(np.float64), one.judged.astype(np.float64))
    values = (base.judged[None], one.judged[None])
    shares: NDArray[np.float64] = rule.shares(*values, judge.head, scale=judge.scale)[0]
    return shares


def pairs(results: Iterable[LaneResult]) -> Rows:
    """Rows of lane_a, lane_b, max_abs, same_top: one for each pair of lanes."""
    return [
        {
            "lane_a": str(one.lane),
            "lane_b": str(other.lane),
            "max_abs": float(_difference(one, other).max()),
            "same_top": one.top == other.top,
        }
        for one, other in combinations(_answered(results), 2)
    ]


def _answered(results: Iterable[LaneResult]) -> list[LaneResult]:
    return [result for result in results if result.probabilities is not None]


def _difference(one: LaneResult, other: LaneResult) -> NDArray[np.float64]:
    assert one.probabilities is not None and other.probabilities is not None
    return absolute(one.probabilities.astype(np.float64), other.probabilities.astype(np.float64))
