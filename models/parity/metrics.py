"""Figures on a test set: accuracy with its interval, confusion, how far two lanes agree.

A class is its place among the model's classes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lanes import Probabilities
from models.parity.difference import absolute

Classes = NDArray[np.integer[Any]]
Z95 = 1.959963984540054  # 95 % of the standard normal distribution lie within ± this


@dataclass(frozen=True)
class Accuracy:
    """How many of ``total`` labelled images were read right."""

    correct: int
    total: int

    @property
    def share(self) -> float:
        """From 0 to 1; NaN without labels."""
        return self.correct / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of Wilson (1927): right also near 0 and 1, where the usual one fails.

        https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
        """
        if not self.total:
            return 0.0, 1.0
        square = Z95 * Z95 / self.total
        middle = (self.share + square / 2) / (1 + square)
        variance = self.share * (1 - self.share) + square / 4
        half = math.sqrt(variance * square) / (1 + square)
        return max(0.0, middle - half), min(1.0, middle + half)


def accuracy(predicted: Classes, labels: Classes) -> Accuracy:
    """Compare classes (n,) with labels (n,); a negative label is unknown and does not count."""
    known = labels >= 0
    return Accuracy(int((predicted[known] == labels[known]).sum()), int(known.sum()))


def top_k(probabilities: Probabilities, labels: Classes, k: int = 5) -> Accuracy:
    """How many labels (n,) are among the ``k`` classes of the highest probabilities (n, classes).

    Of equal ones the first counts, as in ``argmax``; a negative label does not count.
    """
    known = labels >= 0
    given, at = probabilities[known], labels[known].astype(np.int64)[:, None]
    own = np.take_along_axis(given, at, axis=1)
    before = np.arange(probabilities.shape[1])[None] < at
    places = ((given > own) | ((given == own) & before)).sum(axis=1)
    return Accuracy(int((places < k).sum()), len(given))


def confused_pairs(
    predicted: Classes, labels: Classes, most: int = 20
) -> list[tuple[int, int, int]]:
    """(label, read as, images) of what was read wrong, the most frequent first, then in the order
    of the classes: ``most`` at most. Known labels only.
    """
    wrong = (labels >= 0) & (predicted >= 0) & (predicted != labels)
    pairs = np.stack([labels[wrong], predicted[wrong]], axis=1).astype(np.int64)
    found, counts = np.unique(pairs, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return [(int(found[at, 0]), int(found[at, 1]), int(counts[at])) for at in order]


def confusion(predicted: Classes, labels: Classes, classes: int = 10) -> NDArray[np.int64]:
    """How often label i (row) was read as j (column): (classes, classes), known labels only."""
    known = labels >= 0
    pairs = labels[known].astype(np.int64) * classes + predicted[known]
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


@dataclass(frozen=True, eq=False)
class Parity:
    """Two lanes on the same images. ``differences`` (n,) is each image's largest abs difference."""

    same_top: float
    max_abs: float
    mean_abs: float
    differences: NDArray[np.float32]


def parity(one: Probabilities, other: Probabilities) -> Parity:
    """Compare probabilities (n, classes) of two lanes, n at least 1. ``same_top`` is a share."""
    apart = absolute(one, other)
    return Parity(
        float((one.argmax(axis=1) == other.argmax(axis=1)).mean()),
        float(apart.max()),
        float(apart.mean(dtype=np.float64)),
        apart.max(axis=1),
    )
