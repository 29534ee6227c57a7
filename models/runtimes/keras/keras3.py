"""A model that Keras 3 saved, in Keras 3 itself.

tf_keras, which every other lane of the server needs, is Keras 2: some layers are other functions
there. Both live in one process, and Keras 3 adds 20 MB to TensorFlow's 600.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError
from models.formats import safety
from models.runtimes.keras import weight_budget
from models.storage import plain_files

_CONSTANTS = ("__numpy__", "__tensor__", "__slice__", "__ellipsis__")
# What is done at one call of a layer: its name, the layer, what it is called with.
Visit = Callable[[str, Any, list[Any], dict[str, Any]], Any]


def read(path: Path) -> Any:
    """The Keras 3 model in a .keras or .h5 file. Raises ModelError when it may not or cannot be
    loaded.
    """
    looked = safety.check(path)
    keras = package()
    try:
        with weight_budget.of(looked.values, keras):
            return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # h5py, zipfile and Keras raise many kinds
        why = plain_files.line(error)
        raise ModelError(f"Keras {keras.__version__} cannot load {path}: {why}") from error


def package() -> Any:
    """Keras 3 itself. Raises ModelError where it is not installed."""
    os.environ["KERAS_BACKEND"] = "tensorflow"  # whatever the user's own models are trained with
    try:
        import keras
    except ModuleNotFoundError as error:
        raise ModelError(
            f"The package {error.name} is not installed here, so Keras 3 cannot answer."
        ) from error
    return keras


def walk(model: Any, inputs: Sequence[Any], visit: Visit, *, prefix: str = "") -> list[Any]:
    """Go through a model's layers, also those of models inside it, and return its outputs.

    ``inputs`` and outputs are in the order of the model's own. ``visit`` gets each call of a layer
    in turn, or of an operation such as a sum, and returns what it gives. The layer ``conv`` of the
    inner model ``features`` is called ``features_conv``. Raises ValueError for a model that is
    neither Sequential nor functional.
    """
    import keras

    def call(layer: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if isinstance(layer, keras.Model):
            given = _in_order(layer, args[0])
            outputs = walk(layer, given, visit, prefix=f"{prefix}{layer.name}_")
            return outputs if len(outputs) > 1 else outputs[0]
        return visit(prefix + layer.name, layer, args, kwargs)

    kind = type(model).__name__
    if kind == "Sequential":
        value: Any = inputs[0] if len(inputs) == 1 else list(inputs)
        for layer in model.layers:
            value = call(layer, [value], {})
        return tensors(value)
    if kind != "Functional":
        raise ValueError(f"{model.name} is a {kind}, not a Sequential or functional model")
    config = model.get_config()
    known = dict(zip(_places(config["input_layers"]), inputs, strict=True))
    named = {each.name: each for each in model.operations}
    for name, number, args, kwargs in _calls(config, known):
        for index, tensor in enumerate(tensors(call(named[name], args, kwargs))):
            known[name, number, index] = tensor
    return [known[place] for place in _places(config["output_layers"])]


def inference(layer: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """What a layer gives in inference, or an operation, which knows no training."""
    import keras

    if isinstance(layer, keras.layers.Layer):
        return layer(*args, **kwargs, training=False)
    return layer(*args, **kwargs)


def _in_order(model: Any, given: Any) -> list[Any]:
    """What an inner model is called with, in the order of its inputs."""
    names = [each.name for each in model.inputs]
    if isinstance(given, Mapping) and set(given) == set(names):
        return [given[name] for name in names]
    return tensors(given)


Place = tuple[str, int, int]  # a tensor: the layer that gives it, at which of its calls, its number


def _calls(
    config: Mapping[str, Any], known: dict[Place, Any]
) -> Iterator[tuple[str, int, list[Any], dict[str, Any]]]:
    """Each call of a functional model's layers, once all that it takes is in ``known``; what
    nothing takes after it is taken out again, since all of a network does not fit into memory.
    """
    calls = [
        (str(layer["name"]), number, node)
        for layer in config["layers"]
        for number, node in enumerate(layer["inbound_nodes"])
    ]
    left = Counter(_places(config["output_layers"]))
    left.update(place for _, _, node in calls for place in _taken(node))
    while calls:
        waiting = []
        for name, number, node in calls:
            try:
                args = _filled(node["args"], known)
                kwargs = _filled(node["kwargs"], known)
            except LookupError:
                waiting.append((name, number, node))
                continue
            # Keras 3 stores what was not given, too.
            given = {key: value for key, value in kwargs.items() if value is not None}
            yield name, number, args, {k: v for k, v in given.items() if k != "training"}
            for place in _taken(node):
                left[place] -= 1
                if not left[place]:
                    del known[place]
        if len(waiting) == len(calls):
            raise ValueError(f"{waiting[0][0]} takes what no layer gives")
        calls = waiting


def _taken(stored: Any) -> Iterator[Place]:
    """The places of the tensors in stored arguments, a place for each time it is there."""
    if isinstance(stored, Mapping) and stored.get("class_name") == "__keras_tensor__":
        name, number, index = stored["config"]["keras_history"]
        yield name, number, index
    elif isinstance(stored, (list, tuple, Mapping)):
        inner = stored.values() if isinstance(stored, Mapping) else stored
        for each in inner:
            yield from _taken(each)


def _filled(stored: Any, known: Mapping[Place, Any]) -> Any:
    """Stored arguments with tensors in their places. Raises LookupError where one is not known."""
    if isinstance(stored, Mapping):
        if stored.get("class_name") == "__keras_tensor__":
            name, number, index = stored["config"]["keras_history"]
            return known[name, number, index]
        if stored.get("class_name") in _CONSTANTS:
            return _constant(stored)
        return {key: _filled(value, known) for key, value in stored.items()}
    if isinstance(stored, (list, tuple)):
        return [_filled(each, known) for each in stored]
    return stored


def _constant(stored: Mapping[str, Any]) -> Any:
    """What Keras 3 stores in place of a value that JSON does not have."""
    import keras

    value = keras.saving.deserialize_keras_object(dict(stored))
    return np.asarray(value) if hasattr(value, "numpy") else value


def _places(stored: Any) -> list[Place]:
    """The places of a single tensor, or of those in lists and dictionaries, as Keras lists them."""
    match stored:
        case [str(name), int(number), int(index)]:
            return [(name, number, index)]
        case Mapping():
            return [place for key in sorted(stored) for place in _places(stored[key])]
        case list() | tuple():
            return [place for each in stored for place in _places(each)]
    raise ValueError(f"it names {stored!r} in place of a tensor")


def tensors(value: Any) -> list[Any]:
    """All tensors of what a layer takes or gives, in the order in which Keras lists them."""
    if isinstance(value, Mapping):
        return [each for key in sorted(value) for each in tensors(value[key])]
    if isinstance(value, (list, tuple)):
        return [each for inner in value for each in tensors(inner)]
    return [value]
