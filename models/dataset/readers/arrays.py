"""Check arrays of pixels and of labels, whatever file they come from, and add their digits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.dataset import value_range
from models.dataset.collector import Collector, Labels
from models.dataset.dataset import Bytes28
from models.dataset.readers import pictures
from models.dataset.readers.parts import Parts
from models.digit.digit import LEVELS, SIZE, from_picture
from models.digit.ink import LEAST_CONTRAST
from models.errors import InputError

_SMALLEST = 7  # pixels a side of a picture that comes as a row of numbers
_SHAPES = "Expected (n, 28, 28), (n, 28, 28, 1), (n, 784), or the like with other sides"


def add(
    collector: Collector,
    file: str,
    given: Parts,
    labels: Labels | None = None,
    *,
    labels_from: str | None = None,
) -> None:
    """Add pictures to the dataset, named after the file and their index in it.

    28×28 pictures are taken as they are, unless all are to be framed; other sizes are framed. Their
    scale is that of all pictures, with or without room. Raises InputError.
    """
    if math.prod(given.sides) > collector.limits.pixels:
        raise InputError(f"Its pictures have more than {collector.limits.pixels:,} pixels each.")
    count = min(given.count, collector.room)
    if given.seen is None:  # nobody has looked at them yet
        collector.seen += count
    scale = given.scale()
    are_digits = given.sides == (SIZE, SIZE) and collector.options.framing != "all"
    pixels, done = np.zeros((count, SIZE, SIZE), np.uint8), 0
    for part in given.read() if count else ():
        grey = value_range.to_bytes(part[: count - done], scale)
        target = pixels[done : done + len(grey)]
        if are_digits:
            target[...] = grey
        else:
            for index in _with_contrast(grey):
                # Thousands of one picture make a small file, which must not take long.
                same = index > 0 and np.array_equal(grey[index], grey[index - 1])
                target[index] = target[index - 1] if same else _framed(grey[index])
                collector.report(file, done + int(index))
        done += len(grey)
        if done == count:
            break
    names = (f"{file} [{index}]" for index in range(count))
    collector.add(file, names, pixels, labels, total=given.count, labels_from=labels_from)


def _with_contrast(grey: Bytes28) -> NDArray[np.intp]:
    """Which pictures (k, h, w) are not blank at first sight: those need not be framed."""
    contrast = grey.max(axis=(1, 2)) - grey.min(axis=(1, 2))
    return np.flatnonzero(contrast / LEVELS >= LEAST_CONTRAST)


def _framed(grey: Bytes28) -> Bytes28:
    image = pictures.reduced(Image.fromarray(grey))
    return value_range.to_bytes(from_picture(image).pixels)


def picture_shape(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """The shape of any array of pictures as (n, h, w), its values in the same order.

    Raises InputError when it cannot be one.
    """
    sides = shape
    if len(shape) == 4 and shape[-1] == 1:
        sides = shape[:3]
    elif len(shape) == 4 and shape[1] == 1:
        sides = (shape[0], *shape[2:])
    elif len(shape) == 3 and shape[2] == 1 and shape[0] == shape[1]:
        sides = (1, *shape[:2])
    elif len(shape) == 3 and shape[:2] == (SIZE, SIZE) != shape[1:]:
        raise InputError(
            f"It has the shape {shape}, in which pictures go last. Expected that pictures go "
            f"first, ({shape[2]}, {SIZE}, {SIZE}): save values.transpose(2, 0, 1)."
        )
    elif shape == (SIZE, SIZE):
        sides = (1, SIZE, SIZE)
    elif len(shape) == 2 and shape[0] != shape[1] and (side := side_of(shape[1])):
        sides = (shape[0], side, side)
    if len(sides) != 3 or 0 in sides:
        raise InputError(f"Its pictures have the shape {shape}. {_SHAPES}.")
    return sides[0], sides[1], sides[2]


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
