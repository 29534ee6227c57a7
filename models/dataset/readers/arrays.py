"""Check arrays of pixels and of labels, whatever file they come from, and add their digits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.dataset import value_range
from models.dataset.collector import Collector, Labels
from models.digit.digit import SIZE, from_picture
from models.errors import InputError

_SMALLEST = 7  # pixels a side of a picture that comes as a row of numbers
_SHAPES = "Expected (n, 28, 28), (n, 28, 28, 1), (n, 784), or the like with other sides"


def add(
    collector: Collector,
    file: str,
    values: NDArray[Any],
    labels: Labels | None = None,
    *,
    scale: value_range.Scale | None = None,
    labels_from: str | None = None,
) -> None:
    """Add an array of pictures to the dataset, named after the file and their index in it.

    28×28 pictures are taken as they are, unless all are to be framed; other sizes are framed.
    ``scale`` is by default that of all pictures, with or without room. Raises InputError.
    """
    pictures = as_pictures(values)
    sides = pictures.shape[1:]
    if math.prod(sides) > collector.limits.pixels:
        raise InputError(f"Its pictures have more than {collector.limits.pixels:,} pixels each.")
    scale = scale or value_range.of(pictures)
    taken = pictures[: collector.room]
    if sides == (SIZE, SIZE) and collector.options.framing != "all":
        pixels = value_range.to_bytes(taken, scale)
        if len(taken) < len(pictures):
            pixels = pixels.copy()  # not a view that keeps all of them in memory
    else:
        pixels = np.zeros((len(taken), SIZE, SIZE), np.uint8)
        for index, picture in enumerate(taken):
            image = Image.fromarray(value_range.to_bytes(picture, scale))
            pixels[index] = value_range.to_bytes(from_picture(image).pixels)
    names = (f"{file} [{index}]" for index in range(len(taken)))
    collector.add(file, names, pixels, labels, total=len(pictures), labels_from=labels_from)


def as_pictures(values: NDArray[Any]) -> NDArray[Any]:
    """Any array of pictures as (n, h, w), not copied. Raises InputError when it cannot be one."""
    shape = values.shape
    if values.ndim == 4 and shape[-1] == 1:
        values = values[..., 0]
    elif values.ndim == 4 and shape[1] == 1:
        values = values[:, 0]
    elif values.ndim == 3 and shape[2] == 1 and shape[0] == shape[1]:
        values = values[None, ..., 0]
    elif values.ndim == 3 and shape[:2] == (SIZE, SIZE) != shape[1:]:
        raise InputError(
            f"It has the shape {shape}, in which pictures go last. Expected that pictures go "
            f"first, ({shape[2]}, {SIZE}, {SIZE}): save values.transpose(2, 0, 1)."
        )
    elif shape == (SIZE, SIZE):
        values = values[None]
    elif values.ndim == 2 and shape[0] != shape[1] and (side := side_of(shape[1])):
        values = values.reshape(-1, side, side)
    if values.ndim != 3 or 0 in values.shape:
        raise InputError(f"Its pictures have the shape {shape}. {_SHAPES}.")
    return values


def side_of(pixels: int) -> int:
    """The side of a square picture of ``pixels`` pixels; 0 if they make no such square."""
    side = math.isqrt(max(pixels, 0))
    return side if side * side == pixels and side >= _SMALLEST else 0


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
