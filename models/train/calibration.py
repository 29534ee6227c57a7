"""Whether probabilities mean what they say: of the digits given 90 %, nine in ten are right."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lanes import Probabilities

Labels = NDArray[np.integer[Any]]


def calibration_error(probabilities: Probabilities, labels: Labels, bins: int = 15) -> float:
    """The expected calibration error, from 0 to 1, of (n, classes) with labels (n,), n > 0.

    The top probabilities fall into ``bins`` of equal width; each bin's mean probability is compared
    with its share of right answers, weighted by its size (Guo et al., 2017,
    https://arxiv.org/abs/1706.04599).
    """
    top = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    place = np.minimum((top * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(place, top - right, bins)
    return float(np.abs(gaps).sum() / len(labels))


def best_temperature(probabilities: Probabilities, labels: Labels) -> float:
    """The t for which softmax(log(p) / t) gives the labels the highest likelihood (Guo et al.)."""
    logits = np.log(np.maximum(probabilities.astype(np.float64), 1e-12))
    rows = np.arange(len(labels))

    def cost(temperature: float) -> float:
        scaled = logits / temperature
        top = scaled.max(axis=1, keepdims=True)
        total = np.log(np.exp(scaled - top).sum(axis=1)) + top[:, 0]
        return float((total - scaled[rows, labels]).mean())

    candidates = np.exp(np.linspace(np.log(0.2), np.log(5), 321))
    return float(min(candidates, key=cost))
