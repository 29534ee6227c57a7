"""Light that falls off from a lamp: how bright paper is at each place, as a smooth surface."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.digit.grayscale import Grey

_DEGREE = 4  # of the polynomial: light that falls off on all sides, wherever the lamp is
_ROUNDS = 6
_SUITS = 0.12  # of the brightness: a pixel that is nearer to the surface is paper
_CORNER = 0.25  # of the brightest place: a corner of the paper, at least one
_MOSTLY = 0.7  # of the picture, and of its edge, is paper

NIGHT = 0.12
"""Of the brightest paper's brightness: what is darker tells nothing."""


def surface(coarse: Grey, degree: int = _DEGREE) -> Grey | None:
    """The brightness of the paper in a small picture (rows, columns), a smooth surface.

    It is a polynomial, fitted to the pixels that it suits, which are the paper's where most is
    paper. None where it suits too few, of all or of the edge: a shadow's edge is not smooth. It is
    nowhere darker than ``NIGHT`` of its brightest place: nothing can be read there.
    """
    from scipy import ndimage

    rows, columns = coarse.shape
    terms = _terms(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), degree)
    values = coarse.reshape(-1).astype(np.float64)
    kept = np.ones(len(values), np.bool_)
    fitted = values
    for _ in range(_ROUNDS):
        weights, *_ = np.linalg.lstsq(terms[kept], values[kept], rcond=None)
        fitted = terms @ weights
        away = np.abs(values - fitted)
        kept = away <= max(2.0 * float(np.median(away)), 0.01)
    night = NIGHT * float(fitted.max())
    lit = np.maximum(fitted, night)
    if (fitted <= night).mean() > 1 - _MOSTLY:
        return None
    paper = ((np.abs(values - lit) < _SUITS * lit) | (fitted <= night)).reshape(rows, columns)
    edge = np.concatenate([paper[0], paper[-1], paper[:, 0], paper[:, -1]])
    if min(paper.mean(), edge.mean()) < _MOSTLY:
        return None
    lit = lit.reshape(rows, columns).astype(np.float32)
    # A lamp lights one place, and some corner; the surface that follows a fat ring does not.
    _, places = ndimage.label(lit > (lit.min() + lit.max()) / 2)
    dark_corners = lit[:: rows - 1, :: columns - 1].max() < _CORNER * lit.max()
    return None if places > 1 or dark_corners else lit


def evened(picture: Grey, lit: Grey) -> Grey:
    """The picture as if all of it were lit as most is, with paper where it is night."""
    usual = np.float32(np.median(lit))
    night = 1.05 * NIGHT * float(lit.max())
    even: Grey = np.where(lit <= night, usual, picture * (usual / lit))
    return even


def _terms(y: NDArray[np.float64], x: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    return np.stack([np.outer(y**i, x**j).reshape(-1) for i, j in powers], axis=1)
