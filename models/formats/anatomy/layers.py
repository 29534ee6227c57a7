"""A Keras .h5 or a layers model → its layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError
from models.formats import safety
from models.formats.anatomy.parts import Anatomy, Part, in_order
from models.formats.architecture import stored as stored_files
from models.formats.model_json import Weight, read_weights
from models.lanes import Format
from models.storage import plain_files

# These act in training only: when predicting they hand on their input.
IDLE = frozenset(
    {
        "InputLayer",
        "Dropout",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
        "AlphaDropout",
        "GaussianDropout",
        "GaussianNoise",
        "ActivityRegularization",
    }
)


def is_idle(layer: Part) -> bool:
    """Whether a layer hands on its input when the model predicts."""
    linear = layer.kind == "Activation" and layer.settings.get("activation") == "linear"
    return layer.kind in IDLE or linear


def read_layers(path: Path) -> Anatomy:
    """The layers of a layers model's ``model.json``. Raises ModelError when it cannot be read."""
    safety.check(path)
    try:
        stored = stored_files.of_json(path)
        weights = read_weights((stored.whole or {})["weightsManifest"], path.parent)
        return _anatomy("layers", stored.model, weights)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ModelError(
            f"The layers model {path} cannot be taken apart ({type(error).__name__}: "
            f"{plain_files.line(error)})."
        ) from error


def read_keras(path: Path) -> Anatomy:
    """The layers of a Keras model saved as .h5. Raises ModelError when it cannot be read."""
    import h5py

    safety.check(path)
    try:
        config = stored_files.read(path).model
        with h5py.File(path, "r") as file:
            weights = {weight.name: weight for weight in _hdf5_weights(file["model_weights"])}
        return _anatomy("keras", config, weights)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ModelError(
            f"The Keras model {path} cannot be taken apart ({type(error).__name__}: "
            f"{plain_files.line(error)}). "
            "Expected a whole model saved as .h5."
        ) from error


def _hdf5_weights(groups: Any) -> Iterator[Weight]:
    for group in groups.values():
        for name in group.attrs["weight_names"]:
            text = name.decode() if isinstance(name, bytes) else str(name)
            value = np.asarray(group[text])
            yield Weight(text.partition(":")[0], value, str(value.dtype), value.nbytes)


def _anatomy(form: Format, config: Mapping[str, Any], weights: Mapping[str, Weight]) -> Anatomy:
    inner = config["config"]
    # Keras before 2.2.3 wrote a Sequential's layers as a bare list.
    layers = inner if isinstance(inner, list) else inner["layers"]
    chained = config["class_name"] == "Sequential"
    parts: dict[str, Part] = {}
    for layer in layers:
        name = _name(layer)
        inputs = tuple(parts)[-1:] if chained else _inputs(layer)
        own = _own_weights(layer, weights)
        parts[name] = Part(name, str(layer["class_name"]), inputs, own, layer["config"])
    ordered = in_order(parts)
    used = {each for part in ordered for each in part.inputs}
    name = "" if isinstance(inner, list) else str(inner.get("name", ""))
    outputs = tuple(part.name for part in ordered if part.name not in used)
    return Anatomy(form, name, ordered, outputs)


def _name(layer: Mapping[str, Any]) -> str:
    return str(layer.get("name") or layer["config"]["name"])


def _inputs(layer: Mapping[str, Any]) -> tuple[str, ...]:
    """The layers that a layer's first call takes its input from."""
    calls: Sequence[Any] = layer.get("inbound_nodes") or ()
    return tuple(dict.fromkeys(str(each[0]) for each in calls[0])) if calls else ()


def _own_weights(layer: Mapping[str, Any], weights: Mapping[str, Weight]) -> tuple[Weight, ...]:
    """The weights named after a layer; a model inside the model has those of its layers."""
    names = set(_names(layer))
    return tuple(each for key, each in weights.items() if names & set(key.split("/")[:-1]))


def _names(layer: Mapping[str, Any]) -> Iterator[str]:
    yield _name(layer)
    config = layer["config"]
    if isinstance(config, Mapping):
        if "layers" in config:
            for each in config["layers"]:
                yield from _names(each)
        elif isinstance(config.get("layer"), Mapping):  # a wrapper such as TimeDistributed
            yield from _names(config["layer"])
