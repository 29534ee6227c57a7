"""The output of every layer or operation for the same inputs, in TensorFlow.

Each can also be asked for its own part alone, from given values of what comes before it: that is
what a lane adds there, without what it inherited.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import KERAS3, Format, Lane, Weights
from models.runtimes import graph_steps, tensorflow
from models.runtimes.graph_steps import Apart, Feeds, Network, Outputs
from models.runtimes.keras import calling, keras2, keras_steps, layers_model


@dataclass(frozen=True, eq=False)
class Trace:
    """The outputs of one lane's layers. ``outputs`` maps the name of a layer, or of an operation
    in a graph model, to its output for n inputs: (n, …) float32.
    """

    lane: Lane
    outputs: Outputs


def split(
    parts: Sequence[tuple[str, tuple[int, ...]]], values: NDArray[np.float32]
) -> dict[str, NDArray[np.float32]]:
    """Split concatenated values into one array for each (name, shape), in order.

    Raises ValueError when the shapes do not add up to the number of values.
    """
    if sum(math.prod(shape) for _, shape in parts) != values.size:
        raise ValueError(f"the shapes do not add up to {values.size} values")
    outputs, start = {}, 0
    for name, shape in parts:
        count = math.prod(shape)
        outputs[name] = values[start : start + count].reshape(shape)
        start += count
    return outputs


@dataclass(frozen=True, eq=False)
class Tracer:
    """A loaded model that returns the output of each of its layers or operations. ``batch`` is how
    many inputs it takes at once, where that is fixed.
    """

    lane: Lane
    network: Network
    apart: Apart | None = None
    batch: int | None = None

    def trace(self, tensors: Tensors) -> Trace:
        """Run inputs, as the model takes them, through the model: n first in each.

        Everything that it computes is in memory at once. Raises ModelError when TensorFlow fails.
        """
        count = len(tensors[0])
        try:
            found = self.network(self._filled(tensors))
            outputs = {name: np.asarray(tensor) for name, tensor in found.items()}
        except Exception as error:  # TensorFlow's errors share no other base
            raise ModelError(f"{self.lane} could not be looked into: {error}") from error
        return Trace(self.lane, kept(outputs, count, self.batch))

    def own(self, tensors: Tensors, given: Outputs, feeds: Feeds) -> Own:
        """What each part in ``feeds`` gives from ``given`` values, see ``Own``.

        Raises what ``trace`` raises.
        """
        if self.apart is None:
            return Own({}, dict.fromkeys(feeds, f"{self.lane} runs only as a whole."))
        fed = dict(zip(given, self._filled(tuple(given.values())), strict=True))
        count = len(tensors[0])
        try:
            found = self.apart(self._filled(tensors), fed, feeds)
        except Exception as error:  # as above
            raise ModelError(f"{self.lane} could not be looked into: {error}") from error
        errors = {name: each for name, each in found.items() if isinstance(each, str)}
        outputs = {
            name: np.asarray(found[name])[:count]
            for name in feeds
            if name in found and name not in errors
        }
        return Own(outputs, errors)

    def _filled(self, tensors: Tensors) -> Tensors:
        return tuple(calling.filled(tensors, self.batch)) if self.batch and tensors else tensors


@dataclass(frozen=True, eq=False)
class Own:
    """What a lane's parts give when each is fed with given values: ``outputs`` by name, (n, …);
    ``errors`` says why a part gives nothing.
    """

    outputs: Outputs
    errors: Mapping[str, str]


def kept(outputs: Outputs, count: int, batch: int | None = None) -> Outputs:
    """What can be compared: floats, as float32, with a row for each of ``count`` inputs, which may
    have been filled up to a ``batch``.
    """
    return {
        name: value[:count].astype(np.float32, copy=False)
        for name, value in outputs.items()
        if np.issubdtype(value.dtype, np.floating) and value.shape[:1] == (batch or count,)
    }


def load(folder: Path, form: Format, weights: Weights = "float32") -> Tracer:
    """Load one format of the model in ``folder`` for tracing: what Keras 3 saved in Keras 3.

    Raises ModelError, also where TensorFlow is not installed.
    """
    manifest = manifests.read(folder)
    path = folder / manifest.path(form, weights)
    build = {"keras": _keras, "layers": _layers, "graph": graph_steps.of_graph}[form]
    lane = manifest.server_lane(form, weights)
    tensorflow.check()
    try:
        if lane.runtime == KERAS3:
            network, apart = keras_steps.of_keras3(folder / manifest.original), None
        else:
            network, apart = build(path, manifest)
    except ModelError:
        raise
    except Exception as error:  # Keras and TensorFlow raise many kinds
        raise ModelError(f"{lane} could not be looked into: {error}") from error
    batch = next((each.batch for each in manifest.takes if each.batch), None)
    return Tracer(lane, network, apart, batch)


def _keras(path: Path, _: Manifest) -> tuple[Network, Apart]:
    return _every_layer(keras2.read(path))


def _layers(path: Path, _: Manifest) -> tuple[Network, Apart]:
    return _every_layer(layers_model.read(path))


def _every_layer(model: Any) -> tuple[Network, Apart]:
    def network(batch: Tensors) -> Mapping[str, Any]:
        return keras_steps.run(model, batch)

    def apart(batch: Tensors, given: Outputs, feeds: Feeds) -> Mapping[str, Any]:
        return keras_steps.run(model, batch, given)

    return network, apart
