"""Feature maps as pictures: a layer's output for one picture, a channel or all of them."""

from __future__ import annotations

import base64
import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.formats.model_input import Input

Values = NDArray[np.floating[Any]]

RGB = 3
MOST = 64  # channels in one picture; more cannot be told apart
ACROSS = 64  # values in a line of a strip; more are in lines below each other
SIDE = 512  # values of a map's side at most: a picture is sent with the page
_GAP = 1
_GREY = 96  # between the maps, and for values that are not finite


def span(*arrays: Values) -> tuple[float, float]:
    """The smallest and the largest finite value of all arrays."""
    finite = np.concatenate([each[np.isfinite(each)].ravel() for each in arrays])
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def channels(values: Values, colours: Input | None = None) -> Values:
    """A layer's output for one picture, (1, …), as (channels, height, width), no side longer than
    ``SIDE``: what is beyond is left out.

    An output of three dimensions or more has its channels last; one of two is one map, its longer
    side across; a row of values is one map of lines of ``ACROSS``, or more where there are many,
    the last one filled with NaN. With ``colours`` it is the model's input, and in colour
    (1, height, width, 3) remains.
    """
    one: Values = values[0]
    if colours is not None and colours.layout == "flat" and one.shape == colours.shape:
        one = one.reshape(*colours.size, colours.channels)
    if colours is not None and colours.channels >= RGB and one.ndim == RGB:
        picture = np.moveaxis(one, 0, -1) if colours.layout == "CHW" else one
        return picture[None, ..., 2::-1] if colours.order == "bgr" else picture[None, ..., :RGB]
    if one.ndim >= 3:
        one = np.moveaxis(one, -1, 0).reshape(one.shape[-1], one.shape[0], -1)
    elif one.ndim == 2:
        one = (one if one.shape[0] <= one.shape[1] else one.T)[None]
    else:
        one = _lines(one.reshape(-1))[None]
    return one[:, :SIDE, :SIDE]


def _lines(row: Values) -> Values:
    across = min(SIDE, max(ACROSS, math.isqrt(max(0, row.size - 1)) + 1))
    if row.size <= across:
        return row[None]
    row = row[: SIDE * SIDE]
    lines = np.full((math.ceil(row.size / across), across), np.nan, row.dtype)
    lines.flat[: row.size] = row
    return lines


def picture(maps: Values, low: float, high: float) -> str:
    """(channels, height, width), or (1, height, width, 3) in colour, as a data: URL of one PNG from
    ``low`` to ``high``, with at most ``MOST`` channels. Values that are not finite are grey.
    """
    maps = maps[:MOST]
    count, height, width, *colours = maps.shape
    columns = count if count <= 4 else math.ceil(math.sqrt(count * height / width))
    lines = math.ceil(count / columns)
    canvas = np.full(
        (lines * (height + _GAP) - _GAP, columns * (width + _GAP) - _GAP, *colours),
        _GREY,
        np.uint8,
    )
    scale = 255 / (high - low) if high > low else 0.0
    with np.errstate(invalid="ignore"):
        grey = np.clip((maps.astype(np.float64) - low) * scale, 0, 255)
    shown = np.where(np.isfinite(maps), np.round(grey), _GREY).astype(np.uint8)
    for index, each in enumerate(shown):
        line, column = divmod(index, columns)
        top, left = line * (height + _GAP), column * (width + _GAP)
        canvas[top : top + height, left : left + width] = each
    file = io.BytesIO()
    Image.fromarray(canvas).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def cut(values: Values) -> bool:
    """Whether ``channels`` leaves out some of a layer's output, for its size."""
    sizes = values.shape[1:]
    if len(sizes) <= 1:
        return bool(values.size > SIDE * SIDE)
    if len(sizes) == 2:
        return bool(max(sizes) > SIDE)
    return bool(sizes[0] > SIDE or math.prod(sizes[1:-1]) > SIDE)
