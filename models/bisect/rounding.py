"""How far rounding takes each step of a model from exact arithmetic, fed with the same inputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from models.errors import ModelError
from models.formats.manifest import Manifest
from models.lanes import Pixels
from models.parity import rule
from models.runtimes import exact, keras_steps, layers_model, tensorflow
from models.runtimes.activations import Outputs


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
        read = layers_model.read if form == "layers" else tensorflow.keras_model
        self._single = read(path)
        self._double = exact.as_dtype(self._single, "float64", tf_keras)

    def allowed(self, batch: Pixels, given: Outputs) -> Mapping[str, float]:
        """How far each step in ``given`` may be from the reference, as a share of its largest
        magnitude: the rule of parity, for what the step adds to given steps before it.

        ``batch`` is the model's own input. Raises ModelError where a step cannot compute.
        """
        try:
            single = keras_steps.run(self._single, batch, given)
            double = keras_steps.run(self._double, batch.astype(np.float64), given)
        except Exception as error:  # Keras and TensorFlow raise many kinds
            raise ModelError(f"The model cannot compute in float64: {error}") from error
        return {
            name: rule.bound(_share(np.asarray(single[name]), np.asarray(double[name])))
            for name in given
            if name in single and name in double
        }


def _share(single: np.ndarray, double: np.ndarray) -> float:
    scale = float(np.abs(double).max(initial=0.0, where=np.isfinite(double)))
    apart = float(np.abs(single - double).max(initial=0.0, where=np.isfinite(double)))
    return apart / scale if scale else 0.0
