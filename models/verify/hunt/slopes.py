"""In which direction inputs wake the units of a model: gradients of the original."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.formats.tensors import Tensors
from models.runtimes.keras import exact, keras_steps

_UNITS = 4_096  # that are ever woken
_PEAKS = 256  # real inputs that tell which units sleep
_AT_ONCE = 1 << 19  # values of the inputs of one pass: a gradient keeps every layer's output
_MOST_ROWS = 32
_ASLEEP = 0.1  # of the gradient that goes through a relu which is asleep


class Slopes:
    """Gradients of the Keras ``model``, which computes in float32: a direction needs no more, and
    float64 takes five times as long.

    ``units`` are channels of its layers, (layer, channel), the ones that real inputs wake least
    first. The model is changed, and of no other use: its gradients do not end where a relu sleeps.
    """

    def __init__(self, model: Any, real: Tensors) -> None:
        """Raises ModelError where the model has no gradient for its inputs."""
        import tensorflow as tf
        import tf_keras

        if not isinstance(model, tf_keras.Model):
            raise ModelError("The layers of a model of Keras 3 cannot be watched.")
        self._model = model
        values = max(1, sum(each[:1].size for each in real))
        self.rows = int(min(_MOST_ROWS, max(2, _AT_ONCE // values)))
        few = tuple(each[:_PEAKS] for each in real)
        try:
            _let_through(model)
            self._names = self._watched(tuple(each[:2] for each in few))
            self.units = self._sleepers(few)
            self._wake = tf.function(self._woken, autograph=False)
            self.wake(tuple(each[:1] for each in real), self.units[:1], 1.0)
        except Exception as error:  # Keras and TensorFlow raise many kinds
            reason = " ".join(str(error).split())
            raise ModelError(f"The model has no gradient that can be followed: {reason}") from error
        if not self.units:
            raise ModelError("No layer of the model has weights and a unit to wake.")

    def wake(self, given: Tensors, units: Sequence[tuple[str, int]], up: float) -> Tensors:
        """What makes a unit for each input larger where ``up`` is 1, smaller where it is -1: the
        slope in each of ``given``, 0 in whole numbers and where there is none.
        """
        places = [
            np.array([(at, unit) for at, (of, unit) in enumerate(units) if of == name], np.int32)
            for name in self._names
        ]
        pairs = [each.reshape(-1, 2) for each in places]
        left = iter(self._wake(_constants(given), _constants(pairs), np.float32(up)))
        return tuple(
            np.nan_to_num(next(left).numpy()) if each.dtype.kind == "f" else np.zeros(each.shape)
            for each in given
        )

    def _woken(self, given: Any, places: Any, up: Any) -> Any:
        import tensorflow as tf

        floats = [each for each in given if each.dtype.is_floating]
        with tf.GradientTape() as tape:
            tape.watch(floats)
            steps = self._steps(given)
            total = tf.constant(0.0)
            for name, each in zip(self._names, places, strict=True):
                total += tf.reduce_sum(tf.gather_nd(_peaks(tf, up * steps[name]), each))
        return tape.gradient(total, floats, unconnected_gradients="zero")

    def _steps(self, given: Any) -> Mapping[str, Any]:
        return keras_steps.run(self._model, given)

    def _watched(self, two: Tensors) -> list[str]:
        """The steps that have weights, each before its own activation."""
        steps = self._steps(_constants(two))
        own = {layer.name for layer in _leaves(self._model) if layer.weights}
        return [
            name
            for name, value in steps.items()
            if name.partition(" ")[0].rpartition("/")[2] in own
            and value.dtype.is_floating
            and value.shape.rank > 1
            and not any(each.startswith(f"{name} ") for each in steps)
        ]

    def _sleepers(self, few: Tensors) -> list[tuple[str, int]]:
        """The units, those first that fewest inputs wake."""
        import tensorflow as tf

        def peaks(given: Any) -> list[Any]:
            steps = self._steps(given)
            return [_peaks(tf, steps[name]) for name in self._names]

        peaks_of = tf.function(peaks, autograph=False)
        parts = [
            peaks_of(_constants(tuple(each[first : first + self.rows] for each in few)))
            for first in range(0, len(few[0]), self.rows)
        ]
        units = [
            (float(share), name, unit)
            for name, of_parts in zip(self._names, zip(*parts, strict=True), strict=True)
            for unit, share in enumerate((np.concatenate(of_parts) > 0).mean(axis=0))
        ]
        units.sort(key=lambda each: each[0])
        return [(name, unit) for _, name, unit in units[:_UNITS]]


def _let_through(model: Any) -> None:
    """Give every layer that has a relu of its own one with a small gradient where it sleeps."""
    import tensorflow as tf

    def relu(values: Any) -> Any:
        return tf.nn.relu(values), lambda up: tf.where(values > 0, up, up * _ASLEEP)

    for layer in _leaves(model):
        if getattr(getattr(layer, "activation", None), "__name__", None) == "relu":
            layer.activation = tf.custom_gradient(relu)


def _leaves(model: Any) -> list[Any]:
    """The layers of a model and of those inside it."""
    found = []
    for layer in model.layers:
        found += _leaves(layer) if hasattr(layer, "layers") else [layer]
    return found


def _peaks(tf: Any, outputs: Any) -> Any:
    """The largest value of each channel: (n, channels)."""
    return tf.reduce_max(outputs, list(range(1, outputs.shape.rank - 1)))


def _constants(given: Sequence[NDArray[Any]]) -> list[Any]:
    import tensorflow as tf

    return [tf.constant(exact.cast(each, "float32")) for each in given]
