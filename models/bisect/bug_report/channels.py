"""Which axes of an operation's arrays can be cut: what each layer and each operation of a graph
computes for one channel, or one place, without the others.

Only what is listed here is cut. An operation that is not is reported whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models.bisect.bug_report.case import Axes

# Layers that make other channels of all that they take: the axes of their arrays.
LAYERS: Mapping[str, Mapping[str, Axes]] = {
    "Conv1D": {"kernel": {1: "in", 2: "out"}, "bias": {0: "out"}},
    "Conv2D": {"kernel": {2: "in", 3: "out"}, "bias": {0: "out"}},
    "Dense": {"kernel": {0: "in", 1: "out"}, "bias": {0: "out"}},
}
SIZES = {"Conv1D": "filters", "Conv2D": "filters", "Dense": "units"}
# Those that compute each channel from itself alone; -1 is the last axis.
_ALIKE: Mapping[str, Mapping[str, int]] = {
    "BatchNormalization": dict.fromkeys(("gamma", "beta", "moving_mean", "moving_variance"), 0),
    "DepthwiseConv2D": {"depthwise_kernel": 2, "bias": 0},
    "PReLU": {"alpha": -1},
    **{
        name: {}
        for name in (
            *("ReLU", "LeakyReLU", "ELU", "ThresholdedReLU", "Activation", "Rescaling"),
            *("MaxPooling1D", "AveragePooling1D", "MaxPooling2D", "AveragePooling2D"),
            *("GlobalAveragePooling2D", "GlobalMaxPooling2D", "ZeroPadding1D", "ZeroPadding2D"),
            *("Cropping2D", "UpSampling2D", "Dropout", "SpatialDropout2D", "GaussianNoise"),
            *("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"),
        )
    },
}
_CONVOLUTIONS = frozenset({"Conv2D", "_FusedConv2D"})
_PRODUCTS = frozenset({"MatMul", "_FusedMatMul"})
_DEPTHWISE = frozenset({"DepthwiseConv2dNative", "FusedDepthwiseConv2dNative"})
_OPERATIONS_ALIKE = frozenset(
    {
        *("Placeholder", "Const", "Identity", "Relu", "Relu6", "Elu", "Selu", "LeakyRelu", "Prelu"),
        *("Tanh", "Sigmoid", "Softplus", "MaxPool", "AvgPool", "Add", "AddV2", "Mul", "Sub"),
        *("RealDiv", "Maximum", "Minimum", "Rsqrt", "Neg", "Square", "BiasAdd", "Pad", "PadV2"),
        *("FusedBatchNorm", "FusedBatchNormV3", "Mean", "Max"),
    }
)


def of_layer(kind: str, role: str, config: Mapping[str, Any]) -> Axes | None:
    """The axes of one of a layer's arrays; None where the layer cannot be cut."""
    if kind in LAYERS:
        return LAYERS[kind].get(role)
    at = _ALIKE[kind].get(role)
    return None if at is None else {_last(config, at): "in"}


def _last(config: Mapping[str, Any], at: int) -> int:
    return len(config.get("shared_axes") or ()) if at == -1 else at


def layers_can(kinds: Iterable[tuple[str, Mapping[str, Any]]]) -> bool:
    """Whether layers, in their order, can be cut."""
    listed = list(kinds)
    heads = [kind for kind, _ in listed if kind in LAYERS]
    return len(heads) <= 1 and all(_layer_can(*each) for each in listed)


def _layer_can(kind: str, config: Mapping[str, Any]) -> bool:
    if kind not in LAYERS and kind not in _ALIKE:
        return False
    axis = config.get("axis", -1)
    shared = config.get("shared_axes") or ()
    return (
        config.get("data_format", "channels_last") == "channels_last"
        and config.get("groups", 1) == 1
        and config.get("depth_multiplier", 1) == 1
        and config.get("activation") != "softmax"
        and (kind != "BatchNormalization" or _is_last(axis))
        and (kind != "PReLU" or len(shared) == 2)
    )


def _is_last(axis: Any) -> bool:
    return axis in (-1, [-1], 3, [3])


def makes_channels(op: str) -> bool:
    """Whether a graph's operation makes other channels of all that it takes."""
    return op in _CONVOLUTIONS or op in _PRODUCTS


def operations_can(ops: Iterable[str]) -> bool:
    """Whether a graph's operations can be cut."""
    listed = list(ops)
    known = _CONVOLUTIONS | _PRODUCTS | _DEPTHWISE | _OPERATIONS_ALIKE
    return sum(map(makes_channels, listed)) <= 1 and known.issuperset(listed)


def of_operation(op: str, place: int, value: Any, ends: str) -> Axes | None:
    """The axes of a constant that an operation takes at a place; None where it cannot be cut.

    ``ends`` is "in" before, "out" after an operation that makes other channels.
    """
    if value.dtype.kind == "i":  # paddings and axes; quantised numbers are unsigned
        return {}
    if place == 1 and op in _CONVOLUTIONS:
        return {2: "in", 3: "out"}
    if place == 1 and op in _PRODUCTS:
        return {0: "in", 1: "out"}
    if place == 1 and op in _DEPTHWISE:
        return {2: "in"} if value.shape[3] == 1 else None
    ends = "out" if makes_channels(op) else ends
    if value.size == 1:
        return {}
    return {value.ndim - 1: ends} if value.size == value.shape[-1] else None


def transposed(node: Mapping[str, Any]) -> bool:
    """Whether a product takes one of its sides transposed."""
    attributes = node.get("attr", {})
    return any(attributes.get(key, {}).get("b") for key in ("transpose_a", "transpose_b"))
