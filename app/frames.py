"""Lanes' results → plain frames. Charts, tables and the download read only these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.lanes import REFERENCE, LaneResult


def probabilities(results: Iterable[LaneResult], classes: Sequence[str]) -> pd.DataFrame:
    """Columns lane, label, probability: one row a lane and class."""
    rows = [
        (str(result.lane), label, float(value))
        for result in results
        if result.probabilities is not None
        for label, value in zip(classes, result.probabilities, strict=True)
    ]
    return pd.DataFrame(rows, columns=["lane", "label", "probability"])


def differences(results: Iterable[LaneResult], classes: Sequence[str]) -> pd.DataFrame:
    """Columns lane, label, difference: absolute, from the reference; empty without a reference."""
    answered = [result for result in results if result.probabilities is not None]
    base = next((result for result in answered if result.lane == REFERENCE), None)
    rows = [
        (str(result.lane), label, float(value))
        for result in answered
        if base is not None and result is not base
        for label, value in zip(classes, _difference(result, base), strict=True)
    ]
    return pd.DataFrame(rows, columns=["lane", "label", "difference"])


def pairs(results: Iterable[LaneResult]) -> pd.DataFrame:
    """Columns lane_a, lane_b, max_abs, same_top: every pair of lanes once."""
    answered = [result for result in results if result.probabilities is not None]
    rows = [
        (str(one.lane), str(other.lane), float(_difference(one, other).max()), one.top == other.top)
        for one, other in combinations(answered, 2)
    ]
    return pd.DataFrame(rows, columns=["lane_a", "lane_b", "max_abs", "same_top"])


def steady(results: Iterable[LaneResult]) -> pd.DataFrame:
    """Columns lane, ms: one row a repeated prediction after warm-up."""
    rows = [(str(result.lane), ms) for result in results for ms in result.times.steady_ms]
    return pd.DataFrame(rows, columns=["lane", "ms"])


def load_first(results: Iterable[LaneResult]) -> pd.DataFrame:
    """Columns lane, kind ("load" or "first"), ms."""
    rows = [
        (str(result.lane), kind, ms)
        for result in results
        for kind, ms in (("load", result.times.load_ms), ("first", result.times.first_ms))
        if ms is not None
    ]
    return pd.DataFrame(rows, columns=["lane", "kind", "ms"])


def table(results: Iterable[LaneResult], classes: Sequence[str]) -> pd.DataFrame:
    """One row a lane, all exact: what it reads, each probability, times, or the error."""
    rows = []
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
    return pd.DataFrame(rows)


def _difference(one: LaneResult, other: LaneResult) -> NDArray[np.float64]:
    assert one.probabilities is not None and other.probabilities is not None
    far: NDArray[np.float64] = np.abs(one.probabilities.astype(np.float64) - other.probabilities)
    return far
