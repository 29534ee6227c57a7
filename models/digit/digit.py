"""Strokes, a picture or bare pixels → a digit: 28×28, white on black, framed as MNIST frames.

What is framed otherwise, or not at all, and in colour too, is a ``Digit`` as well: any picture that
a model is given.

MNIST's own framing (http://yann.lecun.com/exdb/mnist/): the digit, its shape kept, fits a box of
20×20 pixels by its longer side, is antialiased, and its centre of mass is the middle of 28×28.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.digit import framing, mending, resolution
from models.digit.grayscale import Grey, grey
from models.digit.ink import from_grey
from models.digit.strokes import along, check, draw, fit
from models.errors import InputError
from models.lanes import Pixels

SIZE = framing.SIZE
BOX = framing.BOX
LEVELS = 255  # steps between black and full ink
PEN = 2.0  # pixels: the width at which strokes are redrawn
_COLOURS = (3, 4)  # channels; grey has no axis for them
_MOST = 1 << 24  # values of a picture: as many as a model's input may have
_FAINT = 0.1  # a digit without any pixel above this is blank


@dataclass(frozen=True, eq=False)
class Digit:
    """The input of a model: ``pixels`` (28, 28) float32 in [0, 1], white on black; of a model of
    other pictures (height, width), or (height, width, channels) with 3 or 4 channels.

    The array is read-only. Every pixel is a whole number of 255ths, as in MNIST and in any 8-bit
    picture, so that a link can carry a digit exactly: values are rounded to the nearest.
    Two of the same ``id`` have the same pixels. Raises InputError for anything else.
    """

    pixels: Pixels

    def __post_init__(self) -> None:
        shape = self.pixels.shape
        is_picture = len(shape) == 2 or (len(shape) == 3 and shape[2] in _COLOURS)
        if not (is_picture and 0 < self.pixels.size <= _MOST and self.pixels.dtype == np.float32):
            raise InputError(
                f"A digit has (28, 28) float32 pixels, and any other picture (h, w) or (h, w, 3), "
                f"not {shape} {self.pixels.dtype}. "
                "Use `models.digit.digit.from_pixels` or `from_picture`."
            )
        if not (self.pixels.min() >= 0 and self.pixels.max() <= 1):  # NaN fails both
            raise InputError(
                "A digit's pixels must lie between 0 (black) and 1 (ink). "
                "Divide 8-bit values by 255."
            )
        rounded = np.rint(self.pixels * LEVELS).astype(np.float32) / np.float32(LEVELS)
        rounded.setflags(write=False)
        object.__setattr__(self, "pixels", rounded)

    @cached_property
    def id(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of the pixels' bytes; but for 28×28, also
        of their shape.
        """
        shape = self.pixels.shape
        told = b"" if shape == (SIZE, SIZE) else repr(shape).encode()
        return hashlib.sha256(self.pixels.tobytes() + told).hexdigest()[:16]

    @cached_property
    def levels(self) -> bytes:
        """The pixels in 255ths, row after row, 784 of a digit; ``from_levels`` is the inverse."""
        levels: NDArray[np.uint8] = np.rint(self.pixels * LEVELS).astype(np.uint8)
        return levels.tobytes()

    @cached_property
    def is_blank(self) -> bool:
        """Whether there is no ink to read. A picture in colour has none, and is never blank."""
        return self.pixels.ndim == 2 and bool(self.pixels.max() < _FAINT)


def from_strokes(strokes: Sequence[NDArray[np.floating[Any]]], *, pen: float = 0.0) -> Digit:
    """Redraw pen strokes, each (n, 2) with x right and y down in any unit, at one pen width.

    The result does not depend on where on the canvas, how large or with what brush they were drawn.
    But strokes within the width of the ``pen`` that drew them, in their unit, are a dot.
    Without points the digit is blank. Raises InputError unless each is (n, 2) finite numbers.
    """
    checked = check(strokes)
    if not checked:
        return Digit(np.zeros((SIZE, SIZE), np.float32))
    points = np.concatenate([along(each) for each in fit(checked, BOX - PEN, pen=pen)])
    away = framing.MIDDLE - framing.centre_of_mass(draw(points, PEN))
    room = (SIZE - BOX) / 2  # how far a lopsided digit may move without leaving the picture
    points = points + np.clip(away, -room, room)
    return Digit(draw(points, PEN))


def from_levels(levels: bytes, shape: tuple[int, ...] = (SIZE, SIZE)) -> Digit:
    """The digit of 784 bytes, row after row, or the picture (h, w) or (h, w, c) of as many bytes as
    its ``shape`` has. Raises InputError for any other number.
    """
    if len(levels) != math.prod(shape):
        what = "A digit" if shape == (SIZE, SIZE) else f"A picture {shape}"
        raise InputError(f"{what} has {math.prod(shape):,} levels, not {len(levels):,}.")
    pixels = np.frombuffer(levels, np.uint8).reshape(shape).astype(np.float32)
    return Digit(pixels / np.float32(LEVELS))


def from_picture(image: Image.Image) -> Digit:
    """Find the ink of a picture of one digit and frame it, whatever its size, mode and polarity.

    Without ink the digit is blank. Raises InputError for a picture without pixels or with more
    than ``models.digit.grayscale.MAX_PIXELS``.
    """
    return from_ink(ink(image))


def from_ink(ink: Grey) -> Digit:
    """Frame how much ink each pixel holds, (height, width) from 0 to 1. Without ink it is blank."""
    return Digit(framing.frame(ink))


def ink(image: Image.Image) -> Grey:
    """How much ink each pixel of a picture of one digit holds, as ``models.digit.mending`` has it.

    (height, width) float32 in [0, 1]. The size differs from the picture's where that is tiny, was
    enlarged by repeating pixels, or where something encloses the digit. Raises InputError as
    ``from_picture`` does.
    """
    picture = resolution.own(grey(image))
    parts = mending.writing(picture)
    return parts[0].picture if len(parts) == 1 else from_grey(picture)


def from_pixels(pixels: NDArray[Any], shape: tuple[int, ...] = (SIZE, SIZE)) -> Digit:
    """Take pixels of this shape as they are: integers from 0 to 255, or numbers from 0 to 1.

    Raises InputError for another shape, and for values outside that range or not finite.
    """
    values = np.asarray(pixels)
    if values.shape != shape:
        raise InputError(f"The pixels have the shape {values.shape}. Expected {shape}.")
    scale = 255 if np.issubdtype(values.dtype, np.integer) else 1
    return Digit((values / scale).astype(np.float32))
