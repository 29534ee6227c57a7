"""Shapes of masks: how solid they are, and whether they are rectangles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

_SQUARE = 0.88  # of the least rectangle around it: a rectangle itself, at any angle


def fills_a_rectangle(filled: Mask, area: int) -> bool:
    """Whether it is nearly the rectangle around it at some angle."""
    if area > _SQUARE * filled.size:
        return True
    rows = np.flatnonzero(filled.any(axis=1))
    firsts = filled[rows].argmax(axis=1)
    lasts = filled.shape[1] - 1 - filled[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate([firsts, lasts]), np.concatenate([rows, rows])
    turns = np.deg2rad(np.arange(0, 90, 5))[:, None]
    long, wide = (
        np.ptp(each, axis=1) + 1
        for each in (x * np.cos(turns) + y * np.sin(turns), y * np.cos(turns) - x * np.sin(turns))
    )
    return bool(area > _SQUARE * (long * wide).min())


def shape_of(mask: Mask) -> tuple[float, float]:
    """The area as a share of a rectangle's with the same second moments, and how many times as long
    as wide that is.
    """
    down, across = mask.sum(axis=1, dtype=np.float64), mask.sum(axis=0, dtype=np.float64)
    area = down.sum()
    y, x = np.arange(len(down)), np.arange(len(across))
    middle_y, middle_x = down @ y / area, across @ x / area
    # A pixel is a square of 1/12 around its middle.
    yy = down @ (y - middle_y) ** 2 / area + 1 / 12
    xx = across @ (x - middle_x) ** 2 / area + 1 / 12
    xy = (y - middle_y) @ (mask @ (x - middle_x)) / area
    root = np.sqrt((yy - xx) ** 2 + 4 * xy**2)
    long, short = (yy + xx + root) / 2, max((yy + xx - root) / 2, 1e-9)
    return float(area / (12 * np.sqrt(long * short))), float(np.sqrt(long / short))


def edge_of(mask: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
