"""The scale of a dataset's grey values, and their bytes. Neither copies the whole dataset."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.dataset import Levels
from models.errors import InputError

Scale = tuple[int, int]
"""The values of black and of white."""

BYTES: Scale = (0, 255)
SIGNED: Scale = (-1, 1)
_UNIT: Scale = (0, 1)
_SIXTEENTHS: Scale = (0, 16)  # scikit-learn's digits
_SLACK = 1e-3  # of the range: rounding errors up to this far beyond its ends are clipped
_CLEARLY_BELOW = -0.1  # paper at -1 is below; what resizing leaves beside lines on 0 is not
_TOO_DARK = 2  # fractional values up to this are not bytes: all would be black
_VALUES_AT_A_TIME = 1 << 16


class Range:
    """The extremes of values that come in parts, and whether all of them are whole."""

    def __init__(self) -> None:
        self._low, self._high = np.inf, -np.inf
        self._whole = self._bytes = self._bools = True

    def add(self, values: NDArray[Any]) -> None:
        """Count these values in. Raises InputError where they are no numbers."""
        if values.dtype.kind not in "biuf":
            raise InputError(f"Its values are of type {values.dtype}. Expected numbers.")
        if not values.size:
            return
        self._bools &= values.dtype == np.bool_
        self._bytes &= values.dtype == np.uint8
        # NaN is the least and the most of all.
        self._low = float(np.minimum(self._low, values.min()))
        self._high = float(np.maximum(self._high, values.max()))
        self._whole = self._whole and (values.dtype.kind != "f" or _all_whole(values))

    @property
    def decided(self) -> bool:
        """Whether the scale is known, if the others are of the same type."""
        return self._bytes and _SIXTEENTHS[1] < self._high < np.inf

    def scale(self) -> Scale:
        """The scale. Raises InputError for values on no usual one, and for NaN."""
        low, high = self._low, self._high
        if low > high:  # none
            return BYTES
        if self._bools or (high <= 1 + _SLACK and low >= _CLEARLY_BELOW):
            return _UNIT
        if _fits(low, high, SIGNED):
            return SIGNED
        if self._whole and _fits(low, high, _SIXTEENTHS):
            return _SIXTEENTHS
        if _fits(low, high, BYTES) and (self._whole or high > _TOO_DARK):
            return BYTES
        raise InputError(
            f"Its grey values go from {low:g} to {high:g}. Expected 0 to 255, 0 to 1, or -1 to 1."
        )


def of(values: NDArray[Any]) -> Scale:
    """The scale of a whole dataset, from its extremes and whether all values are whole.

    Raises InputError for values on no usual scale, and for values that are not numbers.
    """
    seen = Range()
    seen.add(values)
    return seen.scale()


def is_signed(low: float, high: float) -> bool:
    """Whether values with these extremes are on the scale from -1 to 1."""
    return low < _CLEARLY_BELOW and _fits(low, high, SIGNED)


def lies_on(values: NDArray[Any], scale: Scale) -> NDArray[np.bool_]:
    """Which values lie on a scale, or a little beyond its ends. NaN does not."""
    low, high = _ends(scale)
    lies: NDArray[np.bool_] = (values >= low) & (values <= high)
    return lies


def to_bytes(values: NDArray[Any], scale: Scale | None = None) -> Levels:
    """Grey values → uint8 of the same shape, by default on the scale that ``of`` finds.

    Raises InputError as ``of`` does.
    """
    black, white = scale or of(values)
    if not values.size or (values.dtype == np.uint8 and white == 255):
        return values.astype(np.uint8, copy=False)
    # A buffer at a time, whatever the layout: a float copy of 60,000 pictures takes 188 MB.
    result = np.empty(values.shape, np.uint8)
    parts = np.nditer(
        [values, result],
        ["external_loop", "buffered"],
        [["readonly"], ["writeonly"]],
        [np.dtype(np.float32), np.dtype(np.uint8)],
        order="C",
        casting="unsafe",
        buffersize=_VALUES_AT_A_TIME,
    )
    with parts:
        for source, target in parts:
            target[...] = np.rint((np.clip(source, black, white) - black) * (255 / (white - black)))
    return result


def _fits(low: float, high: float, scale: Scale) -> bool:
    least, most = _ends(scale)
    return least <= low and high <= most  # False for NaN


def _ends(scale: Scale) -> tuple[float, float]:
    black, white = scale
    slack = _SLACK * (white - black)
    return black - slack, white + slack


def _all_whole(values: NDArray[Any]) -> bool:
    parts = np.nditer(
        [values],
        ["external_loop", "buffered"],
        op_dtypes=[np.dtype(np.float32)],
        casting="unsafe",
        buffersize=_VALUES_AT_A_TIME,
    )
    with parts, np.errstate(invalid="ignore"):  # infinity less infinity is not whole
        return all(bool((np.abs(part - np.rint(part)) <= _SLACK).all()) for part in parts)
