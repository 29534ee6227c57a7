"""Settings that differ between a layer and its counterpart: activation, strides, padding, …"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from models.formats.anatomy.parts import Part

# Entries of a layer's config that do not change what it computes.
_NOT_COMPUTED = ("initializer", "regularizer", "constraint")
_IGNORED = frozenset({"name", "trainable", "dtype", "batch_input_shape", "momentum", "seed"})

# Keras's activations and the operations of a graph that compute them.
ACTIVATIONS = {
    "relu": "Relu",
    "relu6": "Relu6",
    "elu": "Elu",
    "selu": "Selu",
    "softmax": "Softmax",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softplus": "Softplus",
    "leaky_relu": "LeakyRelu",
    "swish": "Sigmoid",  # and a product
    "silu": "Sigmoid",
}
_LAYERS = {"LeakyReLU": "LeakyRelu", "PReLU": "Prelu", "ELU": "Elu", "Softmax": "Softmax"}
_KNOWN = {*ACTIVATIONS.values(), *_LAYERS.values()}
_WINDOWS = {"strides": "strides", "pool_size": "ksize"}


def between_layers(layer: Part, twin: Part) -> Iterator[str]:
    """How a layer differs from the same layer of another format, in words."""
    # A layer whose activation is a step of its own may be whole where that is another one.
    if layer.kind != twin.kind and "Activation" not in (layer.kind, twin.kind):
        yield f"{layer.name}: {_both(layer.kind, twin.kind)}"
        return
    for key, value in layer.settings.items():
        if key in _IGNORED or key.endswith(_NOT_COMPUTED) or key not in twin.settings:
            continue
        there = twin.settings[key]
        if _plain(value) != _plain(there):
            yield f"{key} of {layer.name}: {_both(value, there)}"


# Numbers among a layer's settings that its results are computed with.
_NUMBERS = (
    "epsilon",
    "alpha",
    "negative_slope",
    "max_value",
    "threshold",
    "theta",
    "scale",
    "offset",
)


def numbers_between(layer: Part, twin: Part) -> Iterator[str]:
    """The numbers among the settings of a layer that differ from those of its counterpart, a layer
    or an operation, in words. float32 is what they are computed with.
    """
    for key in _NUMBERS:
        own, there = layer.settings.get(key), twin.settings.get(key)
        if _is_number(own) and _is_number(there) and np.float32(own) != np.float32(there):
            yield f"{key} of {layer.name}: {_both(own, there)}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def between_layers_and_operations(
    layers: Sequence[Part], operations: Sequence[Part]
) -> Iterator[str]:
    """How operations differ from the layers that they compute, in words."""
    layers = [layer for layer in layers if "layers" not in layer.settings]  # no model in the model
    expected = [name for layer in layers if (name := _activation(layer))]
    actual = [name for each in operations for name in _activations(each)]
    names = ", ".join(layer.name for layer in layers)
    if layers and sorted(expected) != sorted(actual):
        yield f"activation of {names}: {_both(expected, actual)}"
    for layer in layers:
        for each in operations:
            yield from _windows(layer, each, dilated=_dilated(operations))


def _activation(layer: Part) -> str | None:
    """The operation that a layer's activation becomes; None for none, or one not known here."""
    if layer.kind == "ReLU":
        settings = layer.settings
        if settings.get("negative_slope") or settings.get("threshold"):
            return None
        return {None: "Relu", 6.0: "Relu6"}.get(settings.get("max_value"))
    named = layer.settings.get("activation")
    known = ACTIVATIONS.get(named) if isinstance(named, str) else None
    return _LAYERS.get(layer.kind, known)


def _activations(operation: Part) -> Iterator[str]:
    for name in (operation.kind, *operation.settings.get("fused_ops", ())):
        if name in _KNOWN:
            yield name


def _dilated(operations: Sequence[Part]) -> bool:
    """Whether operations around a convolution move the pixels and pad, which dilates it."""
    return any(each.kind == "SpaceToBatchND" for each in operations)


def _windows(layer: Part, operation: Part, *, dilated: bool) -> Iterator[str]:
    """Differences in strides, windows, padding and dilation."""
    own, there = layer.settings, operation.settings
    if layer.kind == "SeparableConv2D" and "Depthwise" not in operation.kind:
        return  # its second convolution is 1×1
    for key, attribute in _WINDOWS.items():
        if key in own and attribute in there:
            yield from _unequal(layer, key, own[key], list(there[attribute][1:3]))
    if dilated or "strides" not in own or "strides" not in there:
        return
    if "padding" in there and own.get("padding") in ("same", "valid"):
        yield from _unequal(layer, "padding", own["padding"], str(there["padding"]).lower())
    if "dilation_rate" in own and there.get("dilations"):
        yield from _unequal(
            layer, "dilation_rate", own["dilation_rate"], list(there["dilations"][1:3])
        )


def _unequal(layer: Part, key: str, own: Any, there: Any) -> Iterator[str]:
    pair = [own, own] if isinstance(own, int) else own
    if _plain(pair) != _plain(there):
        yield f"{key} of {layer.name}: {_both(own, there)}"


def _both(own: Any, there: Any) -> str:
    return f"{_text(own)} in the reference, {_text(there)} in this format"


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "×".join(map(str, value)) or "none"
    if isinstance(value, Mapping):
        return str(value.get("class_name", dict(value)))
    return str(value)
