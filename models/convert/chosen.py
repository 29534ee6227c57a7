"""What is chosen for a model once its inputs are known: free sizes, and how pictures become it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from models.convert.guess import numbers, whole
from models.convert.guess.taken import Taken, sized
from models.errors import ModelError
from models.formats.architecture import reader
from models.formats.labels import MOST_CLASSES, Facts
from models.formats.model_input import Input
from models.formats.tensors import Tensor
from models.formats.wanted import Wanted

_DIGITS: dict[tuple[int | None, ...], Input] = {
    (28, 28, 1): Input(),
    (28, 28): Input(shape=(28, 28), layout="HW"),
    (784,): Input(shape=(784,), layout="flat"),
}


# From what a model takes and gives.
Choose = Callable[[Sequence[Tensor], Sequence[Tensor]], Taken]


def guessed(
    path: Path, facts: Facts, wanted: Wanted, *, answers: NDArray[Any] | None = None
) -> Choose:
    """Choose for the model at ``path`` by what its file, files beside it and a person say.

    ``answers`` (n, outputs) are some of its first output, where they are known. Raises ModelError,
    when asked, where what is wanted does not fit the model.
    """

    def choose(takes: Sequence[Tensor], gives: Sequence[Tensor]) -> Taken:
        try:
            description = reader.read(path)
        except ModelError:  # a SavedModel that was exported does not say how it is made
            description = None
        return whole.model(
            takes, gives, description, facts, wanted, numbers=numbers.of(path), answers=answers
        )

    return choose


def digits() -> Choose:
    """Choose for a model of digits, which takes pixels from 0 to 1: nothing for others."""

    def choose(tensors: Sequence[Tensor], gives: Sequence[Tensor]) -> Taken:
        first = tensors[0]
        known = _DIGITS.get(first.shape) if len(tensors) == 1 and first.values is None else None
        count = classes(gives)
        names = tuple(map(str, range(count if count <= MOST_CLASSES else 0)))
        return Taken(tuple(map(sized, tensors)), known, classes=names)

    return choose


def classes(gives: Sequence[Tensor]) -> int:
    """How many values the first output has, 0 where that is no row of numbers."""
    shape = gives[0].shape
    return shape[0] or 0 if len(shape) == 1 else 0
