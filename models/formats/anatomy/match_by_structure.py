"""Operations of a layer's kind at a layer's place, for graphs whose names say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from models.formats.anatomy.layers import is_idle
from models.formats.anatomy.parts import Anatomy, Part

_CONVOLUTION = frozenset({"Conv2D", "_FusedConv2D"})
_DEPTHWISE = frozenset({"DepthwiseConv2dNative", "FusedDepthwiseConv2dNative"})
_RESHAPE = frozenset({"Reshape", "Squeeze", "ExpandDims"})
_ACTIVATIONS: Mapping[str, frozenset[str]] = {
    "relu": frozenset({"Relu", "Relu6"}),
    "relu6": frozenset({"Relu6"}),
    "elu": frozenset({"Elu"}),
    "selu": frozenset({"Selu"}),
    "softmax": frozenset({"Softmax"}),
    "sigmoid": frozenset({"Sigmoid"}),
    "tanh": frozenset({"Tanh"}),
    "softplus": frozenset({"Softplus"}),
    "leaky_relu": frozenset({"LeakyRelu"}),
}
# A layer's class → the operations that compute it, one set a step. Batch normalisation that was
# not folded is a product and a sum, or left whole.
_STEPS: Mapping[str, Sequence[frozenset[str]]] = {
    "Conv2D": [_CONVOLUTION],
    "DepthwiseConv2D": [_DEPTHWISE],
    "SeparableConv2D": [_DEPTHWISE, _CONVOLUTION],
    "Conv2DTranspose": [frozenset({"Conv2DBackpropInput"})],
    "Dense": [frozenset({"MatMul", "_FusedMatMul"})],
    "BatchNormalization": [frozenset({"Mul", "FusedBatchNorm", "FusedBatchNormV3"})],
    "Rescaling": [frozenset({"Mul"}), frozenset({"Add", "AddV2"})],
    "MaxPooling2D": [frozenset({"MaxPool"})],
    "AveragePooling2D": [frozenset({"AvgPool"})],
    "GlobalAveragePooling2D": [frozenset({"Mean"})],
    "GlobalMaxPooling2D": [frozenset({"Max"})],
    "ZeroPadding2D": [frozenset({"Pad", "PadV2"})],
    "Flatten": [_RESHAPE],
    "Reshape": [_RESHAPE],
    "Permute": [frozenset({"Transpose"})],
    "Add": [frozenset({"Add", "AddV2", "AddN"})],
    "Subtract": [frozenset({"Sub"})],
    "Multiply": [frozenset({"Mul"})],
    "Maximum": [frozenset({"Maximum"})],
    "Minimum": [frozenset({"Minimum"})],
    "Concatenate": [frozenset({"ConcatV2"})],
    "ReLU": [frozenset({"Relu", "Relu6", "LeakyRelu", "Minimum", "Maximum", "ClipByValue"})],
    "LeakyReLU": [frozenset({"LeakyRelu"})],
    "PReLU": [frozenset({"Prelu"})],
    "ELU": [frozenset({"Elu"})],
    "Softmax": [frozenset({"Softmax"})],
}
# Operations that belong to the one before them, and are no layers.
_GLUE = frozenset({"BiasAdd", "SpaceToBatchND", "BatchToSpaceND", "Identity"})
_SHAPES = frozenset({"Shape", "StridedSlice", "Pack", "Cast", "Prod", "GatherV2"})


def traces(layers: Anatomy, graph: Anatomy) -> dict[str, tuple[str, ...]]:
    """Each layer's operations by kind, kernel and place, for layers that have any."""
    return _Walk(graph).through(layers)


class _Walk:
    """A walk through the layers that tracks its place in the graph."""

    def __init__(self, graph: Anatomy) -> None:
        self._graph = graph
        self._claimed: set[str] = set()
        self._after: dict[str, list[str]] = {}
        for part in graph:
            for each in part.inputs:
                self._after.setdefault(each, []).append(part.name)

    def through(self, layers: Anatomy) -> dict[str, tuple[str, ...]]:
        traced: dict[str, tuple[str, ...]] = {}
        starts = [part.name for part in self._graph if not part.inputs]
        at: dict[str, list[str]] = {}
        for layer in layers:
            places = [place for each in layer.inputs for place in at[each]] or starts
            if not layer.inputs and len(starts) == 1 and layer.kind == "InputLayer":
                traced[layer.name] = (starts[0],)
            elif not is_idle(layer):
                trace = self._trace(layer, places)
                if trace:
                    traced[layer.name] = tuple(trace)
                    places = trace[-1:]
            at[layer.name] = places
        return traced

    def _trace(self, layer: Part, places: list[str]) -> list[str]:
        trace: list[str] = []
        for kinds in _steps(layer):
            step = next(self._next(places, kinds, layer), None)
            if step is None:
                continue  # it is fused into the operation before it
            trace += [step, *self._glue(step)]
            places = trace[-1:]
            self._claimed.update(trace)
        if layer.kind == "BatchNormalization" and trace and self._graph[trace[-1]].kind == "Mul":
            sums = self._next(trace[-1:], frozenset({"Add", "AddV2", "Sub"}), layer)
            trace += list(sums)[:1]
        return trace

    def _next(self, places: Iterable[str], kinds: frozenset[str], layer: Part) -> Iterator[str]:
        """Unclaimed operations of these kinds that follow, at most glue and shapes between."""
        queue, seen = list(places), set[str]()
        while queue:
            for name in self._after.get(queue.pop(0), ()):
                part = self._graph[name]
                if name in seen:
                    continue
                seen.add(name)
                if part.kind in kinds and name not in self._claimed and _fits(layer, part):
                    yield name
                elif part.kind in _GLUE | _SHAPES:
                    queue.append(name)

    def _glue(self, step: str) -> Iterator[str]:
        """The operations that complete a step: its bias is added, its dilation ends."""
        while True:
            after = self._after.get(step, [])
            if len(after) != 1 or self._graph[after[0]].kind not in ("BiasAdd", "BatchToSpaceND"):
                return
            step = after[0]
            yield step


def _steps(layer: Part) -> Sequence[frozenset[str]]:
    steps = list(_STEPS.get(layer.kind, ()))
    activation = layer.settings.get("activation")
    if isinstance(activation, str) and activation in _ACTIVATIONS:
        steps.append(_ACTIVATIONS[activation])
    return steps


def _fits(layer: Part, part: Part) -> bool:
    """Whether an operation with a kernel has one of the layer's size."""
    kernels = [each.value.size for each in part.floats if np.ndim(each.value) >= 2]
    own = [each.value.size for each in layer.floats if np.ndim(each.value) >= 2]
    return not kernels or not own or bool(set(kernels) & set(own))
