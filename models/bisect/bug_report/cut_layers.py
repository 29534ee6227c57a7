"""One layer of a layers model by itself: a model of that layer alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.bisect.bug_report import channels
from models.bisect.bug_report.case import Cut, Operation, Values, Weights
from models.formats import anatomy
from models.formats.anatomy import Part, calls
from models.formats.architecture import stored as stored_files
from models.formats.model_json import Stored, read_stored

# What only a whole model needs, or what is said of the first layer's input.
_LEFT_OUT = ("batch_input_shape", "trainable", "build_config")


def cut_out(path: Path, part: str, sources: Sequence[str]) -> Operation:
    """The step ``part`` of a layers model's ``model.json``, fed with ``sources``.

    Raises ValueError, KeyError or OSError where it cannot be taken out.
    """
    known = anatomy.read_layers(path)
    step = known[part]
    if set(step.inputs) != set(sources):
        raise ValueError("it takes what could not be compared, too")
    name = calls.path_of(step.step_of or part)
    stored = read_stored((stored_files.of_json(path).whole or {})["weightsManifest"], path.parent)
    arrays = [_stored(each.name, name, stored) for each in _first_call(known, name, step).weights]
    kind, config = _layer(step, name)
    weights = _cuttable(kind, config, arrays)
    inputs = [f"given_{number}" for number in range(len(step.inputs))]

    def built(cut: Cut, values: Sequence[Values]) -> Mapping[str, Any]:
        return _model(kind, _resized(kind, config, cut), inputs, values)

    cuts = ("in", "1", "2", *(("out",) if kind in channels.LAYERS else ()))
    return Operation(
        "layers",
        built,
        weights or [Weights(each, {}) for each in arrays],
        inputs,
        str(config["name"]),
        frozenset(cuts if weights is not None else ()),
        [(kind, str(config["name"])), *_described(config)],
    )


def _first_call(known: anatomy.Anatomy, name: str, step: Part) -> Part:
    """The step of the layer's first call, which has its weights."""
    first = next((each for each in known if each.weights and _is_of(each, name)), step)
    return step if step.kind == "Activation" else first


def _is_of(part: Part, name: str) -> bool:
    return calls.path_of(part.step_of or part.name) == name


def _stored(weight: str, layer: str, stored: Mapping[str, Stored]) -> Stored:
    """An array by its name in the files, where that of an inner layer may be without its path."""
    around = layer.rpartition("/")[0]
    return stored[weight] if weight in stored else stored[weight.removeprefix(f"{around}/")]


def _layer(step: Part, name: str) -> tuple[str, dict[str, Any]]:
    called = str(step.settings.get("name", name.rpartition("/")[2]))
    if step.kind == "Activation":
        return "Activation", {"name": called, "activation": step.settings["activation"]}
    config = {key: value for key, value in step.settings.items() if key not in _LEFT_OUT}
    return step.kind, {**config, "name": called}


def _cuttable(
    kind: str, config: Mapping[str, Any], arrays: Sequence[Stored]
) -> list[Weights] | None:
    """The arrays with the axes that can be cut; None where the layer cannot be."""
    if not channels.layers_can([(kind, config)]):
        return None
    found = []
    for each in arrays:
        role = str(each.entry["name"]).rpartition("/")[2]
        axes = channels.of_layer(kind, role, config)
        if axes is None:
            return None
        found.append(Weights(each, axes))
    return found


def _resized(kind: str, config: Mapping[str, Any], cut: Cut) -> Mapping[str, Any]:
    if kind not in channels.SIZES or "out" not in cut:
        return config
    start, stop = cut["out"]
    return {**config, channels.SIZES[kind]: stop - start}


def _model(
    kind: str, config: Mapping[str, Any], inputs: Sequence[str], values: Sequence[Values]
) -> Mapping[str, Any]:
    """A functional model of one layer, as model.json has one."""
    name = config["name"]
    taken = [[each, 0, 0, {}] for each in inputs]
    layers = [_input(*each) for each in zip(inputs, values, strict=True)]
    own = {"class_name": kind, "config": config, "name": name, "inbound_nodes": [taken]}
    return {
        "model_config": {
            "class_name": "Functional",
            "config": {
                "name": "operation",
                "layers": [*layers, own],
                "input_layers": [[each, 0, 0] for each in inputs],
                "output_layers": [[name, 0, 0]],
            },
        }
    }


def _input(name: str, value: Values) -> Mapping[str, Any]:
    shape = [None, *value.shape[1:]]
    config = {"batch_input_shape": shape, "dtype": "float32", "sparse": False, "name": name}
    return {"class_name": "InputLayer", "config": config, "name": name, "inbound_nodes": []}


def _described(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A layer's settings, without how its weights began."""
    for name, value in config.items():
        if name != "name" and not name.endswith(("_initializer", "_regularizer", "_constraint")):
            yield f"  {name}", value if isinstance(value, str) else json.dumps(value)
