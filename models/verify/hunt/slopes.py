"""In which direction inputs change what a model computes: gradients of the original."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.formats.tensors import Tensors
from models.parity.rule import BELOW, Head
from models.runtimes.keras import calling, exact, keras_steps
from models.verify.hunt import awake

_UNITS = 4_096  # that are ever woken
_PEAKS = 256  # real inputs that tell which units sleep
_AT_ONCE = 1 << 19  # values of the inputs of one pass: a gradient keeps every layer's output
_MOST_ROWS = 32
_LEAST = 1e-12  # of a mean square, whose logarithm is taken


class Slopes:
    """Gradients of the Keras ``model``, which computes in float32: a direction needs no more, and
    float64 takes five times as long.

    ``units`` are channels of its layers, (layer, channel), the ones that real inputs wake least
    first; ``woken`` has the places of the real inputs that wake each most, -1 where none does. The
    model is changed, and of no other use: its gradients do not end where a relu sleeps.
    """

    def __init__(self, model: Any, head: Head, real: Tensors) -> None:
        """Raises ModelError where the model has no gradient for its inputs."""
        import tensorflow as tf

        self._model, self._head = model, head
        values = max(1, sum(each[:1].size for each in real))
        self.rows = int(min(_MOST_ROWS, max(2, _AT_ONCE // values)))
        few = tuple(each[:_PEAKS] for each in real)
        try:
            awake.let_through(model)
            self.layers = self._names(tuple(each[:2] for each in few))
            self.units, self.woken = self._sleepers(few)
            self._wake = tf.function(self._woken, autograph=False)
            self._loud = tf.function(self._louder, autograph=False)
            self.loud(tuple(each[:1] for each in real), np.ones(len(self.layers), np.float32))
        except Exception as error:  # Keras and TensorFlow raise many kinds
            reason = " ".join(str(error).split())
            raise ModelError(f"The model has no gradient that can be followed: {reason}") from error

    def wake(self, given: Tensors, units: Sequence[tuple[str, int]], up: float) -> Tensors:
        """What makes a unit for each input larger where ``up`` is 1, smaller where it is -1."""
        chosen: dict[str, list[tuple[int, int]]] = {name: [] for name in self.layers}
        for row, (name, unit) in enumerate(units):
            chosen[name].append((row, unit))
        places = [np.array(chosen[name], np.int32).reshape(-1, 2) for name in self.layers]
        return self._found(given, self._wake(_constants(given), _constants(places), np.float32(up)))

    def loud(self, given: Tensors, weights: NDArray[np.float32]) -> Tensors:
        """What makes layers' outputs larger and the scale of the answers smaller: rounding is a
        share of the first, and is judged as a share of the second. ``weights`` say how much each of
        ``layers`` counts.
        """
        return self._found(given, self._loud(_constants(given), weights))

    def _woken(self, given: Any, places: Any, up: Any) -> Any:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            floats = _watched(tape, given)
            steps = self._steps(given)
            total = tf.constant(0.0)
            for name, each in zip(self.layers, places, strict=True):
                total += tf.reduce_sum(tf.gather_nd(_peaks(tf, up * steps[name]), each))
        return tape.gradient(total, floats, unconnected_gradients="zero")

    def _louder(self, given: Any, weights: Any) -> Any:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            floats = _watched(tape, given)
            steps = self._steps(given)
            logits = self._logits(calling.outputs(self._model, given)[0])
            wide = tf.reduce_max(logits, 1) - tf.reduce_min(logits, 1)
            found = -2 * tf.math.log(tf.maximum(wide, 1.0))
            for at, name in enumerate(self.layers):
                squares = tf.reshape(steps[name] ** 2, (tf.shape(logits)[0], -1))
                found += weights[at] * tf.math.log(tf.reduce_mean(squares, 1) + _LEAST)
        return tape.gradient(found, floats, unconnected_gradients="zero")

    def _found(self, given: Tensors, slopes: Sequence[Any]) -> Tensors:
        """The slope in each input, 0 in whole numbers and where there is none."""
        left = iter(slopes)
        return tuple(
            np.nan_to_num(next(left).numpy()) if each.dtype.kind == "f" else np.zeros(each.shape)
            for each in given
        )

    def _logits(self, outputs: Any) -> Any:
        import tensorflow as tf

        flat = tf.reshape(outputs, (tf.shape(outputs)[0], math.prod(outputs.shape[1:])))
        return tf.math.log(tf.maximum(flat, BELOW)) if self._head == "softmax" else flat

    def _steps(self, given: Any) -> Mapping[str, Any]:
        import tf_keras

        is_of_keras3 = not isinstance(self._model, tf_keras.Model)
        return {} if is_of_keras3 else keras_steps.run(self._model, given)

    def _names(self, two: Tensors) -> list[str]:
        """The steps that have weights, each before its own activation."""
        steps = self._steps(_constants(two))
        own = {layer.name for layer in awake.leaves(self._model) if layer.weights}
        return [
            name
            for name, value in steps.items()
            if name.partition(" ")[0].rpartition("/")[2] in own
            and value.dtype.is_floating
            and value.shape.rank > 1
            and not any(each.startswith(f"{name} ") for each in steps)
        ]

    def _sleepers(self, few: Tensors) -> tuple[list[tuple[str, int]], NDArray[np.int64]]:
        """The units, those first that fewest inputs wake, and the inputs that wake each most."""
        import tensorflow as tf

        def peaks(given: Any) -> list[Any]:
            steps = self._steps(given)
            return [_peaks(tf, steps[name]) for name in self.layers]

        peaks_of = tf.function(peaks, autograph=False)
        parts = [
            peaks_of(_constants(tuple(each[first : first + self.rows] for each in few)))
            for first in range(0, len(few[0]), self.rows)
        ]
        units: list[tuple[float, str, int, int]] = []
        for name, of_parts in zip(self.layers, zip(*parts, strict=True), strict=True):
            of_all = np.concatenate(of_parts)
            often = (of_all > 0).mean(axis=0)
            most = np.where(np.ptp(of_all, axis=0) > 0, of_all.argmax(axis=0), -1)
            units += [
                (float(share), name, unit, int(place))
                for unit, (share, place) in enumerate(zip(often, most, strict=True))
            ]
        units = sorted(units, key=lambda each: each[0])[:_UNITS]
        woken = np.array([each[3] for each in units], np.int64)
        return [(name, unit) for _, name, unit, _ in units], woken


def _peaks(tf: Any, outputs: Any) -> Any:
    """The largest value of each channel: (n, channels)."""
    return tf.reduce_max(outputs, list(range(1, outputs.shape.rank - 1)))


def _constants(given: Sequence[NDArray[Any]]) -> list[Any]:
    import tensorflow as tf

    return [tf.constant(exact.cast(each, "float32")) for each in given]


def _watched(tape: Any, given: Any) -> list[Any]:
    floats = [each for each in given if each.dtype.is_floating]
    tape.watch(floats)
    return floats
