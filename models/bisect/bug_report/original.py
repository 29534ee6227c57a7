"""What the original computes between given values and one of its layers, in float32 or float64."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from models.bisect.bug_report import channels
from models.bisect.bug_report.case import Cut, Values, along, input_axes
from models.errors import ModelError
from models.formats import anatomy
from models.formats.anatomy import Part, calls
from models.formats.manifest import Manifest
from models.runtimes.keras import exact, keras2, layers_model


class Original:
    """The original's layers from ``sources`` to ``layer``, built anew, so that they can be cut.

    What Keras 3 saved is taken as the rebuild that its conversion needs.
    """

    def __init__(
        self, folder: Path, manifest: Manifest, layer: str, sources: Sequence[str]
    ) -> None:
        """Raises ModelError where the model has no layers, or takes something else, too."""
        form = manifest.reference.format
        if form == "graph" or manifest.exported:
            raise ModelError("The original has no layers that could be built one by one.")
        path = folder / manifest.path(form)
        self._model = (layers_model.read if form == "layers" else keras2.read)(path)
        self._sources = sources
        self._built: dict[tuple[str, str, str], Any] = {}
        self._layer = layer
        self._steps = _between(anatomy.read(folder, form), layer, sources)
        settings = [(each.kind, each.settings) for each in self._steps]
        self.can_be_cut = channels.layers_can(settings)
        self.makes_channels = any(each.kind in channels.LAYERS for each in self._steps)

    def answer(
        self, inputs: Sequence[Values], cut: Cut, dtype: Literal["float32", "float64"] = "float32"
    ) -> Values:
        """What the layer gives for a cut of whole ``inputs``. Raises ModelError, also for places
        that a window does not fit into.
        """
        given = "out" if self.makes_channels else "in"
        kept = {axis: each for axis, each in cut.items() if axis != given}
        found = self._run([along(each, input_axes(each), kept) for each in inputs], kept, dtype)
        return along(found, {found.ndim - 1: given}, cut)

    def _run(self, inputs: Sequence[Values], cut: Cut, dtype: str) -> Values:
        """The same for inputs that are cut, where no channel is cut off what is given."""
        import tensorflow as tf

        floats = (each.astype(dtype) if each.dtype.kind == "f" else each for each in inputs)
        known: dict[str, Any] = dict(zip(self._sources, map(tf.constant, floats), strict=True))
        channels_taken = {axis: each for axis, each in cut.items() if axis == "in"}
        try:
            for step in self._steps:
                taken = [known[each] for each in step.inputs]
                known[step.name] = self._call(step, taken, channels_taken, dtype)
                if step.kind in channels.LAYERS:
                    channels_taken = {}
            return np.asarray(known[self._layer])
        except Exception as error:  # Keras and TensorFlow raise many kinds
            reason = " ".join(str(error).split())[:300]
            raise ModelError(f"{self._layer} cannot be run alone: {reason}") from error

    def _call(self, step: Part, taken: Sequence[Any], cut: Cut, dtype: str) -> Any:
        layer = _find(self._model, calls.path_of(step.step_of or step.name))
        if step.kind == "Activation" and type(layer).__name__ != "Activation":
            return layer.activation(*taken)
        given = taken[0] if len(taken) == 1 else list(taken)
        key = (step.name, str(cut), dtype)
        if key not in self._built:
            self._built[key] = _twin(layer, step, given, cut, dtype)
        twin = self._built[key]
        if len(taken) == 1 and min(twin.compute_output_shape(taken[0].shape), default=1) < 1:
            # TensorFlow gives anything where a window does not fit.
            raise ModelError("There is no place for a window.")
        return twin(given, training=False)


def _twin(layer: Any, step: Part, given: Any, cut: Cut, dtype: str) -> Any:
    """A layer like it, with floats of ``dtype`` and the channels that are left of its weights."""
    import tf_keras

    config: dict[str, Any] = {**exact.described(layer.get_config(), dtype), "dtype": dtype}
    if step.step_of:
        config["activation"] = "linear"
    floatx = tf_keras.backend.floatx()
    tf_keras.backend.set_floatx(dtype)
    try:
        twin = type(layer).from_config(config)
        twin(given, training=False)
    finally:
        tf_keras.backend.set_floatx(floatx)
    if layer.weights:
        twin.set_weights(list(_weights(layer, step, cut)))
    return twin


def _weights(layer: Any, step: Part, cut: Cut) -> Iterator[Values]:
    for variable, value in zip(layer.weights, layer.get_weights(), strict=True):
        if not cut:
            yield value
            continue
        role = variable.name.rpartition("/")[2].partition(":")[0]
        axes = channels.of_layer(step.kind, role, step.settings)
        yield along(value, axes or {}, cut)


def _between(known: anatomy.Anatomy, layer: str, sources: Sequence[str]) -> list[Part]:
    """The steps after the sources that the layer needs, in order."""
    needed, waiting = set[str](), [layer]
    while waiting:
        name = waiting.pop()
        if name in needed or name in sources:
            continue
        if anatomy.is_input(known[name]):
            raise ModelError(f"The original's {layer} takes the model's input {name}, too.")
        needed.add(name)
        waiting += known[name].inputs
    return [part for part in known if part.name in needed]


def _find(model: Any, path: str) -> Any:
    """A layer by its path through the models around it; names may have slashes themselves."""
    for layer in model.layers:
        if layer.name == path:
            return layer
    for layer in model.layers:
        if hasattr(layer, "layers") and path.startswith(f"{layer.name}/"):
            return _find(layer, path.removeprefix(f"{layer.name}/"))
    raise ModelError(f"The original has no layer {path}.")


def as_read(
    folder: Path, manifest: Manifest, layer: str, sources: Sequence[str]
) -> Original | None:
    """The same, or None where there is none."""
    try:
        return Original(folder, manifest, layer, sources)
    except ModelError:
        return None
