"""Every n-th row and column of a layer's output, where the whole is too much to send and keep.

The outputs of a model for pictures of 224×224 are tens of millions of numbers. What is left of a
layer is spread over all of it, with every channel, and is the same in all lanes, so that they can
be compared. ``app/inspect/thinning.js`` does the same in the browser.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def step(shape: tuple[int, ...], most: int) -> int:
    """Which rows and columns of an output (n, …, channels) are kept: each so many-th. The smallest
    that leaves at most ``most`` values an input, or a single place where its channels alone are
    more; 1 where there are no rows.
    """
    inner, channels = shape[1:-1], shape[-1]
    if math.prod(shape[1:]) <= most or not inner:
        return 1
    every = 2
    while every < max(inner) and channels * math.prod(-(-size // every) for size in inner) > most:
        every += 1
    return every


def kept_shape(shape: tuple[int, ...], most: int) -> tuple[int, ...]:
    """The shape of what is left of an output."""
    every = step(shape, most)
    return (shape[0], *(-(-size // every) for size in shape[1:-1]), *shape[1:][-1:])


def thinned(values: NDArray[Any], most: int) -> NDArray[Any]:
    """The values of the kept rows and columns; the same array where all are kept."""
    every = step(values.shape, most)
    if every == 1:
        return values
    inner = (slice(None, None, every),) * (values.ndim - 2)
    return np.ascontiguousarray(values[(slice(None), *inner)])
