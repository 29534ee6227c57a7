"""Feature maps as pictures: a layer's output for one picture, its channels side by side."""

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
MOST = 64  # channels; more cannot be told apart
_GAP = 1
_GREY = 96  # between the maps, and for values that are not finite


def span(*arrays: Values) -> tuple[float, float]:
    """The smallest and the largest finite value of all arrays."""
    finite = np.concatenate([each[np.isfinite(each)].ravel() for each in arrays])
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def channels(values: Values, colours: Input | None = None) -> Values:
    """A layer's output for one picture, (1, …), as (channels, height, width), at most ``MOST``.

    A 3-D output has its channels last; a 1-D output becomes one channel. With ``colours`` it is
    the model's input, and in colour (1, height, width, 3) remains.
    """
    one: Values = values[0]
    if colours is not None and colours.layout == "flat" and one.shape == colours.shape:
        one = one.reshape(*colours.size, colours.channels)
    if colours is not None and colours.channels >= RGB and one.ndim == RGB:
        picture = np.moveaxis(one, 0, -1) if colours.layout == "CHW" else one
        return picture[None, ..., 2::-1] if colours.order == "bgr" else picture[None, ..., :RGB]
    if one.ndim == 3:
        one = np.moveaxis(one, -1, 0)
    elif one.ndim == 1:
        one = one[None, None]
    else:
        one = one.reshape(1, len(one) if one.ndim else 1, -1)
    return one[:MOST]


def picture(maps: Values, low: float, high: float) -> str:
    """(channels, height, width), or (1, height, width, 3) in colour, as a data: URL of one PNG from
    ``low`` to ``high``. Values that are not finite are grey.
    """
    count, height, width, *colours = maps.shape
    columns = count if count <= 4 else math.ceil(math.sqrt(count * height / width))
    lines = math.ceil(count / columns)
    canvas = np.full(
        (lines * (height + _GAP) - _GAP, columns * (width + _GAP) - _GAP, *colours),
        _GREY,
        np.uint8,
    )
    scale = 255 / (high - low) if high > low else 0.0
    grey = np.clip((maps.astype(np.float64) - low) * scale, 0, 255)
    shown = np.where(np.isfinite(grey), np.round(grey), _GREY).astype(np.uint8)
    for index, each in enumerate(shown):
        line, column = divmod(index, columns)
        top, left = line * (height + _GAP), column * (width + _GAP)
        canvas[top : top + height, left : left + width] = each
    file = io.BytesIO()
    Image.fromarray(canvas).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
