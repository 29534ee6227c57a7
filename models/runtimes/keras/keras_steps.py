"""A Keras model step by step, those of models inside it too, from its input or from given values.

The steps have the names that ``models.formats.anatomy`` gives them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from models.formats.anatomy import calls, layers
from models.formats.tensors import Tensors
from models.runtimes.keras import keras3

Given = Mapping[str, Any]


def run(model: Any, batch: Tensors, given: Given | None = None) -> dict[str, Any]:
    """What every step of a tf_keras model gives, by its name, for a batch of each of its inputs.
    Of a step that gives several tensors, it is the first.

    Where ``given`` has a value for a step, the steps after it take that in place of what it gives:
    each then shows what it adds itself. Layers see the masks that the model gives them.
    """
    import tensorflow as tf

    outputs: dict[str, Any] = {}
    inputs = [
        tf.cast(tf.convert_to_tensor(each), wanted.dtype)
        for each, wanted in zip(batch, model.inputs, strict=True)
    ]
    _Level(model, "", given or {}, outputs).run(inputs)
    return outputs


class _Level:
    """One call of a model: of the whole, or of one inside it."""

    def __init__(self, model: Any, prefix: str, given: Given, outputs: dict[str, Any]) -> None:
        self._model, self._prefix = model, prefix
        self._given, self._outputs = given, outputs

    def run(self, inputs: list[Any]) -> list[Any]:
        """Go through the layers; returns what the model gives."""
        import tensorflow as tf

        known = {
            str(id(each)): value for each, value in zip(self._model.inputs, inputs, strict=True)
        }
        for name, node in self._nodes():
            if node.is_input:
                if not self._prefix:
                    self._outputs[name] = known[node.flat_output_ids[0]]
                continue
            times = len(node.keras_inputs)  # it takes each tensor from a list, once for each use
            args, kwargs = node.map_arguments({key: [each] * times for key, each in known.items()})
            values = tf.nest.flatten(self._call(name, node.layer, args, kwargs))
            known.update(zip(node.flat_output_ids, values, strict=True))
        return [known[str(id(each))] for each in self._model.outputs]

    def _nodes(self) -> Iterator[tuple[str, Any]]:
        """The calls of layers, each after those that it takes from."""
        # Not public, but what a functional model itself runs through.
        depths = sorted(self._model._nodes_by_depth.items(), reverse=True)
        nodes = [node for _, each in depths for node in each]
        numbers: dict[int, list[int]] = {}
        for node in nodes:
            numbers.setdefault(id(node.layer), []).append(node.layer._inbound_nodes.index(node))
        for node in nodes:
            at = sorted(numbers[id(node.layer)]).index(node.layer._inbound_nodes.index(node))
            yield self._prefix + calls.call_name(node.layer.name, at), node

    def _call(self, name: str, layer: Any, args: Any, kwargs: Any) -> Any:
        import tensorflow as tf
        import tf_keras

        if hasattr(layer, "_nodes_by_depth"):  # a model
            inner = _Level(layer, f"{name}/", self._given, self._outputs)
            return inner.run(tf.nest.flatten(args[0]))
        activation: Any = getattr(layer, "activation", None)
        called = getattr(activation, "__name__", None)
        if layers.own_step(type(layer).__name__, called):
            first = self._keep(
                layers.before(name, str(called)), _linear(tf_keras, layer, args, kwargs)
            )
            return self._keep(name, activation(first))
        return self._keep(name, layer(*args, **kwargs))

    def _keep(self, name: str, value: Any) -> Any:
        """Note what a step gives; returns what comes after it takes."""
        import tensorflow as tf

        first, *others = tf.nest.flatten(value)
        self._outputs[name] = first
        if name not in self._given:
            return value
        replaced = tf.cast(tf.convert_to_tensor(self._given[name]), first.dtype)
        if (mask := getattr(first, "_keras_mask", None)) is not None:
            replaced._keras_mask = mask
        return tf.nest.pack_sequence_as(value, [replaced, *others])


def of_keras3(path: Path) -> Callable[[Tensors], Mapping[str, Any]]:
    """The model in the file as a function to the output of each step, by the name that
    ``models.formats.anatomy`` gives it in the rebuild that conversion needs.
    """
    model = keras3.read(path)
    import keras

    def network(batch: Tensors) -> Mapping[str, Any]:
        outputs: dict[str, Any] = {}
        numbers: Counter[str] = Counter()

        def visit(name: str, layer: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
            called = calls.call_name(name, numbers[name])
            numbers[name] += 1
            activation: Any = getattr(layer, "activation", None)
            kind = getattr(activation, "__name__", "")
            if layers.own_step(type(layer).__name__, kind):
                first = _linear(keras, layer, args, kwargs)
                outputs[layers.before(called, kind)] = first
                output = activation(first)
            else:
                output = keras3.inference(layer, args, kwargs)
            outputs[called] = keras3.tensors(output)[0]
            return output

        keras3.walk(model, list(batch), visit)
        return outputs

    return network


def _linear(library: Any, layer: Any, args: Any, kwargs: Any) -> Any:
    """What a layer gives without its activation."""
    activation = layer.activation
    layer.activation = library.activations.linear
    try:
        return layer(*args, **kwargs)
    finally:
        layer.activation = activation
