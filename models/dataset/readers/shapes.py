"""What an array's shape says of the pictures in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from models.digit.digit import SIZE
from models.errors import InputError
from models.formats.model_input import CHANNELS, Input

_COLOURS = (3, 4)
_SMALLEST = 7  # pixels a side of a picture that comes as a row of numbers
_SHAPES = "Expected (n, 28, 28), (n, 28, 28, 1), (n, 784), or the like with other sides"


@dataclass(frozen=True)
class Pictures:
    """``count`` pictures, each (h, w) or (h, w, c); ``channels_first``: stored as (c, h, w)."""

    count: int
    picture: tuple[int, ...]
    channels_first: bool = False

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of whole pictures, in the order in which they are stored → (k, *picture)."""
        if not self.channels_first:
            return values.reshape(-1, *self.picture)
        height, width, channels = self.picture
        return values.reshape(-1, channels, height, width).transpose(0, 2, 3, 1)


def of(shape: tuple[int, ...], target: Input) -> Pictures:
    """The pictures in an array of any shape, for a model that takes ``target``.

    Raises InputError when it cannot be one.
    """
    found = _digits(shape) if target.is_digit else _pictures(shape, target)
    if 0 in (found.count, *found.picture):
        raise InputError(f"Its pictures have the shape {shape}. {_expected(target)}.")
    return found


def of_row(numbers: int, target: Input) -> tuple[int, ...] | None:
    """The picture that so many numbers make: as the model takes it, its colours last, or a grey
    square; None if they make none.
    """
    if not target.is_digit and numbers == math.prod(target.picture):
        return target.picture
    side = side_of(numbers) if target.channels == 1 else 0
    return (side, side) if side else None


def side_of(pixels: int) -> int:
    """The side of a square picture of ``pixels`` pixels; 0 if they make no such square."""
    side = math.isqrt(max(pixels, 0))
    return side if side * side == pixels and side >= _SMALLEST else 0


def _digits(shape: tuple[int, ...]) -> Pictures:
    sides = shape
    if len(shape) == 4 and shape[-1] == 1:
        sides = shape[:3]
    elif len(shape) == 4 and shape[1] == 1:
        sides = (shape[0], *shape[2:])
    elif len(shape) == 4 and (shape[3] in _COLOURS or shape[1] in _COLOURS):
        return _in_colour(shape)
    elif len(shape) == 3 and shape[2] == 1 and shape[0] == shape[1]:
        sides = (1, *shape[:2])
    elif len(shape) == 3 and shape[:2] == (SIZE, SIZE) and shape[2] in _COLOURS:
        return Pictures(1, shape)
    elif len(shape) == 3 and shape[:2] == (SIZE, SIZE) != shape[1:]:
        raise _go_last(shape)
    elif shape == (SIZE, SIZE):
        sides = (1, SIZE, SIZE)
    elif len(shape) == 2 and shape[0] != shape[1] and (side := side_of(shape[1])):
        sides = (shape[0], side, side)
    elif len(shape) == 2 and shape[0] != shape[1] and side_of(shape[0]):
        raise InputError(
            f"It has the shape {shape}, in which a picture may be a column. Expected that it is a "
            "row: save x.T."
        )
    elif len(shape) == 1 and (side := side_of(shape[0])):
        sides = (1, side, side)
    return Pictures(sides[0], sides[1:]) if len(sides) == 3 else Pictures(0, ())


def _in_colour(shape: tuple[int, ...]) -> Pictures:
    """(n, h, w, c) or (n, c, h, w)."""
    if shape[3] in _COLOURS:
        return Pictures(shape[0], shape[1:])
    return Pictures(shape[0], (*shape[2:], shape[1]), channels_first=True)


def _pictures(shape: tuple[int, ...], target: Input) -> Pictures:
    first_channel = (target.channels, *target.size)
    if shape in (target.picture, (*target.size, target.channels)):
        return Pictures(1, target.picture)
    if shape == first_channel:
        return Pictures(1, target.picture, channels_first=True)
    if len(shape) == 2 and (row := of_row(shape[1], target)):
        return Pictures(shape[0], row)
    if len(shape) == 3 and shape[:2] == target.size != shape[1:]:
        raise _go_last(shape)
    if len(shape) == 3:
        return Pictures(shape[0], shape[1:])
    if len(shape) != 4:
        return Pictures(0, ())
    last = shape[3] in CHANNELS and shape[1:] != first_channel
    channels, sides = (shape[3], shape[1:3]) if last else (shape[1], shape[2:])
    if channels not in CHANNELS:
        return Pictures(0, ())
    if channels == 1:
        return Pictures(shape[0], sides)
    return Pictures(shape[0], (*sides, channels), channels_first=not last)


def _go_last(shape: tuple[int, ...]) -> InputError:
    height, width, count = shape
    return InputError(
        f"It has the shape {shape}, in which pictures go last. Expected that pictures go "
        f"first, ({count}, {height}, {width}): save x.transpose(2, 0, 1)."
    )


def _expected(target: Input) -> str:
    if target.is_digit:
        return _SHAPES
    sides = ", ".join(map(str, target.picture))
    return f"Expected (n, {sides}), (n, {math.prod(target.picture)}), or the like with other sides"
