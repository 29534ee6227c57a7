"""What a model of Keras's layers takes, from its description: in its input layers, or its first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from models.formats.tensors import DTYPES, MOST, Tensor
from models.storage.plain_files import shown

_TEXTS = (
    "takes texts, which are no numbers: make numbers of them before the model, and save the part "
    "of it that takes these"
)


def inputs(model: Mapping[str, Any]) -> Iterator[Tensor]:
    """The inputs of what Keras stores, in their order. Raises ValueError, in words."""
    config = model["config"]
    listed = config if isinstance(config, list) else config.get("layers", [])
    if not listed:
        raise ValueError("it does not say which layers it has")
    named = {_called(each): each for each in listed}
    if isinstance(config, list) or "input_layers" not in config:
        yield _of_sequence(listed, config)
        return
    for name in _takes(config):
        values = next((rows for each in listed if (rows := _words(each, name)) is not None), None)
        yield replace(_of_layer(name, named[name]["config"]), values=values)


def _of_sequence(layers: Sequence[Mapping[str, Any]], config: Any) -> Tensor:
    """The one input of a chain of layers, under the name that Keras gives it."""
    first = layers[0]
    name = _called(first) + ("" if first.get("class_name") == "InputLayer" else "_input")
    settings = dict(first["config"]) if isinstance(first["config"], Mapping) else {}
    if _is_model(first) and not _shape(settings):
        only = tuple(inputs(first))
        if len(only) != 1:
            raise ValueError(f"its first layer takes {len(only)} inputs")
        return replace(only[0], name=name)
    if not _shape(settings) and isinstance(config, Mapping):
        settings["batch_shape"] = config.get("build_input_shape")
    at = 1 if first.get("class_name") == "InputLayer" and len(layers) > 1 else 0
    return replace(_of_layer(name, settings), values=_table(layers[at]))


def _of_layer(name: str, config: Mapping[str, Any]) -> Tensor:
    for kind in ("ragged", "sparse"):
        if config.get(kind):
            raise ValueError(
                f"takes a {kind} tensor as {shown(name)}, which TensorFlow.js does not have: save "
                f"the model with an Input that is not {kind}"
            )
    shape = _shape(config)
    if not shape:
        raise ValueError(f"its input {shown(name)} has a shape that nothing says")
    if not all(each is None or type(each) is int for each in shape):
        raise ValueError(
            f"its input {shown(name)} has the shape {shown(str(shape))}, which is none"
        )
    said = config.get("dtype") if config.get("dtype") in (*DTYPES, "string") else None
    return Tensor(name, tuple(shape[1:]), dtype(name, said or "float32"), batch=shape[0])


def _shape(config: Mapping[str, Any]) -> list[Any] | None:
    found = config.get("batch_input_shape") or config.get("batch_shape")
    if isinstance(found, Mapping):  # a tuple, as a SavedModel has it
        found = found.get("items")
    return found if isinstance(found, list) and found else None


def _words(layer: Mapping[str, Any], source: str) -> int | None:
    """The rows of a layer's table, where it takes what ``source`` gives."""
    return _table(layer) if source in _flat(layer.get("inbound_nodes", [])) else None


def _table(layer: Mapping[str, Any]) -> int | None:
    """The rows of the table that a layer begins with, None where it begins otherwise."""
    if layer.get("class_name") == "Embedding":
        rows = layer["config"].get("input_dim")
        return rows if type(rows) is int else None
    if not _is_model(layer) or len(_takes(layer["config"])) > 1:
        return None
    inner = tuple(inputs(layer))
    return inner[0].values if len(inner) == 1 else None


def _takes(config: Any) -> tuple[str, ...]:
    """The input layers that a model names; none of a chain, which takes what its first layer does.

    Raises ValueError for more than a model may have, which nobody should have to look for.
    """
    named = config.get("input_layers", []) if isinstance(config, Mapping) else []
    found = tuple(islice(_flat(named), MOST + 1))
    if len(found) > MOST:
        raise ValueError(f"takes more than {MOST} inputs")
    return found


def _is_model(layer: Mapping[str, Any]) -> bool:
    config = layer.get("config")
    return isinstance(config, list) or (isinstance(config, Mapping) and "layers" in config)


def _called(layer: Mapping[str, Any]) -> str:
    config = layer.get("config")
    name = layer.get("name") or (config.get("name") if isinstance(config, Mapping) else None)
    return str(name or "")


def _flat(nodes: Any) -> Iterator[str]:
    """The layers that are named: ``["conv", 0, 0, …]``, in lists, or by the inputs' names."""
    match nodes:
        case [str(name), int(), int(), *_]:
            yield name
        case list():
            for each in nodes:
                yield from _flat(each)
        case dict():
            for key in sorted(nodes):  # as Keras has the order of a dictionary's tensors
                yield from _flat(nodes[key])


def dtype(name: str, said: Any) -> str:
    """The dtype of an input. Raises ValueError, in words, for one that is no number's."""
    if said == "string":
        raise ValueError(_TEXTS)
    if said not in DTYPES:
        raise ValueError(
            f"takes {shown(said)} as {shown(name)}. Expected one of {', '.join(DTYPES)}"
        )
    return str(said)
