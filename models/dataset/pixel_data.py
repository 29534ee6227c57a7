"""Ways to take pixel data: as it is, or undone what somebody's export did to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError

Way = Literal[
    "as they are",
    "inverted",
    "transposed",
    "inverted-transposed",
    "turned-left",
    "turned-right",
    "upside-down",
    "mirrored",
    "stretched",
]
"""``transposed``: rows are columns, as in EMNIST's files and MATLAB's arrays; ``stretched``: each
picture's darkest value is black and its lightest one white, whatever they are.
"""
WAYS: tuple[Way, ...] = get_args(Way)
Values = NDArray[np.uint8]

_TURNS: dict[Way, Callable[[Values], Values]] = {
    "inverted": lambda levels: 255 - levels,
    "transposed": lambda levels: levels.swapaxes(1, 2),
    "inverted-transposed": lambda levels: 255 - levels.swapaxes(1, 2),
    "turned-left": lambda levels: np.rot90(levels, 1, (1, 2)),
    "turned-right": lambda levels: np.rot90(levels, -1, (1, 2)),
    "upside-down": lambda levels: np.rot90(levels, 2, (1, 2)),
    "mirrored": lambda levels: levels[:, :, ::-1],
}


def taken(pictures: Values, way: Way) -> Values:
    """Pictures (k, h, w) or (k, h, w, c) uint8, taken another ``way``."""
    return stretched(pictures) if way == "stretched" else turned(pictures, way)


def turned(pictures: Values, way: Way) -> Values:
    """Pictures (k, h, w) or (k, h, w, c) uint8, taken another ``way``; those that were
    ``stretched`` are as they are.
    """
    turn = _TURNS.get(way)
    return pictures if turn is None else np.ascontiguousarray(turn(pictures))


def stretched(values: NDArray[Any]) -> Values:
    """Each picture from its least value, as 0, to its largest, as 255; one of one value is 0.
    Raises InputError for what are no numbers.
    """
    if values.dtype.kind not in "biuf":
        raise InputError(f"Its values are of type {values.dtype}. Expected numbers.")
    numbers = np.nan_to_num(values.astype(np.float32))
    sides = tuple(range(1, numbers.ndim))
    low, high = numbers.min(sides, keepdims=True), numbers.max(sides, keepdims=True)
    result: Values = np.rint((numbers - low) * (255 / np.maximum(high - low, 1e-30))).astype(
        np.uint8
    )
    return result
