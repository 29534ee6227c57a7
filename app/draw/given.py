"""What the lanes are given: the drawing, or while there is none, what was picked before."""

from __future__ import annotations

from typing import Any

from app.draw.canvas import canvas
from app.draw.picture import examples
from app.session import shared, state
from models.digit import fabric_drawing, sketch
from models.digit.digit import Digit, from_strokes
from models.errors import InputError
from models.formats.model_input import Input


def has_canvas(taken: Input) -> bool:
    """Whether it can be drawn: a drawing is grey, and the canvas is square."""
    height, width = taken.size
    return taken.channels == 1 and height == width


def ready(model: str, taken: Input) -> tuple[Digit, ...]:
    """The examples to try with one click."""
    return shared.examples() if taken.is_digit else examples.of(model)


def shown(model: str, taken: Input) -> Digit | None:
    """What is shown while nothing is drawn: what was picked or given; for a newcomer, and for one
    who has picked a model of other pictures, an example.
    """
    picked = state.shown()
    if picked is not None and picked.pixels.shape == taken.picture:
        return picked
    if picked is None and not state.is_newcomer():
        return None  # it was cleared
    return first(model, taken)


def first(model: str, taken: Input) -> Digit | None:
    """What a newcomer sees first; None without examples."""
    return shared.first_example() if taken.is_digit else next(iter(examples.of(model)), None)


def picture(content: Any, otherwise: Digit | None, taken: Input) -> tuple[Digit | None, str | None]:
    """The drawing as the model takes it, or else ``otherwise``; or why it cannot be read."""
    try:
        strokes = fabric_drawing.strokes(content)
    except InputError as error:
        return None, str(error)
    if not strokes:
        return otherwise, None
    if taken.is_digit:
        return from_strokes(strokes), None
    side = taken.size[0]
    if taken.framing == "mnist":
        return sketch.framed(strokes, side), None
    return sketch.from_drawing(strokes, side, canvas=canvas.SIZE, pen=canvas.PEN), None
