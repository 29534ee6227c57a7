"""Lanes' results → plain frames. Charts, tables and the download read only these.

The frames are Arrow's, which is what the page is sent: at this size, making a pandas frame and
converting it costs several times as much, for every stroke of every visitor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.lanes import REFERENCE, Lane, LaneResult


def probabilities(results: Iterable[LaneResult], classes: Sequence[str]) -> pa.Table:
    """Columns lane, label, probability: one row a lane and class."""
    rows = [
        (str(result.lane), label, float(value))
        for result in results
        if result.probabilities is not None
        for label, value in zip(classes, result.probabilities, strict=True)
    ]
    return _frame(rows, ["lane", "label", "probability"])


def differences(
    results: Iterable[LaneResult], classes: Sequence[str], reference: Lane = REFERENCE
) -> pa.Table:
    """Columns lane, label, difference: absolute, from the reference; empty without a reference."""
    answered = [result for result in results if result.probabilities is not None]
    base = next((result for result in answered if result.lane == reference), None)
    rows = [
        (str(result.lane), label, float(value))
        for result in answered
        if base is not None and result is not base
        for label, value in zip(classes, _difference(result, base), strict=True)
    ]
    return _frame(rows, ["lane", "label", "difference"])


def pairs(results: Iterable[LaneResult]) -> pa.Table:
    """Columns lane_a, lane_b, max_abs, same_top: every pair of lanes once."""
    answered = [result for result in results if result.probabilities is not None]
    rows = [
        (str(one.lane), str(other.lane), float(_difference(one, other).max()), one.top == other.top)
        for one, other in combinations(answered, 2)
    ]
    return _frame(rows, ["lane_a", "lane_b", "max_abs", "same_top"])


def steady(results: Iterable[LaneResult]) -> pa.Table:
    """Columns lane, ms: one row a repeated prediction after warm-up."""
    rows = [(str(result.lane), ms) for result in results for ms in result.times.steady_ms]
    return _frame(rows, ["lane", "ms"])


def load_first(results: Iterable[LaneResult]) -> pa.Table:
    """Columns lane, kind ("load" or "first"), ms."""
    rows = [
        (str(result.lane), kind, ms)
        for result in results
        for kind, ms in (("load", result.times.load_ms), ("first", result.times.first_ms))
        if ms is not None
    ]
    return _frame(rows, ["lane", "kind", "ms"])


def table(results: Iterable[LaneResult], classes: Sequence[str]) -> pa.Table:
    """One row a lane, all exact: what it reads, each probability, times, or the error."""
    rows: list[dict[str, object]] = []
    for result in results:
        row: dict[str, object] = {"lane": str(result.lane)}
        if result.probabilities is not None:
            row |= {"reads": classes[result.top or 0], "sure": result.confidence}
            row |= {"steady ms": result.times.median_ms, "first ms": result.times.first_ms}
            row |= {"load ms": result.times.load_ms}
            row |= {
                f"P({each})": float(p)
                for each, p in zip(classes, result.probabilities, strict=True)
            }
        else:
            row["error"] = result.error
        rows.append(row)
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def _frame(rows: Sequence[tuple[object, ...]], names: Sequence[str]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pa.table({name: list(column) for name, column in zip(names, columns, strict=True)})


def _difference(one: LaneResult, other: LaneResult) -> NDArray[np.float64]:
    assert one.probabilities is not None and other.probabilities is not None
    far: NDArray[np.float64] = np.abs(one.probabilities.astype(np.float64) - other.probabilities)
    return far
