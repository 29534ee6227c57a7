"""A description of layers → the calls of its layers, those of models inside it too, by name.

The layer ``conv`` of the inner model ``features`` is ``features/conv``, its second call
``features/conv (call 2)``. ``models.runtimes.keras.keras_steps`` and
``models/tfjs/src/steps.js`` give
what is computed the same names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Layer = Mapping[str, Any]  # as stored: class_name, config, inbound_nodes


@dataclass(frozen=True)
class Call:
    """One call of a layer that is no model itself.

    ``inputs`` are the names of the calls whose outputs it takes, ``path`` the names of the models
    around the layer and its own, ``first`` whether this is the first call of that layer.
    """

    name: str
    layer: Layer
    inputs: tuple[str, ...]
    path: tuple[str, ...]
    first: bool


def calls(model: Layer) -> Iterator[Call]:
    """Every call of a Sequential or functional model, in no order that means anything.

    Raises ValueError, KeyError or TypeError for a description that makes no sense.
    """
    level = _Level(model, (), "", (), first=True)
    level.outputs()
    yield from level.found


def call_name(layer: str, number: int) -> str:
    """The name of the call ``number``, from 0, of a layer."""
    return layer if number == 0 else f"{layer} (call {number + 1})"


def path_of(call: str) -> str:
    """The layer's path in the name of a call: ``features/conv`` of ``features/conv (call 2)``."""
    return re.sub(r" \(call \d+\)", "", call)


def is_model(layer: Layer) -> bool:
    """Whether a layer is a model of layers."""
    config = layer["config"]
    return isinstance(config, list) or (isinstance(config, Mapping) and "layers" in config)


def layers_of(model: Layer) -> Sequence[Layer]:
    """The layers of a model. Keras before 2.2.3 wrote a Sequential's as a bare list."""
    inner = model["config"]
    listed: Sequence[Layer] = inner if isinstance(inner, list) else inner["layers"]
    return listed


def name_of(layer: Layer) -> str:
    """The name of a layer."""
    return str(layer.get("name") or layer["config"]["name"])


class _Level:
    """One call of a model, from the names of what it is given to those of what it gives."""

    def __init__(
        self,
        model: Layer,
        given: Sequence[str],
        prefix: str,
        path: tuple[str, ...],
        *,
        first: bool,
    ) -> None:
        self._model, self._given, self._prefix = model, given, prefix
        self._path, self._first = path, first
        self._named = {name_of(each): each for each in layers_of(model)}
        self._known: dict[tuple[str, int], tuple[str, ...]] = {}
        self._begun: set[tuple[str, int]] = set()
        self.found: list[Call] = []

    def outputs(self) -> tuple[str, ...]:
        """What the model gives; finds all its calls on the way."""
        if self._model["class_name"] == "Sequential":
            return self._chained()
        for at, name in enumerate(self._input_names()):
            if at < len(self._given):
                self._known[name, 0] = (self._given[at],)
        for name, layer in self._named.items():
            for number in range(len(_nodes(layer)) or 1):
                self._outputs_of(name, number)
        ends = _places(self._model["config"].get("output_layers") or ())
        return tuple(self._output(*each) for each in ends)

    def _input_names(self) -> list[str]:
        return [each[0] for each in _places(self._model["config"].get("input_layers") or ())]

    def _chained(self) -> tuple[str, ...]:
        at = tuple(self._given)
        for name, layer in self._named.items():
            if layer["class_name"] == "InputLayer" and self._given:
                continue
            at = self._call(name, layer, 0, at)
        return at

    def _outputs_of(self, name: str, number: int) -> tuple[str, ...]:
        """What a layer gives at one of its calls."""
        place = name, number
        if place not in self._known:
            if place in self._begun:
                raise ValueError(f"the inputs of {name} are never computed")
            self._begun.add(place)
            layer = self._named[name]
            nodes = _nodes(layer)
            node = nodes[number] if nodes else ()
            inputs = tuple(self._output(*each) for each in _tensors(node, self._named))
            self._known[place] = self._call(name, layer, number, inputs)
        return self._known[place]

    def _output(self, name: str, number: int, tensor: int) -> str:
        given = self._outputs_of(name, number - self._skipped.get(name, 0))
        return given[min(tensor, len(given) - 1)]

    @cached_property
    def _skipped(self) -> dict[str, int]:
        """How many calls of a layer are not stored: Keras 2 counts the building of an inner model
        as its first.
        """
        taken = [
            *_tensors([_nodes(each) for each in self._named.values()], self._named),
            *_places(self._model["config"].get("output_layers") or ()),
        ]
        highest: dict[str, int] = {}
        for name, number, _ in taken:
            highest[name] = max(number, highest.get(name, 0))
        return {
            name: max(0, number + 1 - (len(_nodes(self._named[name])) or 1))
            for name, number in highest.items()
        }

    def _call(
        self, name: str, layer: Layer, number: int, inputs: tuple[str, ...]
    ) -> tuple[str, ...]:
        called, path = self._prefix + call_name(name, number), (*self._path, name)
        first = self._first and number == 0
        if not is_model(layer):
            distinct = tuple(dict.fromkeys(inputs))
            self.found.append(Call(called, layer, distinct, path, first))
            return (called,)
        inner = _Level(layer, inputs, f"{called}/", path, first=first)
        outputs = inner.outputs()
        self.found += inner.found
        return outputs


def _nodes(layer: Layer) -> Sequence[Any]:
    return layer.get("inbound_nodes") or ()


def _tensors(node: Any, known: Mapping[str, Layer]) -> Iterator[tuple[str, int, int]]:
    """The tensors among the arguments of a call, those given by keyword too."""
    if isinstance(node, Mapping):
        for _, each in sorted(node.items()):
            yield from _tensors(each, known)
    elif isinstance(node, list | tuple):
        if len(node) >= 3 and isinstance(node[0], str) and _whole(node[1]) and _whole(node[2]):
            if node[0] in known:
                yield node[0], int(node[1]), int(node[2])
            elif node[0] != "_CONSTANT_VALUE":
                raise ValueError(f"the inputs of a layer are never computed: no {node[0]}")
            yield from _tensors(node[3:], known)
        else:
            for each in node:
                yield from _tensors(each, known)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _places(stored: Any) -> list[tuple[str, int, int]]:
    """A list of places, also for a single one, which may be stored without a list, and for those of
    a dictionary, which Keras takes in the order of its keys.
    """
    if isinstance(stored, Mapping):
        return [place for _, each in sorted(stored.items()) for place in _places(each)]
    each = [stored] if stored and isinstance(stored[0], str) else stored
    return [(str(name), int(number), int(index)) for name, number, index in each]
