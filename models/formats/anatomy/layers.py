"""A Keras .h5 or a layers model → its layers, those of models inside it too.

A layer whose activation a graph computes in an operation of its own, such as a Dense layer with a
softmax, is two parts: ``out before softmax`` and ``out``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError
from models.formats import safety
from models.formats.anatomy.calls import Call, calls, layers_of, name_of
from models.formats.anatomy.feeds import is_input
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

# Layers that compute something and then their activation; activations that are never fused with it.
_ACTIVATED = frozenset(
    {"Dense", "Conv1D", "Conv2D", "Conv2DTranspose", "DepthwiseConv2D", "SeparableConv2D"}
)
_OWN_STEP = frozenset({"softmax", "sigmoid", "tanh", "softplus", "selu"})

Find = Callable[[Call], list[Weight]]  # the weights of a call's layer


def own_step(kind: str, activation: Any) -> bool:
    """Whether a layer of this class computes this activation in a step of its own."""
    return kind in _ACTIVATED and isinstance(activation, str) and activation in _OWN_STEP


def before(layer: str, activation: str) -> str:
    """The name of the step of a layer that comes before its activation."""
    return f"{layer} before {activation}"


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
        return _anatomy("layers", stored.model, lambda call: _named_after(call, weights.values()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ModelError(
            f"The layers model {path} cannot be taken apart ({type(error).__name__}: "
            f"{plain_files.line(error)})."
        ) from error


def read_keras(path: Path) -> Anatomy:
    """The layers of a Keras model saved as .h5. Raises ModelError when it cannot be read."""
    import h5py

    safety.check(path)
    if path.is_dir():
        raise ModelError(f"{path} was exported: it has a graph, and no layers to take apart.")
    try:
        config = stored_files.read(path).model
        with h5py.File(path, "r") as file:
            groups = {
                str(name): list(_hdf5_weights(group))
                for name, group in _groups(file["model_weights"], config)
            }
        return _anatomy("keras", config, lambda call: _in_group(call, groups))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ModelError(
            f"The Keras model {path} cannot be taken apart ({type(error).__name__}: "
            f"{plain_files.line(error)}). "
            "Expected a whole model saved as .h5."
        ) from error


def _groups(stored: Any, config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The group of each layer that has one. A name with a slash is a group within a group."""
    for layer in layers_of(config):
        if (name := name_of(layer)) in stored:
            yield name, stored[name]


def _hdf5_weights(group: Any) -> Iterator[Weight]:
    for name in group.attrs.get("weight_names", ()):
        text = name.decode() if isinstance(name, bytes) else str(name)
        value = np.asarray(group[text])
        yield Weight(text.partition(":")[0], value, str(value.dtype), value.nbytes)


def _in_group(call: Call, groups: Mapping[str, list[Weight]]) -> list[Weight]:
    """The weights of a layer, or of one inside it: names alone may be those of two layers."""
    found = groups.get(call.path[0], [])
    return found if len(call.path) == 1 else _named_after(call, found)


def _named_after(call: Call, weights: Iterable[Weight]) -> list[Weight]:
    """The weights that begin with a layer's path or name, or else have a scope of its name, or of
    that of the layer it wraps.
    """
    begins = ("/".join(call.path), call.path[-1])
    names = {call.path[-1], *_wrapped(call.layer)}
    tests: list[Callable[[str], bool]] = [
        *(lambda name, begin=begin: name.startswith(f"{begin}/") for begin in begins),
        lambda name: bool(names & set(name.split("/")[:-1])),
    ]
    found = ([each for each in weights if test(each.name)] for test in tests)
    return next((each for each in found if each), [])


def _wrapped(layer: Mapping[str, Any]) -> Iterator[str]:
    """The name of the layer that a layer such as TimeDistributed wraps."""
    inner = layer["config"].get("layer")
    if isinstance(inner, Mapping):
        yield name_of(inner)


def _anatomy(form: Format, config: Mapping[str, Any], find: Find) -> Anatomy:
    parts: dict[str, Part] = {}
    for call in calls(config):
        for part in _steps(call, find):
            parts[part.name] = part
    ordered = in_order(parts)
    used = {each for part in ordered for each in part.inputs}
    inner = config["config"]
    name = "" if isinstance(inner, list) else str(inner.get("name", ""))
    outputs = tuple(part.name for part in ordered if part.name not in used)
    inputs = {part.name: part.name for part in ordered if is_input(part)}
    return Anatomy(form, name, ordered, outputs, inputs)


def _steps(call: Call, find: Find) -> Iterator[Part]:
    """A call of a layer, in two parts where its activation is a step of its own."""
    kind, config = str(call.layer["class_name"]), call.layer["config"]
    weights = tuple(_renamed(call, find(call))) if call.first else ()
    whole = Part(call.name, kind, call.inputs, weights, config)
    activation = config.get("activation")
    if not own_step(kind, activation):
        yield whole
        return
    name = before(call.name, activation)
    yield replace(whole, name=name, settings={**config, "activation": "linear"}, step_of=call.name)
    yield replace(whole, kind="Activation", inputs=(name,), weights=())


def _renamed(call: Call, weights: list[Weight]) -> Iterator[Weight]:
    """Weights under names of their own: an inner layer's may be those of another layer's."""
    around = "/".join(call.path[:-1])
    for each in weights:
        inside = around and not each.name.startswith(f"{around}/")
        yield replace(each, name=f"{around}/{each.name}") if inside else each
