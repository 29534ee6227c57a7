"""Rebuilds a model of Keras 3 in tf_keras, whose files the converter can convert.

The converter reads a Keras 3 file, but writes a layers model that TensorFlow.js cannot load. So the
layers are built again in tf_keras with the same weights, and both models have to answer alike.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError

_TRAINING_ONLY = ("_initializer", "_regularizer", "_constraint")
_ATOL = 1e-5
_WAY_OUT = (
    "The way out: build the same network with tf_keras (pip install tf_keras), load its weights "
    "with model.set_weights(…), save it as an .h5 and give that."
)


def rebuild(path: Path) -> Any:
    """Load the model of Keras 3 at ``path`` as a tf_keras model. Raises ModelError."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras

    try:
        original = keras.saving.load_model(path, compile=False)
    except Exception as error:  # h5py, zipfile and Keras raise many kinds
        raise ModelError(f"Keras {keras.__version__} cannot load {path}: {error}") from error
    try:
        model = _same_layers(original)
        for layer in original.layers:
            if layer.get_weights():
                model.get_layer(layer.name).set_weights(layer.get_weights())
    except Exception as error:  # tf_keras raises many kinds
        raise ModelError(
            f"{path} is of Keras 3 and cannot be built again in tf_keras: {error}. {_WAY_OUT}"
        ) from error
    _compare(original, model, path)
    return model


def _same_layers(original: Any) -> Any:
    import tf_keras

    config = original.get_config()
    kind = type(original).__name__
    if kind == "Sequential":
        layers = [_layer(each) for each in config["layers"]]
        return tf_keras.Sequential.from_config({"name": config["name"], "layers": layers})
    if kind != "Functional":
        raise ValueError(f"it is a {kind}, not a Sequential or functional model")
    layers = [
        _layer(each)
        | {"name": each["name"], "inbound_nodes": [_node(call) for call in each["inbound_nodes"]]}
        for each in config["layers"]
    ]
    ends = {side: _ends(config[side]) for side in ("input_layers", "output_layers")}
    return tf_keras.Model.from_config({"name": config["name"], "layers": layers, **ends})


def _ends(places: list[Any]) -> list[Any]:
    """A list of places, also for a single one, which Keras 3 stores without a list."""
    return [places] if places and isinstance(places[0], str) else places


def _layer(stored: Mapping[str, Any]) -> dict[str, Any]:
    import tf_keras

    kind = stored["class_name"]
    if not hasattr(tf_keras.layers, kind):
        raise ValueError(f"tf_keras has no layer {kind}")
    config = dict(_settings(stored["config"]))
    if kind == "LeakyReLU":
        config["alpha"] = config.pop("negative_slope")
    known = _parameters(getattr(tf_keras.layers, kind))
    return {
        "class_name": kind,
        "config": {name: value for name, value in config.items() if name in known},
    }


def _settings(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in config.items():
        if name.endswith(_TRAINING_ONLY):
            continue
        if name == "batch_shape":
            yield "batch_input_shape", value
        elif isinstance(value, Mapping) and "class_name" in value:
            inside = value["config"]
            yield name, inside["name"] if isinstance(inside, Mapping) else inside
        else:
            yield name, value


def _parameters(layer: Any) -> set[str]:
    """The settings of a tf_keras layer. Others are dropped: if they matter, the answers differ."""
    named = {name for each in layer.__mro__ for name in inspect.signature(each).parameters}
    return named | {"batch_input_shape", "dtype", "name"}


def _node(stored: Mapping[str, Any]) -> list[list[Any]]:
    """The inputs of one call of a layer."""
    if len(stored["args"]) != 1 or any(
        value not in (None, False) for value in stored["kwargs"].values()
    ):
        raise ValueError("a layer is called with more than its input")
    (argument,) = stored["args"]
    tensors = argument if isinstance(argument, (list, tuple)) else [argument]
    return [[*_history(each), {}] for each in tensors]


def _history(tensor: Any) -> Any:
    return tensor["config"]["keras_history"]


def _compare(original: Any, model: Any, path: Path) -> None:
    """Raise ModelError unless both answer alike on noise of both signs, which reaches every
    activation.
    """
    shape = tuple(size or 1 for size in model.inputs[0].shape[1:])
    noise = np.random.default_rng(3).normal(0, 2, (16, *shape)).astype(np.float32)
    one, other = (np.asarray(each(noise, training=False)) for each in (original, model))
    if one.shape != other.shape or not np.abs(one - other).max() <= _ATOL:
        raise ModelError(
            f"{path} is of Keras 3; the same layers in tf_keras do not give the same answers. "
            f"{_WAY_OUT}"
        )
