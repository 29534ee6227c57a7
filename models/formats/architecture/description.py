"""A model's own description: its layers with their settings, or a graph's operations."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from models.formats import model_limits, strict_json
from models.lanes import Format

_Part = TypeVar("_Part")

MAX_DEPTH = strict_json.MAX_DEPTH
MAX_NUMBERS = 16  # of a call: one for each channel is what matters
_INNER = ("layer", "backward_layer")  # what TimeDistributed, Bidirectional and others wrap


@dataclass(frozen=True)
class Layer:
    """One layer. ``inside`` names the models and wrappers that it is in, from the outermost;
    ``sources`` the layers of the same model that it takes its input from; ``numbers`` are given to
    its call beside these, as the 127.5 of ``x / 127.5``, at most MAX_NUMBERS of them.
    """

    kind: str
    name: str
    config: Mapping[str, Any]
    inside: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One operation of a graph; ``settings`` are its attributes, texts and numbers decoded."""

    kind: str
    name: str
    inputs: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Description:
    """``keras`` is the major version that saved the layers, None where the file does not say.

    A graph has ``operations``, and ``shapes`` of its constants by name; other formats ``layers``,
    with those of nested models after the model itself. ``dictionaries`` are the names of what is
    taken or given as a dictionary.
    """

    format: Format
    keras: int | None = None
    layers: tuple[Layer, ...] = ()
    operations: tuple[Operation, ...] = ()
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    dictionaries: tuple[str, ...] = ()


def of_layers(form: Format, model: Any, version: Any = None) -> Description:
    """The description of the model that Keras stored as ``{"class_name": …, "config": …}``.

    Raises ValueError, in words, where it is something else.
    """
    strict_json.refuse_depth(model)
    stored = _mapping(model, "the model")
    major = str(version).partition(".")[0]
    config = _config(stored)
    layers = _counted(_layers_of(config, ()))
    if not layers:
        raise ValueError(
            f"its {stored.get('class_name')} does not say which layers it has; only Sequential and "
            "functional models do"
        )
    sides = (config.get(side) for side in ("input_layers", "output_layers"))
    named = tuple(str(name) for side in sides if isinstance(side, Mapping) for name in side)
    keras = int(major) if major in ("1", "2", "3") else None
    return Description(form, keras, layers, dictionaries=named)


def of_graph(topology: Any, manifest: Any) -> Description:
    """The description of a graph model's ``modelTopology`` and ``weightsManifest``.

    Raises ValueError, in words, where they are something else.
    """
    strict_json.refuse_depth([topology, manifest])
    stored = _mapping(topology, "the graph")
    library = _mapping(stored.get("library", {}), "the graph's library")
    nodes = list(_list(stored.get("node"), "the graph's nodes"))
    for function in _list(library.get("function", []), "the graph's functions"):
        nodes += _list(_mapping(function, "a function").get("nodeDef", []), "a function's nodes")
    operations = _counted(_operation(_mapping(node, "a node")) for node in nodes)
    return Description("graph", operations=operations, shapes=dict(_shapes(manifest)))


def _counted(parts: Iterator[_Part]) -> tuple[_Part, ...]:
    taken = tuple(islice(parts, model_limits.PARTS.value + 1))
    model_limits.check_parts(len(taken))
    return taken


def _layers_of(config: Mapping[str, Any], inside: tuple[str, ...]) -> Iterator[Layer]:
    last: tuple[str, ...] = ()
    for each in _list(config.get("layers", []), "the layers"):
        stored = _mapping(each, "a layer")
        chained = "inbound_nodes" not in stored  # a Sequential's: each takes what the last gave
        sources = last if chained else tuple(dict.fromkeys(_histories(stored["inbound_nodes"])))
        yield from _layer(stored, inside, sources)
        last = (_name(stored),)
    for key in _INNER:
        if isinstance(config.get(key), Mapping):
            yield from _layer(config[key], inside, ())


def _layer(
    stored: Mapping[str, Any], inside: tuple[str, ...], sources: tuple[str, ...]
) -> Iterator[Layer]:
    config, name = _config(stored), _name(stored)
    numbers = tuple(islice(_numbers(stored.get("inbound_nodes")), MAX_NUMBERS))
    yield Layer(str(stored.get("class_name")), name, config, inside, sources, numbers)
    yield from _layers_of(config, (*inside, name))


def _name(stored: Mapping[str, Any]) -> str:
    return str(stored.get("name") or _config(stored).get("name", ""))


def _histories(nodes: Any) -> Iterator[str]:
    """The layers named in ``inbound_nodes``: ``["conv", 0, 0, …]``, in Keras 3 deeper inside."""
    match nodes:
        case [str(name), int(), int(), *_]:
            yield name
        case list():
            for each in nodes:
                yield from _histories(each)
        case dict():
            for each in nodes.values():
                yield from _histories(each)


def _numbers(nodes: Any) -> Iterator[float]:
    """The numbers in ``inbound_nodes`` that do not belong to the name of a tensor."""
    match nodes:
        case [str(), int(), int(), *others]:
            yield from _numbers(others)
        case {"class_name": "__keras_tensor__"} | bool():
            return
        case int() | float():
            yield float(nodes)
        case list():
            for each in nodes:
                yield from _numbers(each)
        case dict():
            for each in nodes.values():
                yield from _numbers(each)


def _config(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    config = stored.get("config")
    # Keras before 2.2.3 wrote a Sequential's layers as a bare list.
    return {"layers": config} if isinstance(config, list) else _mapping(config, "a config")


def _operation(node: Mapping[str, Any]) -> Operation:
    inputs = tuple(map(str, _list(node.get("input", []), "an operation's inputs")))
    attributes = _mapping(node.get("attr", {}), "an operation's attributes")
    settings = {key: _plain(value) for key, value in attributes.items()}
    return Operation(str(node.get("op")), str(node.get("name")), inputs, settings)


def _plain(attribute: Any) -> Any:
    """An attribute out of protobuf's JSON: a text, a number, a list of either, or a shape."""
    if not isinstance(attribute, Mapping):
        return None
    if isinstance(attribute.get("list"), Mapping):
        entries = attribute["list"]
        texts = _list(entries.get("s", []), "an attribute")
        return [_text(each) for each in texts] or entries.get("i", [])
    if "s" in attribute:
        return _text(attribute["s"])
    if isinstance(attribute.get("shape"), Mapping):
        return _dimensions(attribute["shape"])
    return next((attribute[key] for key in ("b", "i", "f") if key in attribute), None)


def _dimensions(shape: Mapping[str, Any]) -> list[int | None]:
    """The sizes of a shape, None for one that is not known, which protobuf's JSON writes as -1."""
    sizes = [
        str(_mapping(each, "a dimension").get("size", ""))
        for each in _list(shape.get("dim", []), "a shape")
    ]
    return [int(size) if size.isascii() and size.isdigit() else None for size in sizes]


def _text(encoded: Any) -> str:
    return base64.b64decode(str(encoded).encode()).decode("utf-8", "replace")


def _shapes(manifest: Any) -> Iterator[tuple[str, tuple[int, ...]]]:
    for group in _list(manifest, "the weights"):
        for each in _list(_mapping(group, "the weights").get("weights", []), "the weights"):
            weight = _mapping(each, "a weight")
            sizes = _list(weight.get("shape", []), "a shape")
            yield str(weight.get("name")), tuple(size for size in sizes if isinstance(size, int))


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{what} is no object")
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{what} are no list")
    return value
