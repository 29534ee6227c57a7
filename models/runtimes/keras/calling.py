"""Calls a Keras model, of either Keras, with one tensor or several, and lists what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def outputs(model: Any, tensors: Sequence[Any]) -> list[Any]:
    """What ``model`` gives in inference, a tensor for each output in the model's own order."""
    import tensorflow as tf

    # A dictionary is listed by its keys, as both Keras list it. A Sequential takes one tensor.
    taken = model.inputs[0] if type(model).__name__ == "Sequential" else model.input
    given = model(tf.nest.pack_sequence_as(taken, list(tensors)), training=False)
    listed: list[Any] = tf.nest.flatten(given)
    return listed


def filled(batch: Sequence[NDArray[Any]], size: int) -> list[NDArray[Any]]:
    """The batch with its last input again until there are ``size``: a fixed batch takes no less."""
    at = np.minimum(np.arange(size), len(batch[0]) - 1)
    return [each[at] for each in batch] if len(batch[0]) < size else list(batch)
