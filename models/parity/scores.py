"""One lane's answers on a whole dataset, and the figures that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from models.dataset import UNKNOWN, Dataset
from models.lanes import REFERENCE, Lane, Probabilities
from models.parity import metrics
from models.parity.difference import absolute

FEW = 20  # classes, of which a matrix of confusion can still be read; of more, the pairs
TOP = 5  # of more classes, it is also said how often the label is among so many
_MOST_PAIRS = 100
_VALUES = 1 << 21  # that are stacked at once: all answers together may be hundreds of megabytes


class HasTop(Protocol):
    """What a lane read: (n,) classes, -1 where it has not answered."""

    @property
    def top(self) -> NDArray[np.int64]: ...


@dataclass(frozen=True, eq=False)
class Scores:
    """One lane's probabilities (n, classes) for the dataset, NaN for images without an answer.

    ``seconds`` is the time spent predicting; ``error`` says why a lane stopped. ``answers`` is what
    the model gave, where that is not the probabilities: (n, outputs) logits, or single sigmoids.
    """

    lane: Lane
    probabilities: Probabilities
    seconds: float
    error: str | None = None
    answers: NDArray[np.float32] | None = None

    @property
    def judged(self) -> NDArray[np.float32]:
        """What is compared with other lanes: the model's own answers."""
        return self.probabilities if self.answers is None else self.answers

    @property
    def done(self) -> NDArray[np.bool_]:
        """(n,): which images were answered."""
        answered: NDArray[np.bool_] = ~np.isnan(self.probabilities[:, 0])
        return answered

    @property
    def top(self) -> NDArray[np.int64]:
        """(n,): the class with the highest probability; -1 where there is no answer."""
        return np.where(self.done, self.probabilities.argmax(axis=1), UNKNOWN)


def lane_figures(data: Dataset, one: Scores, reference: Scores | None) -> dict[str, Any]:
    """Every figure of one lane. Shares are from 0 to 1; a figure that is unknown is None.

    ``agreement`` and the differences are from ``reference``, over the images that both answered.
    """
    done, top, classes = one.done, one.top, one.probabilities.shape[1]
    labels = np.where(done, data.labels, UNKNOWN)
    right = metrics.accuracy(top, labels)
    among = metrics.top_k(one.probabilities, labels, TOP) if classes > TOP else None
    shared = None if reference is None else _parity(reference, one)
    count = int(done.sum())
    return {
        "format": one.lane.format,
        "runtime": one.lane.runtime,
        "images": count,
        "accuracy": right.share if right.total else None,
        "accuracy_interval": list(right.interval) if right.total else None,
        "correct": right.correct,
        "top5_accuracy": among.share if among and among.total else None,
        "agreement": shared.same_top if shared else None,
        "max_abs_diff": shared.max_abs if shared else None,
        "mean_abs_diff": shared.mean_abs if shared else None,
        "images_per_second": count / one.seconds if one.seconds else None,
        "ms_per_image": one.seconds / count * 1e3 if count else None,
        **_confusion(top, labels, classes),
        "error": one.error,
    }


def _confusion(
    top: NDArray[np.int64], labels: NDArray[np.integer[Any]], classes: int
) -> dict[str, Any]:
    """The matrix of a few classes; of many, the pairs that were confused most."""
    if classes <= FEW:
        return {"confusion": metrics.confusion(top, labels, classes).tolist()}
    pairs = metrics.confused_pairs(top, labels, _MOST_PAIRS)
    return {"confused": [{"label": a, "read": b, "images": count} for a, b, count in pairs]}


def pair_figures(results: Sequence[Scores]) -> list[dict[str, Any]]:
    """How far each two lanes agree on the images that both answered, if there are any."""
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
    """(n,): the largest abs difference of each image's probabilities; NaN unless both answered."""
    apart: NDArray[np.float32] = absolute(one.probabilities, other.probabilities).max(axis=1)
    return apart


def largest_differences(results: Sequence[Scores]) -> NDArray[np.float32]:
    """(n,): the largest abs difference between any two lanes; NaN with fewer than two answers."""
    count = len(results[0].probabilities) if results else 0
    found = np.full(count, np.nan, np.float32)
    if len(results) < 2:
        return found
    rows = max(1, _VALUES // (len(results) * results[0].probabilities.shape[1]))
    for at in (slice(start, start + rows) for start in range(0, count, rows)):
        found[at] = _spread(np.stack([each.probabilities[at] for each in results]))
    return found


def _spread(answers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of the answers (lanes, n, classes), as ``largest_differences`` has it."""
    known = ~np.isnan(answers[..., :1])
    high = np.where(known, answers, -np.inf).max(axis=0)
    low = np.where(known, answers, np.inf).min(axis=0)
    enough = known[..., 0].sum(axis=0) > 1
    spread = np.subtract(high, low, where=enough[:, None], out=np.zeros_like(high))
    return np.where(enough, spread.max(axis=1), np.nan).astype(np.float32)


def disagree(results: Sequence[HasTop]) -> NDArray[np.bool_]:
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
