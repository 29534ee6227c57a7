"""What the lanes are given: a drawing, or while there is none, what was picked before."""

from __future__ import annotations

from app.draw.picture import examples
from app.session import shared, state
from app.ui import markup
from models.digit.digit import Digit
from models.formats import store
from models.formats.model_input import Input


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


def show_thumbnail(model: str) -> None:
    """Show a small picture of what this model takes; nothing where there is no example."""
    example = first(model, store.manifest(model).pictures())
    if example is not None:
        markup.example(example)
