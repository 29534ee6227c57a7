"""Exact: the model's own formula in float64, around which all float32 lanes scatter.

The model is built again from its description with every float made a float64, and given the same
weights, cast up without rounding. A number among a layer's settings, such as the 1/255 of a
Rescaling, is what float32 makes of it, as in every lane: Keras hands it to TensorFlow so.
``library`` is the Keras that made the model, tf_keras or keras.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import KERAS3
from models.runtimes.keras import calling, channels_first, keras2, keras3, layers_model

_LOG = logging.getLogger(__name__)

BATCH = 64  # float64 takes twice the memory for each layer's output
_VALUES = 1 << 20  # of the inputs of one call
_SMALLER = ("float16", "bfloat16", "float32")
_FLOATS = (*_SMALLER, "float64", "mixed_float16", "mixed_bfloat16")

Answers = tuple[NDArray[np.float64], ...]


def answers(model: Any, given: Tensors, library: Any) -> Answers:
    """What the Keras ``model`` gives for the inputs ``given`` in float64: an array for each output.

    The inputs are those of the model itself, one array for each. Raises ModelError, with the
    layer's name, where a layer cannot compute in float64, and where an answer is NaN or has no end.
    """
    found = predict(twin(model, library), given, "float64")
    if not all(np.isfinite(each).all() for each in found):
        raise ModelError("In float64, the model gives NaN.")
    return found


def twin(model: Any, library: Any) -> Any:
    """The same model in float64. Raises ModelError where a layer of it cannot compute so."""
    found = as_dtype(model, "float64", library)
    if rounding := _rounds(found):
        raise ModelError(f"The layer {rounding} cannot compute in float64.")
    return found


def reference_model(manifest: Manifest, folder: Path) -> tuple[Any, Any]:
    """The model that is the reference, and the Keras that it is of. Raises ModelError."""
    lane = manifest.reference
    if lane.format == "graph":
        raise ModelError("A graph model has no layers, which could be built again in float64.")
    if lane.runtime == KERAS3:
        import keras

        return keras3.read(folder / manifest.original), keras
    path = folder / manifest.path(lane.format)
    import tf_keras

    if lane.format == "layers":
        return layers_model.read(path), tf_keras
    return keras2.read(path), tf_keras


def predict(model: Any, given: Tensors, dtype: str) -> Answers:
    """The answers of a Keras model that takes floats of ``dtype``. Raises ModelError."""
    return predictor(model, dtype)(given)


def predictor(model: Any, dtype: str) -> Callable[[Tensors], Answers]:
    """The same as a function, which is built once for all that it will be given."""
    import tensorflow as tf

    infer = tf.function(lambda tensors: calling.outputs(model, tensors))

    def answered(given: Tensors) -> Answers:
        count, size = len(given[0]), _at_once(model, given)
        try:
            parts = []
            for at in range(0, count, size):
                _LOG.info("In %s: %s of %s inputs", dtype, f"{at:,}", f"{count:,}")
                batch = [cast(each[at : at + size], dtype) for each in given]
                if model.inputs[0].shape[0]:
                    batch = calling.filled(batch, size)
                found = infer([tf.constant(each) for each in batch])
                parts.append([np.asarray(each, np.float64)[: count - at] for each in found])
        except Exception as error:  # TensorFlow and Keras raise many kinds
            reason = " ".join(str(error).split())
            raise ModelError(f"The model cannot compute in {dtype}: {reason}") from error
        return tuple(np.concatenate(each) for each in zip(*parts, strict=True))

    return answered


def _at_once(model: Any, given: Tensors) -> int:
    """How many inputs a call takes: of large ones fewer, unless the model says how many."""
    if fixed := model.inputs[0].shape[0]:
        return int(fixed)
    values = sum(each[:1].size for each in given)
    return max(1, min(BATCH, _VALUES // max(values, 1)))


def as_dtype(model: Any, dtype: str, library: Any) -> Any:
    """The same model with all its floats of ``dtype``, "float64" or "float32".

    Raises ModelError when it cannot be built so.
    """
    try:
        with _floatx(library, dtype):
            found = type(model).from_config(described(model.get_config(), dtype))
            if not found.built:  # a Sequential that begins with a model has no Input of its own
                found.build(model.input_shape)
            found.set_weights([cast(each, dtype) for each in model.get_weights()])
    except Exception as error:  # Keras raises many kinds
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise ModelError(f"The model cannot be built in {dtype} ({reason}).") from error
    return channels_first.made_to_run(found)


def is_float32(model: Any) -> bool:
    """Whether all that the model computes with floats is float32."""
    config = model.get_config()
    return bool(described(config, "float32") == config)


@contextlib.contextmanager
def _floatx(library: Any, dtype: str) -> Iterator[None]:
    """Layers that store no dtype of their own take the library's."""
    before = library.backend.floatx()
    library.backend.set_floatx(dtype)
    try:
        yield
    finally:
        library.backend.set_floatx(before)


def described(config: Any, dtype: str) -> Any:
    """A description, of a model or a layer, with its floats of ``dtype``: also those of nested
    models, cells and policies.

    Only names change, so that a description of float32 stays equal to itself.
    """
    if isinstance(config, dict):
        return {
            key: _retyped(value, dtype)
            if key in ("dtype", "dtype_policy")
            else described(value, dtype)
            for key, value in config.items()
        }
    if isinstance(config, (list, tuple)):
        made = [described(each, dtype) for each in config]
        return tuple(made) if isinstance(config, tuple) else made  # a layer's own list wraps one
    return config


def _retyped(value: Any, dtype: str) -> Any:
    """A dtype's name, or the description of a policy, which has the name inside."""
    if isinstance(value, dict) and "config" in value:
        name = value["config"].get("name")
        return dtype if name in _FLOATS and name != dtype else value
    return dtype if value in _FLOATS else value


def cast(value: NDArray[Any], dtype: str) -> NDArray[Any]:
    """Floats as ``dtype``, other values as they are."""
    return value.astype(dtype) if np.issubdtype(value.dtype, np.floating) else value


def _rounds(model: Any) -> str | None:
    """The first layer whose result is a smaller float, as that of an interpolation is."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            if inside := _rounds(layer):
                return f"{layer.name}/{inside}"
        elif set(_dtypes(layer)) & set(_SMALLER):
            return str(layer.name)
    return None


def _dtypes(layer: Any) -> list[str]:
    """The dtypes of a layer's results; of a shared one those of its first call."""
    try:
        outputs = layer.output
    except (AttributeError, ValueError):  # it is called more than once
        outputs = layer.get_output_at(0) if hasattr(layer, "get_output_at") else []
    listed = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return [str(getattr(each.dtype, "name", each.dtype)) for each in listed]
