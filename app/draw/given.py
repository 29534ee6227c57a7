"""What the lanes are given: a drawing, or while there is none, what was picked before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.draw.picture import examples
from app.session import shared, state
from app.ui import markup
from models.digit import fabric_drawing, sketch
from models.digit.digit import Digit, from_strokes
from models.digit.strokes import Stroke
from models.errors import InputError
from models.formats import store
from models.formats.model_input import Input

CANVAS = 280  # the side of the pad in its own units, whatever its size on the screen
PEN = 18  # of these
EMPTY = "The drawing holds no stroke."


def has_canvas(taken: Input) -> bool:
    """Whether it can be drawn: a drawing is grey, and the canvas is square."""
    height, width = taken.size
    return taken.channels == 1 and height == width


def ready(model: str, taken: Input) -> tuple[Digit, ...]:
    """The examples to try with one click."""
    return shared.examples() if taken.is_digit else examples.of(model)


def shown(model: str, taken: Input) -> Digit | None:
    """What is shown when the page opens: what was picked, drawn or given; for a newcomer, and for
    one who has picked a model of other pictures, an example.
    """
    picked = state.digit()
    if picked is not None:
        return picked
    last = state.visit()
    return None if last is not None and last.digit is None else first(model, taken)


def first(model: str, taken: Input) -> Digit | None:
    """What a newcomer sees first; None without examples."""
    return shared.first_example() if taken.is_digit else next(iter(examples.of(model)), None)


def thumbnail(model: str) -> str | None:
    """The URL of a small picture of what this model takes; None where there is no example."""
    example = first(model, store.manifest(model).pictures())
    return None if example is None else markup.thumbnail_url(example)


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
