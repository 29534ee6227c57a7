"""Arrays of pixels and of labels, from any file that holds them, checked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.dataset.items import Bytes28, Collector, Labels
from models.digit import SIZE, from_picture
from models.errors import InputError

_SMALLEST = 7  # pixels a side of a picture that comes as a row of numbers
_SCALES = ((0, 1), (0, 16), (0, 255), (-1, 1))
_SHAPES = "Expected (n, 28, 28), (n, 28, 28, 1), (n, 784), or the like with other sides"


def add(
    collector: Collector, file: str, values: NDArray[Any], labels: Labels | None = None
) -> None:
    """Put an array of pictures into the set, named after the file and their place in it.

    28×28 as they are unless all are to be framed, other sizes framed. Raises InputError.
    """
    pictures = as_pictures(values)
    room = collector.limits.images - collector.count
    names = (f"{file} [{index}]" for index in range(len(pictures)))
    if pictures.shape[1:] == (SIZE, SIZE) and collector.options.framing != "all":
        collector.add(file, names, pictures, labels)
        return
    if pictures.shape[1] * pictures.shape[2] > collector.limits.pixels:
        raise InputError(f"Its pictures have more than {collector.limits.pixels:,} pixels each.")
    framed = np.zeros((len(pictures), SIZE, SIZE), np.uint8)
    for index, picture in enumerate(pictures[:room]):
        framed[index] = to_bytes(from_picture(Image.fromarray(picture)).pixels)
    collector.add(file, names, framed, labels)


def as_pictures(values: NDArray[Any]) -> Bytes28:
    """Any array of pictures → (n, h, w) uint8. Raises InputError when it cannot be one."""
    if values.ndim == 4 and values.shape[-1] == 1:
        values = values[..., 0]
    elif values.ndim == 4 and values.shape[1] == 1:
        values = values[:, 0]
    elif values.shape == (SIZE, SIZE):
        values = values[None]
    elif (
        values.ndim == 2
        and values.shape[0] != values.shape[1]
        and (side := side_of(values.shape[1]))
    ):
        values = values.reshape(-1, side, side)
    if values.ndim != 3 or 0 in values.shape[1:]:
        raise InputError(f"Its pictures have the shape {values.shape}. {_SHAPES}.")
    return to_bytes(values)


def side_of(pixels: int) -> int:
    """The side of a square picture with so many pixels, 0 if there is none."""
    side = math.isqrt(pixels)
    return side if side * side == pixels and side >= _SMALLEST else 0


def to_bytes(values: NDArray[Any]) -> Bytes28:
    """Grey values on a usual scale → uint8. Raises InputError for others, and for no numbers.

    The scale is that of the set's least and largest value: -1…1, 0…1, 0…16 (scikit-learn's digits)
    or 0…255.
    """
    if values.dtype == np.bool_:
        return values.astype(np.uint8) * np.uint8(255)
    if values.dtype.kind not in "iuf":
        raise InputError(f"Its values are of type {values.dtype}. Expected numbers.")
    if not values.size:
        return values.astype(np.uint8)
    black, white = _scale(float(values.min()), float(values.max()))
    if values.dtype == np.uint8 and white == 255:
        return values
    result = np.empty(values.shape, np.uint8)
    for start in range(0, len(values), 4096):  # a float copy of 60,000 pictures takes 376 MB
        part = values[start : start + 4096].astype(np.float32)
        result[start : start + 4096] = np.rint((part - black) * (255 / (white - black)))
    return result


def _scale(low: float, high: float) -> tuple[int, int]:
    """What black and white are in a set with these extremes. Raises InputError."""
    for black, white in _SCALES:
        if black <= low and high <= white:  # never true of NaN
            return black, white
    raise InputError(
        f"Its grey values go from {low:g} to {high:g}. Expected 0 to 255, 0 to 1, or -1 to 1."
    )


def as_labels(values: NDArray[Any]) -> NDArray[np.int8]:
    """Digits (n,), or one-hot rows (n, 10) → (n,) int8. Raises InputError for anything else."""
    if values.ndim == 2 and values.shape[1] == 10 and values.dtype.kind in "iufb":
        values = values.argmax(axis=1)
    elif values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1 or values.dtype.kind not in "iuf":
        raise InputError(
            f"Its labels have the shape {values.shape} and type {values.dtype}. "
            "Expected (n,) digits, or (n, 10) one-hot."
        )
    if values.size and not bool(np.isin(values, np.arange(10)).all()):
        wrong = values[~np.isin(values, np.arange(10))][0]
        raise InputError(f"One of its labels is {wrong}. Expected digits from 0 to 9.")
    return values.astype(np.int8)
