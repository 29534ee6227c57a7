"""What is chosen for a model once its inputs are known: free sizes, and how pictures become it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.convert.guess import numbers, whole
from models.dataset import sample_inputs
from models.errors import ModelError
from models.formats.architecture import reader
from models.formats.labels import MOST_CLASSES, Facts
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.formats.model_output import AnswerKind
from models.formats.tensors import Tensor, Tensors, typed
from models.formats.wanted import Wanted

COMPARED = 64  # inputs: what a layer does to some it does to all
_FEWEST = 4
_VALUES = 1 << 21  # of all inputs: each layer's output is several times as large
_DIGITS: dict[tuple[int | None, ...], Input] = {
    (28, 28, 1): Input(),
    (28, 28): Input(shape=(28, 28), layout="HW"),
    (784,): Input(shape=(784,), layout="flat"),
}


@dataclass(frozen=True)
class Taken:
    """A model's inputs, ``size`` given where a shape leaves sides free, and how a picture becomes
    its only one, None where none does; what its first output is, the names of its classes, and a
    sentence for each thing that nobody said and no file says.
    """

    tensors: tuple[Tensor, ...]
    input: Input | None = None
    answers: AnswerKind = "probabilities"
    classes: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    def described(self, manifest: Manifest, gives: Sequence[Tensor]) -> Manifest:
        """The manifest of a model that gives these tensors, with all of this."""
        return replace(
            manifest,
            classes=self.classes,
            input=self.input,
            tensors=self.tensors,
            outputs=tuple(gives),
            answers=self.answers,
            assumed=self.assumed,
        )

    def examples(self) -> Tensors:
        """A few inputs of its own kind, as many as it takes at once where that is fixed."""
        values = sum(math.prod(each.whole) for each in self.tensors)
        few = max(_FEWEST, min(COMPARED, _VALUES // max(values, 1)))
        count = next((each.batch for each in self.tensors if each.batch), few)
        if self.input is None:
            return sample_inputs.generated(self.tensors, count)
        levels = sample_inputs.pictures(self.input, count)
        made = self.input.tensor(levels.astype(np.float32) / np.float32(255))
        return typed((made,), self.tensors)


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
        found = whole.model(
            takes, gives, description, facts, wanted, numbers=numbers.of(path), answers=answers
        )
        tensors = tuple(map(sized, found.takes))
        return Taken(tensors, found.input, found.answers, found.classes, found.assumed)

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


def sized(tensor: Tensor) -> Tensor:
    """The same with a size where sides are free and none is chosen: 224 of pictures, else 16."""
    if tensor.size or None not in tensor.shape:
        return tensor
    side = 224 if len(tensor.shape) == 3 else 16
    return replace(tensor, size=tuple(side if each is None else each for each in tensor.shape))
