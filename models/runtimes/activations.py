"""The output of every layer or operation for the same digits, in TensorFlow.

Each can also be asked for its own part alone, from given values of what comes before it: that is
what a lane adds there, without what it inherited.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.formats import anatomy
from models.formats import manifest as manifests
from models.formats.model_input import Input
from models.lanes import KERAS3, Format, Lane, Pixels, Weights
from models.runtimes import keras_steps, layers_model, tensorflow

Outputs = Mapping[str, NDArray[np.float32]]
Network = Callable[[Any], Mapping[str, Any]]
Feeds = Mapping[str, Sequence[str]]  # a part, and the given parts that it is computed from
# From a batch, given values and feeds to what each of these parts gives, or why it gives nothing.
Apart = Callable[[Any, Outputs, Feeds], Mapping[str, Any]]


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
    input: Input
    network: Network
    apart: Apart | None = None

    def trace(self, pixels: Pixels) -> Trace:
        """Run digits (n, 28, 28), float32 in [0, 1], through the model.

        Raises InputError for pixels of another shape, ModelError when TensorFlow fails.
        """
        batch = self.input.tensor(pixels)
        try:
            tensors = self.network(batch)
            outputs = {name: np.asarray(tensor) for name, tensor in tensors.items()}
        except Exception as error:  # TensorFlow's errors share no other base
            raise ModelError(f"{self.lane} could not be looked into: {error}") from error
        return Trace(self.lane, kept(outputs, len(batch)))

    def own(self, pixels: Pixels, given: Outputs, feeds: Feeds) -> Own:
        """What each part in ``feeds`` gives from ``given`` values, see ``Own``.

        Raises what ``trace`` raises.
        """
        if self.apart is None:
            return Own({}, dict.fromkeys(feeds, f"{self.lane} runs only as a whole."))
        batch = self.input.tensor(pixels)
        try:
            found = self.apart(batch, given, feeds)
        except Exception as error:  # as above
            raise ModelError(f"{self.lane} could not be looked into: {error}") from error
        errors = {name: each for name, each in found.items() if isinstance(each, str)}
        outputs = {name: np.asarray(found[name]) for name in found if name not in errors}
        return Own({name: each for name, each in outputs.items() if name in feeds}, errors)


@dataclass(frozen=True, eq=False)
class Own:
    """What a lane's parts give when each is fed with given values: ``outputs`` by name, (n, …);
    ``errors`` says why a part gives nothing.
    """

    outputs: Outputs
    errors: Mapping[str, str]


def kept(outputs: Mapping[str, NDArray[Any]], count: int) -> Outputs:
    """What can be compared: floats, as float32, with a row for each of ``count`` digits."""
    return {
        name: value.astype(np.float32)
        for name, value in outputs.items()
        if np.issubdtype(value.dtype, np.floating) and value.shape[:1] == (count,)
    }


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
            network, apart = keras_steps.of_keras3(folder / manifest.original), None
        else:
            network, apart = build(path)
    except ModelError:
        raise
    except Exception as error:  # Keras and TensorFlow raise many kinds
        raise ModelError(f"{lane} could not be looked into: {error}") from error
    return Tracer(lane, manifest.pictures(), network, apart)


def _keras(path: Path) -> tuple[Network, Apart]:
    return _every_layer(tensorflow.keras_model(path))


def _layers(path: Path) -> tuple[Network, Apart]:
    return _every_layer(layers_model.read(path))


def _every_layer(model: Any) -> tuple[Network, Apart]:
    def network(batch: Any) -> Mapping[str, Any]:
        return keras_steps.run(model, batch)

    def apart(batch: Any, given: Outputs, feeds: Feeds) -> Mapping[str, Any]:
        return keras_steps.run(model, batch, given)

    return network, apart


def _graph(path: Path) -> tuple[Network, Apart]:
    """The operations that the converter left in a graph model."""
    import tensorflow as tf

    from models.formats import graph_model

    stored = graph_model.read(path)
    (source,) = stored.inputs.values()
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
    # As written: TensorFlow may merge operations even where their outputs are asked for.
    options = tf.compat.v1.ConfigProto()
    options.graph_options.rewrite_options.disable_meta_optimizer = True
    session = tf.compat.v1.Session(graph=graph, config=options)
    traced = {
        name: tensor
        for name, tensor in zip(names, tensors, strict=True)
        if tensor.dtype.is_floating
    }

    def network(batch: Any) -> Mapping[str, Any]:
        outputs: Mapping[str, Any] = session.run(traced, {fed: batch})
        return {fed_part: batch, **outputs}

    def apart(batch: Any, given: Outputs, feeds: Feeds) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for part, sources in feeds.items():
            fed_with = {
                traced[each]: given[each].astype(traced[each].dtype.as_numpy_dtype)
                for each in sources
                if each in traced
            }
            try:
                found[part] = session.run(traced[part], {fed: batch} | fed_with)
            except (KeyError, tf.errors.OpError, ValueError, TypeError) as error:
                found[part] = str(error).strip().partition("\n")[0]
        return found

    return network, apart
