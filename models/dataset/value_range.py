"""The scale of a dataset's grey values, and their bytes. Neither copies the whole dataset."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.dataset import Levels
from models.errors import InputError

Scale = tuple[float, float]
"""The values of black and of white."""

BYTES: Scale = (0, 255)
SIGNED: Scale = (-1, 1)
ANY: Scale = (-1e30, 1e30)
"""Of data whose scale is none of the usual ones, until all of it was seen."""
_UNIT: Scale = (0, 1)
_HALVES: Scale = (-0.5, 0.5)
_SIGNED_BYTES: Scale = (-128, 127)
_WORDS: Scale = (0, 65535)
_SIXTEENTHS: Scale = (0, 16)  # scikit-learn's digits
_SLACK = 1e-3  # of the range: rounding errors up to this far beyond its ends are clipped
_CLEARLY_BELOW = -0.1  # paper at -1 is below; what resizing leaves beside lines on 0 is not
USUAL = (BYTES, SIGNED, _UNIT, _SIXTEENTHS)
_NEAR = 0.1  # of an end: values on the scale from -0.5 to 0.5 reach it
_PAPER = 0.2  # of all values at one end at least, where digits lie on paper
_WIDEST = 256  # from black to white: of bytes less their mean, too
_TOO_DARK = 2  # fractional values up to this are not bytes: all would be black
_VALUES_AT_A_TIME = 1 << 16


class Range:
    """The extremes of values that come in parts, and whether all of them are whole."""

    def __init__(self) -> None:
        self._low, self._high = np.inf, -np.inf
        self._whole = self._bytes = self._bools = True
        self._low_count = self._high_count = self._count = 0

    def add(self, values: NDArray[Any]) -> None:
        """Count these values in. Raises InputError where they are no numbers."""
        if values.dtype.kind not in "biuf":
            raise InputError(f"Its values are of type {values.dtype}. Expected numbers.")
        if not values.size:
            return
        self._bools &= values.dtype == np.bool_
        self._bytes &= values.dtype == np.uint8
        # NaN is the least and the most of all.
        low = float(np.minimum(self._low, values.min()))
        high = float(np.maximum(self._high, values.max()))
        if is_unusual(low, high):
            self._count_ends(values, low, high)
        self._low, self._high = low, high
        self._whole = self._whole and (values.dtype.kind != "f" or _all_whole(values))

    def _count_ends(self, values: NDArray[Any], low: float, high: float) -> None:
        """Count the values at both ends, for the paper is most of a picture."""
        self._low_count *= low == self._low
        self._high_count *= high == self._high
        self._low_count += int((values == low).sum())
        self._high_count += int((values == high).sum())
        self._count += values.size

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
        if _fits(low, high, _HALVES) and low < _HALVES[0] + _NEAR:
            return _HALVES
        if _fits(low, high, SIGNED):
            return SIGNED
        if self._whole and _fits(low, high, _SIXTEENTHS):
            return _SIXTEENTHS
        if _fits(low, high, BYTES) and (self._whole or high > _TOO_DARK):
            return BYTES
        if self._whole and low >= 0 and _WORDS[1] / 2 < high <= _WORDS[1]:
            return _WORDS
        if self._whole and _fits(low, high, _SIGNED_BYTES) and self._has_paper:
            return _SIGNED_BYTES
        if self.is_standardised:
            return low, high
        save = "(x - x.min()) / (x.max() - x.min())"
        if self._whole and _fits(low, high, _SIGNED_BYTES):  # of bytes that were taken for signed
            save = "x.astype('uint8')"
        raise InputError(
            f"Its grey values go from {low:g} to {high:g}. Expected 0 to 255, 0 to 1, or -1 to 1: "
            f"save {save}."
        )

    @property
    def is_standardised(self) -> bool:
        """Whether the values are grey values less their mean, over their standard deviation."""
        spread = self._high - self._low
        return (
            not self._whole
            and self._low < _CLEARLY_BELOW < 1 < self._high
            and spread < _WIDEST
            and self._has_paper
        )

    @property
    def _has_paper(self) -> bool:
        return max(self._low_count, self._high_count) >= _PAPER * self._count > 0


def of(values: NDArray[Any]) -> Scale:
    """The scale of a whole dataset, from its extremes and whether all values are whole.

    Raises InputError for values on no usual scale, and for values that are not numbers.
    """
    seen = Range()
    seen.add(values)
    return seen.scale()


def guess(scale: Scale) -> str:
    """A sentence on a scale that is none of the ``USUAL`` ones."""
    black, white = scale
    taken = f"{black:.4g} was taken for black, {white:.4g} for white"
    if scale in (_HALVES, _SIGNED_BYTES, _WORDS):
        return f"Of its values, {taken}."
    return f"Its values look like grey less its mean, or over its standard deviation: {taken}."


def is_signed(low: float, high: float) -> bool:
    """Whether values with these extremes are on the scale from -1 to 1."""
    return low < _CLEARLY_BELOW and _fits(low, high, SIGNED)


def is_unusual(low: float, high: float) -> bool:
    """Whether values with these extremes are on none of the scales that need no second look."""
    return (low < _CLEARLY_BELOW and not is_signed(low, high)) or high > BYTES[1]


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
