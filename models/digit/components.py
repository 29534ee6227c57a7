"""Components: ink that hangs together. All of them at once, however many a picture has.

A picture of 2,400×2,400 pixels may hold more than a million: an object for each would take seconds
and hundreds of megabytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Components:
    """``parts`` (height, width) int32 numbers each pixel's component from 1; 0 is paper.

    The others have an entry for each component, the first is number 1: ``sizes`` (n,) in pixels,
    ``low`` and ``high`` (n, 2) the first row and column of its box, and those after the last.
    """

    parts: NDArray[np.int32]
    sizes: Ints
    low: Ints
    high: Ints

    def __len__(self) -> int:
        return len(self.sizes)


def of(mask: NDArray[np.bool_], *, corners: bool = True) -> Components:
    """The components of a mask (height, width); pixels that meet at a corner hang together, unless
    ``corners`` is false.
    """
    from scipy import ndimage

    parts, count = ndimage.label(mask, np.ones((3, 3)) if corners else None)
    # Runs of ink in a row, of which there are far fewer than pixels: their first and last places.
    firsts, lasts = mask.copy(), mask.copy()
    firsts[:, 1:] &= ~mask[:, :-1]
    lasts[:, :-1] &= ~mask[:, 1:]
    first, last = np.flatnonzero(firsts), np.flatnonzero(lasts)
    numbers = parts.reshape(-1)[first] - 1
    rows = first // mask.shape[1]
    left, right = first - rows * mask.shape[1], last - rows * mask.shape[1]
    low, high = np.zeros((count, 2), np.intp), np.zeros((count, 2), np.intp)
    low[:, 1] = mask.shape[1]
    # Of values for one place, the last one stays; the rows ascend.
    low[numbers[::-1], 0] = rows[::-1]
    high[numbers, 0] = rows
    np.minimum.at(low[:, 1], numbers, left)
    np.maximum.at(high[:, 1], numbers, right)
    sizes = np.bincount(numbers, right - left + 1, count).astype(np.intp)
    return Components(parts, sizes, low, high + 1)
