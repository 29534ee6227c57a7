"""What a drawing on the pad is for a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.digit import fabric_drawing, sketch
from models.digit.digit import Digit, from_strokes
from models.digit.strokes import Stroke
from models.errors import InputError
from models.formats.model_input import Input

CANVAS = 280  # the side of the pad in its own units, whatever its size on the screen
PEN = 18  # of these
EMPTY = "The drawing holds no stroke."


def drawn(content: Any, taken: Input) -> Digit:
    """The drawing as the model takes it. Raises InputError for one that cannot be read, or is
    empty.
    """
    strokes = fabric_drawing.strokes(content)
    if not strokes:
        raise InputError(EMPTY)
    return of_strokes(strokes, taken)


def of_strokes(strokes: Sequence[Stroke], taken: Input) -> Digit:
    """Strokes, each (n, 2) in units of the pad, as the model takes them."""
    if taken.is_digit:
        return from_strokes(strokes, pen=PEN)
    side = taken.size[0]
    if taken.framing == "mnist":
        return sketch.framed(strokes, side, pen=PEN)
    return sketch.from_drawing(strokes, side, canvas=CANVAS, pen=PEN)
