"""The output of every layer or operation for the same digits, in TensorFlow."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError, ModelError
from models.formats import anatomy
from models.formats import manifest as manifests
from models.lanes import KERAS3, Format, Lane, Pixels, Weights
from models.runtimes import keras3, layers_model, tensorflow

Outputs = Mapping[str, NDArray[np.float32]]
Network = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class Trace:
    """The outputs of one lane's layers. ``outputs`` maps the name of a layer, or of an operation
    in a graph model, to its output for n digits: (n, …) float32.
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
    """A loaded model that returns the output of each of its layers or operations."""

    lane: Lane
    scale: float
    shape: tuple[int, ...]
    network: Network

    def trace(self, pixels: Pixels) -> Trace:
        """Run digits (n, 28, 28), float32 in [0, 1], through the model.

        Raises InputError for pixels of another shape, ModelError when TensorFlow fails.
        """
        if pixels.ndim < 2 or pixels[0].size != np.prod(self.shape):
            raise InputError(f"Pixels of shape {pixels.shape} were given. Expected (n, 28, 28).")
        batch = np.asarray(pixels, np.float32).reshape(-1, *self.shape) * np.float32(self.scale)
        try:
            tensors = self.network(batch)
            outputs = {name: np.asarray(tensor) for name, tensor in tensors.items()}
        except Exception as error:  # TensorFlow's errors share no other base
            raise ModelError(f"{self.lane} could not be looked into: {error}") from error
        kept = {
            name: value
            for name, value in outputs.items()
            if value.dtype == np.float32 and value.shape[:1] == batch.shape[:1]
        }
        return Trace(self.lane, kept)


def load(folder: Path, form: Format, weights: Weights = "float32") -> Tracer:
    """Load one format of the model in ``folder`` for tracing: what Keras 3 saved in Keras 3.

    Raises ModelError, also where TensorFlow is not installed.
    """
    manifest = manifests.read(folder)
    path = folder / manifest.path(form, weights)
    build = {"keras": _keras, "layers": _layers, "graph": _graph}[form]
    lane = manifest.server_lane(form, weights)
    tensorflow.check()
    try:
        if lane.runtime == KERAS3:
            network = keras3.every_layer(folder / manifest.original)
        else:
            network = build(path)
    except ModelError:
        raise
    except Exception as error:  # Keras and TensorFlow raise many kinds
        raise ModelError(f"{lane} could not be looked into: {error}") from error
    return Tracer(lane, manifest.input.scale, manifest.input.shape, network)


def _keras(path: Path) -> Network:
    return _every_layer(tensorflow.keras_model(path))


def _layers(path: Path) -> Network:
    return _every_layer(layers_model.read(path))


def _every_layer(model: Any) -> Network:
    """A model whose outputs are those of each layer's first call."""
    import tensorflow as tf
    import tf_keras

    outputs = {
        layer.name: tf.nest.flatten(layer.get_output_at(0))[0]
        for layer in model.layers
        # Only layers that this model calls: a layer may also belong to another model.
        if layer.inbound_nodes
    }
    whole = tf_keras.Model(model.inputs, outputs)
    return lambda batch: whole(batch, training=False)


def _graph(path: Path) -> Network:
    """The operations that the converter left in a graph model."""
    import tensorflow as tf

    from models.formats import graph_model

    stored = graph_model.read(path)
    (source,) = stored.inputs
    fed_part = source.partition(":")[0]
    names = [
        part.name for part in anatomy.read_graph(path) if part.name != fed_part and not part.hidden
    ]
    # In a graph of its own: functions of two models in one context may have the same name.
    graph = tf.Graph()
    with graph.as_default():
        fed = tf.compat.v1.placeholder(tf.float32, name="fed")
        tensors = tf.graph_util.import_graph_def(
            stored.definition, {source: fed}, [f"{name}:0" for name in names], name="model"
        )
    session = tf.compat.v1.Session(graph=graph)
    traced = {
        name: tensor
        for name, tensor in zip(names, tensors, strict=True)
        if tensor.dtype == tf.float32
    }
    return lambda batch: {fed_part: batch} | session.run(traced, {fed: batch})
