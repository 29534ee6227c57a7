"""One lane's answers on a whole dataset, and the figures that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset import UNKNOWN, Dataset
from models.lanes import REFERENCE, Lane, Probabilities
from models.parity import metrics
from models.parity.difference import absolute


@dataclass(frozen=True, eq=False)
class Scores:
    """One lane's probabilities (n, classes) for the dataset, NaN for digits without an answer.

    ``seconds`` is the time spent predicting; ``error`` says why a lane stopped.
    """

    lane: Lane
    probabilities: Probabilities
    seconds: float
    error: str | None = None

    @property
    def done(self) -> NDArray[np.bool_]:
        """(n,): which digits were answered."""
        answered: NDArray[np.bool_] = ~np.isnan(self.probabilities[:, 0])
        return answered

    @property
    def top(self) -> NDArray[np.int64]:
        """(n,): the class with the highest probability; -1 where there is no answer."""
        return np.where(self.done, self.probabilities.argmax(axis=1), UNKNOWN)


def lane_figures(data: Dataset, one: Scores, reference: Scores | None) -> dict[str, Any]:
    """Every figure of one lane. Shares are from 0 to 1; a figure that is unknown is None.

    ``agreement`` and the differences are from ``reference``, over the digits that both answered.
    """
    done = one.done
    labels = np.where(done, data.labels, UNKNOWN)
    right = metrics.accuracy(one.top, labels)
    shared = None if reference is None else _parity(reference, one)
    count = int(done.sum())
    return {
        "format": one.lane.format,
        "runtime": one.lane.runtime,
        "images": count,
        "accuracy": right.share if right.total else None,
        "accuracy_interval": list(right.interval) if right.total else None,
        "correct": right.correct,
        "agreement": shared.same_top if shared else None,
        "max_abs_diff": shared.max_abs if shared else None,
        "mean_abs_diff": shared.mean_abs if shared else None,
        "images_per_second": count / one.seconds if one.seconds else None,
        "ms_per_image": one.seconds / count * 1e3 if count else None,
        "confusion": metrics.confusion(one.top, labels, one.probabilities.shape[1]).tolist(),
        "error": one.error,
    }


def pair_figures(results: Sequence[Scores]) -> list[dict[str, Any]]:
    """How far each two lanes agree on the digits that both answered, if there are any."""
    rows = []
    for one, other in combinations(results, 2):
        if (shared := _parity(one, other)) is not None:
            rows.append(
                {
                    "lane_a": str(one.lane),
                    "lane_b": str(other.lane),
                    "images": len(shared.differences),
                    "same_top": shared.same_top,
                    "max_abs_diff": shared.max_abs,
                    "mean_abs_diff": shared.mean_abs,
                }
            )
    return rows


def report(
    data: Dataset,
    results: Sequence[Scores],
    shown: Sequence[Lane] | None = None,
    reference: Lane = REFERENCE,
) -> dict[str, Any]:
    """All figures of a dataset as one object for JSON, restricted to the lanes in ``shown``."""
    base = next((each for each in results if each.lane == reference), None)
    listed = [each for each in results if shown is None or each.lane in shown]
    return {
        "images": len(data),
        "labelled": int((data.labels != UNKNOWN).sum()),
        "labels": dict(data.labelled_by),
        "skipped": [{"file": each.file, "reason": each.reason} for each in data.skipped],
        "lanes": [lane_figures(data, each, base) for each in listed],
        "pairs": pair_figures(listed),
    }


def differences(one: Scores, other: Scores) -> NDArray[np.float32]:
    """(n,): the largest abs difference of each digit's probabilities; NaN unless both answered."""
    apart: NDArray[np.float32] = absolute(one.probabilities, other.probabilities).max(axis=1)
    return apart


def largest_differences(results: Sequence[Scores]) -> NDArray[np.float32]:
    """(n,): the largest abs difference between any two lanes; NaN with fewer than two answers."""
    count = len(results[0].probabilities) if results else 0
    if len(results) < 2:
        return np.full(count, np.nan, np.float32)
    answers = np.stack([each.probabilities for each in results])
    known = np.stack([each.done for each in results])[..., None]
    high = np.where(known, answers, -np.inf).max(axis=0)
    low = np.where(known, answers, np.inf).min(axis=0)
    enough = known[..., 0].sum(axis=0) > 1
    spread = np.subtract(high, low, where=enough[:, None], out=np.zeros_like(high))
    return np.where(enough, spread.max(axis=1), np.nan).astype(np.float32)


def disagree(results: Sequence[Scores]) -> NDArray[np.bool_]:
    """(n,): whether two lanes that answered name different classes."""
    tops = np.stack([each.top for each in results])
    known = tops != UNKNOWN
    first = np.where(known, tops, 1 << 30).min(axis=0)
    last = np.where(known, tops, -1).max(axis=0)
    differ: NDArray[np.bool_] = (first != last) & known.any(axis=0)
    return differ


def _parity(one: Scores, other: Scores) -> metrics.Parity | None:
    both = one.done & other.done
    if not both.any():
        return None
    if both.all():
        return metrics.parity(one.probabilities, other.probabilities)
    return metrics.parity(one.probabilities[both], other.probabilities[both])
