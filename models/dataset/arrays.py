"""Arrays of pixels and of labels, from any file that holds them, checked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.dataset.items import Bytes28, Collector, Labels
from models.digit import SIZE, from_picture
from models.errors import InputError

_SHAPES = "Expected (n, 28, 28), (n, 28, 28, 1) or (n, 784)"


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
    elif values.ndim == 2 and values.shape[1] == SIZE * SIZE:
        values = values.reshape(-1, SIZE, SIZE)
    elif values.shape == (SIZE, SIZE):
        values = values[None]
    if values.ndim != 3 or 0 in values.shape[1:]:
        raise InputError(f"Its pictures have the shape {values.shape}. {_SHAPES}.")
    return to_bytes(values)


def to_bytes(values: NDArray[Any]) -> Bytes28:
    """Grey values 0…255 or 0…1 → uint8. Raises InputError for others, and for what is no number.

    Values are 0…1 when none is above 1 and they are no integers.
    """
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.bool_:
        return values.astype(np.uint8) * np.uint8(255)
    if values.dtype.kind not in "iuf":
        raise InputError(f"Its values are of type {values.dtype}. Expected numbers.")
    if not values.size:
        return values.astype(np.uint8)
    low, high = float(values.min()), float(values.max())
    if not (low >= 0 and high <= 255):  # also true of NaN
        raise InputError(
            f"Its grey values go from {low:g} to {high:g}. Expected 0 to 255, or 0 to 1."
        )
    scale = 255 if high <= 1 and values.dtype.kind == "f" else 1
    result = np.empty(values.shape, np.uint8)
    for start in range(0, len(values), 4096):  # a float copy of 60,000 pictures takes 376 MB
        part = values[start : start + 4096].astype(np.float32)
        result[start : start + 4096] = np.rint(part * scale)
    return result


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
