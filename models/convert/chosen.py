"""What is chosen for a model once its inputs are known: free sizes, and how pictures become it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.dataset import sample_inputs
from models.formats.model_input import Input
from models.formats.tensors import Tensor, Tensors

COMPARED = 64  # inputs: what a layer does to some it does to all
_FEWEST = 8
_VALUES = 1 << 21  # of all inputs: each layer's output is several times as large
_DIGITS: dict[tuple[int | None, ...], Input] = {
    (28, 28, 1): Input(),
    (28, 28): Input(shape=(28, 28), layout="HW"),
    (784,): Input(shape=(784,), layout="flat"),
}


@dataclass(frozen=True)
class Taken:
    """A model's inputs, ``size`` given where a shape leaves sides free, and how a picture becomes
    its only one, None where none does.
    """

    tensors: tuple[Tensor, ...]
    input: Input | None = None

    def examples(self) -> Tensors:
        """A few inputs of its own kind, as many as it takes at once where that is fixed."""
        values = sum(math.prod(each.whole) for each in self.tensors)
        few = max(_FEWEST, min(COMPARED, _VALUES // max(values, 1)))
        count = next((each.batch for each in self.tensors if each.batch), few)
        if self.input is None:
            return sample_inputs.generated(self.tensors, count)
        levels = sample_inputs.pictures(self.input, count)
        made = self.input.tensor(levels.astype(np.float32) / np.float32(255))
        dtype = np.dtype(self.tensors[0].dtype)
        return ((made if dtype.kind == "f" else np.rint(made)).astype(dtype),)


Choose = Callable[[Sequence[Tensor]], Taken]


def digits(scale: float = 1.0) -> Choose:
    """Choose for a model of digits, which takes pixels from 0 to ``scale``: nothing for others."""

    def choose(tensors: Sequence[Tensor]) -> Taken:
        first = tensors[0]
        known = _DIGITS.get(first.shape) if len(tensors) == 1 and first.values is None else None
        given = None if known is None else replace(known, scale=(scale,))
        return Taken(tuple(map(sized, tensors)), given)

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
