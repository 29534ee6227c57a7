"""A lane of the server in memory, whatever runs it: from pictures, or any tensors, to answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.errors import InputError, ModelError
from models.formats.model_input import Input
from models.formats.tensors import Tensor, Tensors, typed
from models.lanes import Lane, Pixels, Probabilities
from models.runtimes.keras import calling
from models.runtimes.process import cpu_threads

BATCH = 128  # more at once are no faster, slower on a busy machine, and take more memory
_SMALLEST = 16  # inputs worth a call of their own, where a batch is shared among processors
_VALUES = 1 << 21  # of a batch's inputs together: a layer's output is several times as large


@dataclass(frozen=True, eq=False)
class LoadedLane:
    """A model in memory that can predict; safe to share between threads.

    ``classes`` is how many values its first output has for one input. ``load_ms`` is the time for
    reading the files and building the function, in milliseconds, without importing TensorFlow or
    predicting. A batch is split among ``at_once`` calls. ``input`` is how a picture becomes the
    tensor that it takes, None where none does.
    """

    lane: Lane
    takes: tuple[Tensor, ...]
    classes: int
    load_ms: float
    call: Callable[[Tensors], Tensors]
    input: Input | None = None
    at_once: int = 1

    def predict(self, pictures: Pixels) -> Probabilities:
        """The first output, (n, classes) float32, for pictures (n, *picture) float32 in [0, 1].

        Raises InputError for other pictures, ModelError when the runtime fails.
        """
        if self.input is None:
            raise InputError(f"{self.lane} takes no pictures.")
        return self.run(typed((self.input.tensor(pictures),), self.takes))[0]

    def run(self, tensors: Tensors) -> Tensors:
        """What the model gives for ``tensors``, one for each input, n first: an array for each
        output, float32, n first. Raises ModelError when the runtime fails.
        """
        count = len(tensors[0])
        size = self._batch(count)
        pieces = [
            tuple(each[start : start + size] for each in tensors) for start in range(0, count, size)
        ]
        try:
            parts = cpu_threads.run_all(self._call, pieces, self.at_once)
        except Exception as error:  # the runtimes' errors share no other base
            raise ModelError(f"{self.lane} could not predict: {first_line(error)}") from error
        return tuple(
            np.concatenate(each) if len(parts) > 1 else each[0] for each in zip(*parts, strict=True)
        )

    def _batch(self, count: int) -> int:
        """How many inputs one call takes."""
        if fixed := next((each.batch for each in self.takes if each.batch), None):
            return fixed
        values = sum(int(np.prod(each.whole)) for each in self.takes)
        most = max(1, min(BATCH, _VALUES // max(values, 1)))
        return min(most, max(_SMALLEST, -(-count // self.at_once)))

    def _call(self, batch: Tensors) -> Tensors:
        """One call. The last piece of a fixed batch is filled up with its last input."""
        count, fixed = len(batch[0]), next((each.batch for each in self.takes if each.batch), None)
        if fixed is not None:
            batch = tuple(calling.filled(batch, fixed))
        outputs = self.call(batch)
        for each in outputs:
            if each.shape[:1] != (len(batch[0]),):
                raise ValueError(
                    f"it gives a tensor of the shape {each.shape} for {len(batch[0])} inputs, "
                    "not a row for each"
                )
        return tuple(np.asarray(each[:count], np.float32) for each in outputs)


def first_line(error: Exception) -> str:
    """What TensorFlow says, without where in its own graph that was, as a sentence."""
    line = str(error).strip().partition("\n")[0].rstrip(" .")
    return f"{line or type(error).__name__}."
