"""A sheet of digits in rows and columns: how far apart they are, and how many there seem to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.digit import components
from models.digit.grayscale import Grey

_INK = 0.35  # a pixel with more ink than this belongs to a line
_ALIKE = 0.6  # correlation of a sheet's rows, or columns, with those a pitch, or two, further on
_REPEATS = 4  # rows and columns of a sheet, at least
_FINEST = 6  # pixels between digits
_JOINED = 0.12  # of a digit's height: strokes further apart are of different digits
_BROKEN = 0.25  # ... above each other


@dataclass(frozen=True)
class Lattice:
    """Cells of a sheet: where the first begins and how far apart they are, down and across, in
    pixels; ``counts`` of rows and columns.
    """

    first: tuple[float, float]
    step: tuple[float, float]
    counts: tuple[int, int]

    @property
    def cells(self) -> int:
        return self.counts[0] * self.counts[1]

    def cell(self, down: float, across: float) -> tuple[int, int]:
        """The row and column of the cell at a place."""
        row, column = (
            int((at - first) // step)
            for at, first, step in zip((down, across), self.first, self.step, strict=True)
        )
        return row, column


def lattice(strength: Grey) -> Lattice | None:
    """The cells of a sheet of digits in regular rows and columns; None for anything else."""
    inked = strength > _INK
    found = [_axis(inked.mean(axis=axis)) for axis in (1, 0)]
    if found[0] is None or found[1] is None:
        return None
    (top, down, rows), (left, across, columns) = found[0], found[1]
    return Lattice((top, left), (down, across), (rows, columns))


def _axis(profile: NDArray[np.float64]) -> tuple[float, float, int] | None:
    """Where the first cell begins, the way from one to the next, and how many there are."""
    lag = _pitch(profile)
    if not lag:
        return None
    used = np.flatnonzero(profile > 0.1 * profile.max())
    around = np.concatenate([[0], np.cumsum(np.concatenate([profile, np.zeros(2 * lag)]))])
    best, best_at = np.inf, (0.0, float(lag))
    for step in np.linspace(lag - 0.6, lag + 0.6, 61):
        for start in np.arange(used[0] - lag, used[0] + 1, max(0.5, lag / 40)):
            lines = np.arange(start, used[-1] + step, step)
            at = np.clip(np.rint(lines).astype(np.intp), 1, len(profile) + lag)
            between = float((around[at + 1] - around[at - 1]).mean())
            if between < best - 1e-9:
                best, best_at = between, (float(start), float(step))
    start, step = best_at
    count = round((used[-1] + 1 - start) / step + 0.3)
    return start, step, max(1, count)


def _pitch(profile: NDArray[np.float64]) -> int:
    """After how many pixels a profile repeats itself, several times over; 0 if it does not."""
    away = profile - profile.mean()
    power = float(away @ away) / len(away)
    longest = len(away) // _REPEATS
    if power < 1e-6 or longest <= _FINEST:
        return 0
    lags = range(longest + 1)
    products = [float(away[lag:] @ away[: len(away) - lag]) / (len(away) - lag) for lag in lags]
    alike = np.array(products) / power
    for lag in range(_FINEST, longest):
        if alike[lag] > _ALIKE and alike[lag] >= alike[lag - 1 : lag + 2].max():
            further = [alike[at] for at in range(2 * lag, longest + 1, lag)]
            if all(each > _ALIKE * 0.7 for each in further):
                return lag
    return 0


def clusters(boxes: Sequence[tuple[int, int, int, int]], tallest: int) -> list[list[int]]:
    """Indices of boxes (left, top, right, bottom) that are near enough to be of one digit.

    Painted, not compared with each other: a sheet has thousands.
    """
    beside, above = _JOINED * tallest / 2, _BROKEN * tallest / 2
    corners = np.array(boxes, np.float64)
    lows = np.floor(corners[:, :2] - (beside, above)).astype(np.intp)
    highs = np.ceil(corners[:, 2:] + (beside, above)).astype(np.intp)
    lows -= (first := lows.min(axis=0))
    highs -= first
    width, height = highs.max(axis=0)
    painted = np.zeros((height, width), np.bool_)
    for (left, top), (right, bottom) in zip(lows.tolist(), highs.tolist(), strict=True):
        painted[top:bottom, left:right] = True
    numbers = components.of(painted).parts[lows[:, 1], lows[:, 0]]
    order = np.argsort(numbers, kind="stable")
    ends = [0, *(np.flatnonzero(np.diff(numbers[order])) + 1).tolist(), len(order)]
    return [order[start:stop].tolist() for start, stop in pairwise(ends)]
