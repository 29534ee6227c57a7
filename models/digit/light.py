"""Light that falls off from a lamp: how bright paper is at each place, as a smooth surface."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.digit.grayscale import Grey

_DEGREE = 4  # of the polynomial: light that falls off on all sides, wherever the lamp is
_ROUNDS = 6
_SUITS = 0.1  # of the brightness: a pixel that is nearer to the surface is paper
_MOSTLY = 0.7  # of the picture, and of its edge, is paper
_DARKEST = 0.01  # brightness, so that its logarithm is finite


def surface(coarse: Grey, degree: int = _DEGREE) -> Grey | None:
    """The brightness of the paper in a small picture (rows, columns), a smooth surface.

    Light is multiplied with what it falls on: the surface is a polynomial of the brightness's
    logarithm, fitted to the pixels that it suits, which are the paper's where most is paper. None
    where it suits too few, of all or of the edge: a shadow's edge is not smooth.
    """
    rows, columns = coarse.shape
    terms = _terms(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), degree)
    values = np.log(np.maximum(coarse, _DARKEST)).reshape(-1).astype(np.float64)
    kept = np.ones(len(values), np.bool_)
    fitted = values
    for _ in range(_ROUNDS):
        weights, *_ = np.linalg.lstsq(terms[kept], values[kept], rcond=None)
        fitted = terms @ weights
        away = np.abs(values - fitted)
        kept = away <= max(2.0 * float(np.median(away)), 0.01)
    paper = (np.abs(values - fitted) < _SUITS).reshape(rows, columns)
    edge = np.concatenate([paper[0], paper[-1], paper[:, 0], paper[:, -1]])
    if min(paper.mean(), edge.mean()) < _MOSTLY:
        return None
    return np.exp(fitted).reshape(rows, columns).astype(np.float32)


def _terms(y: NDArray[np.float64], x: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    return np.stack([np.outer(y**i, x**j).reshape(-1) for i, j in powers], axis=1)
