"""Which operation of the graph model computes which layer of the layers model.

An operation's name alone says too little: the converter fuses what follows into an operation and
keeps the first one's name, so that ``dw/depthwise`` may give what the layers dw, a batch
normalisation and a ReLU give together. So a layer leaves its trace in every operation that is named
after it or takes its weights (``match_by_name``); where a graph uses other names, in the operations
of its kind at its place (``match_by_structure``). A layer without a trace is computed in the
operation of the layer before it. An operation's output is that of the last layer it computes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from models.formats.anatomy import match_by_name, match_by_structure
from models.formats.anatomy.calls import path_of
from models.formats.anatomy.layers import is_idle
from models.formats.anatomy.parts import Anatomy, Part

Role = Literal["same", "inside", "idle", "missing"]

# Only these can absorb the layers after them.
_ABSORBING = frozenset(
    {
        "Conv2D",
        "DepthwiseConv2dNative",
        "MatMul",
        "_FusedConv2D",
        "_FusedMatMul",
        "FusedDepthwiseConv2dNative",
        "Conv2DBackpropInput",
    }
)


@dataclass(frozen=True)
class Match:
    """A layer, and the operation whose output is or includes its own.

    ``same``: the operation gives what the layer gives. ``inside``: the operation computes this
    layer and others after it, so the layer's own output exists nowhere in the graph. ``idle``: the
    layer does nothing when the model predicts. ``missing``: no operation was found.
    """

    layer: str
    operation: str | None
    role: Role


@dataclass(frozen=True)
class Matching:
    """All layers, in order. ``by`` says how they were matched."""

    matches: tuple[Match, ...]
    by: Literal["names", "structure"]
    traces: Mapping[str, tuple[str, ...]]

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The layers and operations that give the same, in order."""
        return tuple(
            (each.layer, each.operation)
            for each in self.matches
            if each.role == "same" and each.operation
        )

    def operations_of(self, layer: str) -> tuple[str, ...]:
        """The operations that take part in computing a layer and those computed with it."""
        place = next(each.operation for each in self.matches if each.layer == layer)
        if place is None:
            return ()
        group = self.layers_in(place)
        return tuple(dict.fromkeys([*(op for e in group for op in self.traces.get(e, ())), place]))

    def layers_in(self, operation: str) -> tuple[str, ...]:
        """The layers that an operation computes, in order, the one whose output it gives last."""
        return tuple(
            each.layer
            for each in self.matches
            if each.operation == operation or operation in self.traces.get(each.layer, ())
            if each.role != "idle"
        )


def match(layers: Anatomy, graph: Anatomy) -> Matching:
    """Match a Keras or layers model with its graph model, by names or else by structure."""
    wanted = [layer for layer in layers if not is_idle(layer)]
    by_names = match_by_name.traces(layers, graph)
    if 2 * len(by_names) >= len(wanted):
        return Matching(_matches(layers, graph, by_names), "names", by_names)
    by_structure = match_by_structure.traces(layers, graph)
    return Matching(_matches(layers, graph, by_structure), "structure", by_structure)


def _matches(
    layers: Anatomy, graph: Anatomy, traces: Mapping[str, tuple[str, ...]]
) -> tuple[Match, ...]:
    at: dict[str, str | None] = {}  # where each layer's output is, or where it would be
    for layer in layers:
        at[layer.name] = _place(layer, graph, traces.get(layer.name, ()), at)
    at |= _overtaken(layers, at, traces)
    given_by: dict[str, str] = {}  # operation → the last layer that it computes
    for layer in layers:
        operation = at[layer.name]
        if operation is not None and not is_idle(layer):
            given_by[operation] = layer.name
    return tuple(_roles(layers, at, given_by, traces))


def _overtaken(
    layers: Anatomy, at: Mapping[str, str | None], traces: Mapping[str, tuple[str, ...]]
) -> dict[str, str | None]:
    """Layers whose operation also begins a later layer, whose name it has: a ReLU with a largest
    value is a ReLU, which is fused with the layer before, and two more operations.
    """
    found: dict[str, str | None] = {}
    for later in layers:
        path = path_of(later.step_of or later.name)
        begun = {each for each in traces.get(later.name, ()) if f"/{path}/" in f"/{each}/"}
        for layer in layers:
            if layers.order[layer.name] < layers.order[later.name] and at[layer.name] in begun:
                found[layer.name] = at[later.name]
    return found


def _place(
    layer: Part, graph: Anatomy, trace: tuple[str, ...], at: Mapping[str, str | None]
) -> str | None:
    if trace:
        # Out of a loop comes the layer's output, whatever of it the loop computes later.
        place = max(
            _giving(trace, graph), key=lambda name: (not graph[name].hidden, graph.order[name])
        )
        # The converter moves a ReLU behind the pooling that follows it.
        later = (at[each] for each in layer.inputs)
        return next((each for each in later if each and graph.leads(place, each)), place)
    if not layer.inputs:
        return None
    before = at[layer.inputs[0]]
    if is_idle(layer):
        return before
    absorbed = len(layer.inputs) == 1 and before is not None and graph[before].kind in _ABSORBING
    return before if absorbed else None


def _giving(trace: tuple[str, ...], graph: Anatomy) -> tuple[str, ...]:
    """The operations of a trace whose output something else takes, if there are any."""
    own = set(trace)
    giving = [each for each in trace if each in graph.outputs or graph.takers(each) - own]
    return tuple(giving) or trace


def _roles(
    layers: Anatomy,
    at: Mapping[str, str | None],
    given_by: Mapping[str, str],
    traces: Mapping[str, tuple[str, ...]],
) -> Iterator[Match]:
    for layer in layers:
        operation = at[layer.name]
        if is_idle(layer) and layer.name not in traces:
            yield Match(layer.name, operation, "idle")
        elif operation is None:
            yield Match(layer.name, None, "missing")
        else:
            last = given_by.get(operation) == layer.name or is_idle(layer)
            yield Match(layer.name, operation, "same" if last else "inside")
