"""The geometry of pen strokes: fitting them into a box, walking along them, drawing them.

A stroke is an (n, 2) array of points along the pen's path: x to the right, y down, in any unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.lanes import Pixels

Stroke = NDArray[np.float64]

_SPACING = 0.5  # pixels between points drawn: discs this close leave no ripple that a pixel shows
_MANY = 1_000
_LARGEST = 1e100  # the differences and means of larger coordinates overflow
# Points along a stroke. Where these are too few for a path that goes to and fro, each pass meets
# other places, because the number is one more than a prime.
_MOST_DRAWN = 99_992

MAX_POINTS = 20_000
"""The most points that a drawing may have: minutes of scribbling."""


def check(strokes: Sequence[NDArray[np.floating[Any]]]) -> list[Stroke]:
    """The strokes that have points, as float64. Raises InputError unless each is (n, 2), finite."""
    checked = [np.asarray(stroke, np.float64) for stroke in strokes if len(stroke)]
    for stroke in checked:
        if stroke.ndim != 2 or stroke.shape[1] != 2 or not (np.abs(stroke) < _LARGEST).all():
            raise InputError(
                f"A stroke has the shape {stroke.shape} or a point that is no number. "
                "Expected (n, 2) finite numbers: x to the right, y down."
            )
    return checked


def fit(strokes: Sequence[Stroke], side: float, *, pen: float = 0.0) -> list[Stroke]:
    """Move the middle of the strokes' box to (0, 0) and scale its longer side to ``side``.

    Strokes within the width of the ``pen`` that drew them, in their unit, are a blot, as of a tap,
    and become a dot.
    """
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    longer = float((high - low).max())
    # A dot has no size to scale; neither has one whose size is only rounding.
    smallest = max(pen, 1e-9 * (1 + float(np.abs(points).max())))
    scale = side / longer if longer > smallest else 0.0
    return [(stroke - (low + high) / 2) * scale for stroke in strokes]


def along(stroke: Stroke, spacing: float = _SPACING) -> Stroke:
    """Points along the stroke's path, its ends among them, at most ``spacing`` apart.

    They are further apart on a path of tens of thousands of pixels: their number is limited.
    """
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    if way[-1] == 0:
        return stroke[:1]
    count = min(int(np.ceil(way[-1] / spacing)) + 1, _MOST_DRAWN)
    at = np.linspace(0, way[-1], count)
    return np.stack([np.interp(at, way, stroke[:, axis]) for axis in (0, 1)], axis=1)


def draw(points: Stroke, pen: float, size: int = 28) -> Pixels:
    """Draw discs of diameter ``pen`` at ``points`` → (size, size) float32, white on black.

    The middle of the picture is (0, 0), a pixel has side 1. A pixel's value is how far the edge of
    the ink reaches into it along the way to the nearest point: antialiasing without oversampling.
    """
    if len(points) > _MANY:  # a scribble crosses the same places again and again
        points = np.unique(np.round(points * 4), axis=0) / 4
    centres = np.arange(size) - (size - 1) / 2
    across = (centres[None, :] - points[:, :1]) ** 2  # (n, columns)
    down = (centres[:, None] - points[:, 1]) ** 2  # (rows, n)
    nearest = np.sqrt((down[:, :, None] + across[None]).min(axis=1))
    pixels: Pixels = np.clip(pen / 2 + 0.5 - nearest, 0, 1).astype(np.float32)
    return pixels
