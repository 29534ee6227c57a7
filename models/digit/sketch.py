"""Pen strokes on a canvas → a grey, square picture, for models that take no digits of MNIST."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from models.digit import framing
from models.digit.digit import BOX, PEN, SIZE, Digit
from models.digit.strokes import Stroke, check, fit
from models.lanes import Pixels

_FINE = 560  # pixels that a picture is drawn in, at least, before it is scaled down


def from_drawing(
    strokes: Sequence[NDArray[np.floating[Any]]], side: int, *, canvas: float, pen: float
) -> Digit:
    """The drawing as it is, scaled to ``side`` pixels, white on black.

    ``strokes`` are (n, 2) in pixels of a square ``canvas``, drawn ``pen`` wide. Raises InputError
    unless each is (n, 2) finite numbers.
    """
    scale = side / canvas
    return Digit(_draw([each * scale for each in check(strokes)], pen * scale, side))


def framed(strokes: Sequence[NDArray[np.floating[Any]]], side: int, *, pen: float = 0.0) -> Digit:
    """As ``models.digit.digit.from_strokes``, with all its lengths for ``side`` in place of 28.

    Raises InputError unless each stroke is (n, 2) finite numbers.
    """
    scale, checked = side / SIZE, check(strokes)
    if not checked:
        return Digit(np.zeros((side, side), np.float32))
    redrawn = PEN * scale
    placed = [each + side / 2 for each in fit(checked, BOX * scale - redrawn, pen=pen)]
    away = side / 2 - framing.centre_of_mass(_draw(placed, redrawn, side))
    room = (side - BOX * scale) / 2  # how far a lopsided digit may move without leaving the picture
    moved = np.clip(away, -room, room)
    return Digit(_draw([each + moved for each in placed], redrawn, side))


def _draw(strokes: Sequence[Stroke], pen: float, side: int) -> Pixels:
    """Draw lines ``pen`` wide → (side, side) float32 in [0, 1]; the picture's corner is (0, 0)."""
    finer = max(2, -(-_FINE // side))
    image = Image.new("L", (side * finer, side * finer))
    ink, width = ImageDraw.Draw(image), max(pen * finer, 1.0)
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in stroke * finer]
        ink.line(points, fill=255, width=round(width), joint="curve")
        for x, y in (points[0], points[-1]):
            half = width / 2
            ink.ellipse((x - half, y - half, x + half, y + half), fill=255)
    small = image.resize((side, side), Image.Resampling.BOX)
    return np.asarray(small, np.float32) / np.float32(255)
