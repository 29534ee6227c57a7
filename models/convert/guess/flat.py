"""Which rows of numbers are the pixels of a picture, row by row, with the colours of each together.

A table has rows of numbers, too, so only what hardly any table has is taken for a picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from models.errors import ModelError
from models.formats.labels import Facts
from models.formats.model_input import CHANNELS
from models.formats.wanted import Wanted

Sides = tuple[int, int, int]  # height, width and channels

_LEAST_GREY = 8  # pixels a side: scikit-learn's digits have these
_LEAST_COLOUR = 28  # below, many tables have as many: 300 and 768 numbers stand for words
_COLOURS = {1: "in grey", 3: "in colour", 4: "in colour with transparency"}
_CHANGES = "; --size or --layout none changes it."


def wanted(length: int, said: Wanted) -> Sides:
    """The picture that a person says a row of so many numbers is. Raises ModelError where it is
    none of that size, or no square where no size is said.
    """
    if said.size is None:
        found = next(_squares(length), None)
        if found is None:
            raise ModelError(
                f"--layout flat: {length} values are no square picture, in grey or in colour. "
                "--size HEIGHTxWIDTH says how high and how wide it is."
            )
        return found
    height, width = said.size
    channels = length // (height * width)
    if channels not in CHANNELS or height * width * channels != length:
        raise ModelError(
            f"--size {height}x{width} does not fit: the model takes {length} values, which are no "
            "picture of that size in grey, in colour, or in colour with transparency."
        )
    return height, width, channels


def guess(length: int, facts: Facts) -> tuple[Sides | None, list[str]]:
    """The picture that a row of so many numbers seems to be, None where it is rather one of a
    table, and a sentence where it could be both.
    """
    if facts.size is not None:
        channels = 1 if facts.grey else 3
        if math.prod(facts.size) * channels == length:
            known = (*facts.size, channels)
            return known, [f"{_taken(length, known)}, as {facts.source} says{_CHANGES}"]
    found = next(_squares(length), None)
    if found is None or found[0] < _LEAST_GREY:
        return None, []
    height, width, channels = found
    if channels > 1 and height < _LEAST_COLOUR:
        return None, [
            f"{length} values are taken for numbers of a table, though as many are the pixels of a "
            f"picture of {height}×{width} {_COLOURS[channels]}; --layout flat changes it."
        ]
    return found, [f"{_taken(length, found)}{_CHANGES}"]


def _squares(length: int) -> Iterator[Sides]:
    """The square picture of so many values: none in grey is one in colour, too, as 3 is no square;
    any with transparency is one in grey of twice the side.
    """
    for channels in (1, 3):
        side = math.isqrt(length // channels)
        if side and side * side * channels == length:
            yield side, side, channels


def _taken(length: int, found: Sides) -> str:
    height, width, channels = found
    return (
        f"{length} values are taken for the pixels of a picture of {height}×{width} "
        f"{_COLOURS[channels]}, row by row"
    )
