"""What is known of a model's inputs and answers, once all has been read, guessed or said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.dataset import sample_inputs
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.formats.model_output import AnswerKind
from models.formats.tensors import Tensor, Tensors, typed

COMPARED = 64  # inputs: what a layer does to some it does to all
_FEWEST = 4
_VALUES = 1 << 21  # of all inputs: each layer's output is several times as large


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


def sized(tensor: Tensor) -> Tensor:
    """The same with a size where sides are free and none is chosen: 224 of pictures, else 16."""
    if tensor.size or None not in tensor.shape:
        return tensor
    side = 224 if len(tensor.shape) == 3 else 16
    return replace(tensor, size=tuple(side if each is None else each for each in tensor.shape))
