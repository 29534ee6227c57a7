"""Labels from folder and file names: ``7/abc.png``, ``7_abc.png``, ``seven_1.png``, and by a
class's name ``cat/1.jpg``, ``cat_1.jpg``, ``cat.1.jpg``.

Names are a guess, so guesses are counted by kind and can be turned off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from models.dataset.classes import DIGITS, Classes
from models.dataset.labels import class_names, digit_names
from models.dataset.labels.places import (
    CLASS_FOLDER,
    CLASS_START,
    END,
    FOLDER,
    MARKER,
    OF_NAMES,
    RULES,
    START,
    WORD,
    Label,
    Rule,
)

__all__ = [
    "CLASS_FOLDER",
    "CLASS_START",
    "END",
    "FOLDER",
    "MARKER",
    "OF_NAMES",
    "RULES",
    "START",
    "WORD",
    "Label",
    "Rule",
    "from_names",
]


def _nobody(_name: str) -> None:
    pass


def from_names(
    names: Sequence[str],
    rule: Rule = "auto",
    classes: Classes = DIGITS,
    no_class: Callable[[str], None] = _nobody,
    counts: Callable[[str], None] = _nobody,
) -> list[Label | None]:
    """The label of each path and where it was found, or None where there is none.

    ``auto`` takes the nearest folder that is a class, else the file name; a folder with a class's
    name goes before one with a number. ``no_class`` is called with each folder that should be a
    class and is none, ``counts`` with each path whose number may be a digit's label and was taken
    for one that merely counts.
    """
    if classes.are_digits:
        return digit_names.labels(names, rule, counts)
    paths = list(map(PurePosixPath, names))
    return class_names.labels(paths, rule, classes, no_class)
