"""How far rounding takes each step of a model from exact arithmetic, fed with the same inputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from models.errors import ModelError
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.parity import rule
from models.runtimes.graph_steps import Outputs
from models.runtimes.keras import exact, keras2, keras_steps, layers_model

# An interpolation is float32 in every Keras, so float64 does not tell what rounding does to it:
# TensorFlow.js was 1.9e-6 off in a healthy one.
FLOOR = 4 * rule.FLOOR


class Rounding:
    """The reference's layers in float32 and in float64.

    What Keras 3 saved is taken as the rebuild that its conversion needs: what rounding does to a
    layer is the same.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Raises ModelError where the model cannot be read, or built in float64."""
        import tf_keras

        form = manifest.reference.format
        path = folder / manifest.path(form)
        read = layers_model.read if form == "layers" else keras2.read
        self._single = read(path)
        self._double = exact.as_dtype(self._single, "float64", tf_keras)

    def apart(self, batch: Tensors, given: Outputs) -> Mapping[str, float]:
        """How far float32 takes what each step in ``given`` adds to given steps before it.

        ``batch`` are the model's own inputs. Raises ModelError where a step cannot compute.
        """
        try:
            single = keras_steps.run(self._single, batch, given)
            double = keras_steps.run(self._double, batch, given)
        except Exception as error:  # Keras and TensorFlow raise many kinds
            raise ModelError(f"The model cannot compute in float64: {error}") from error
        return {
            name: _apart(single[name], double[name])
            for name in given
            if name in single and name in double
        }


def allowed(share: float) -> float:
    """How far a step may be from the reference, as a share of its largest magnitude, that rounding
    takes so far: the rule of parity.
    """
    return max(FLOOR, rule.bound(share))


def _apart(single: ArrayLike, double: ArrayLike) -> float:
    one, two = np.asarray(single, np.float64), np.asarray(double, np.float64)
    return float(np.abs(one - two).max(initial=0.0, where=np.isfinite(two)))
