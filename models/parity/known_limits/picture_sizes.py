"""The height and width of the pictures that a layer, or an operation of a graph, is given.

One row of the table depends on them: whether a stride reaches the last pixel. None where it cannot
be told: then the row does not predict.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence

from models.formats.architecture.description import Description, Layer, Operation
from models.parity.known_limits.conditions import numbers, pair
from models.parity.known_limits.topology import integers

Sizes = tuple[int, int] | None  # height and width

WINDOWS = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D")
KERNELS = ("Conv2D", "_FusedConv2D", "DepthwiseConv2dNative", "FusedDepthwiseConv2dNative")
_POOLS = ("MaxPool", "AvgPool")
_KEEPS = {
    *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "Softmax", "Dense"),
    *("BatchNormalization", "LayerNormalization", "GroupNormalization", "Rescaling", "Identity"),
    *("Normalization", "Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise"),
    *("AlphaDropout", "ActivityRegularization", "Add", "Subtract", "Multiply", "Average"),
    *("Maximum", "Minimum", "Concatenate", "RandomFlip", "RandomRotation", "RandomZoom"),
    *("RandomContrast", "RandomTranslation"),
}
_OPERATIONS_KEEP = {
    *("Relu", "Relu6", "Elu", "Selu", "LeakyRelu", "Prelu", "Sigmoid", "Tanh", "Softplus"),
    *("BiasAdd", "Add", "AddV2", "Sub", "Mul", "RealDiv", "Maximum", "Minimum", "Identity"),
    *("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"),
}


def of_layers(description: Description) -> dict[tuple[tuple[str, ...], str], Sizes]:
    """What each layer is given, by the models that it is in and its name."""
    given: dict[tuple[tuple[str, ...], str], Sizes] = {}
    gives: dict[tuple[tuple[str, ...], str], Sizes] = {}
    for layer in description.layers:  # Keras stores them so that sources come first
        key = layer.inside, layer.name
        sources = [gives.get((layer.inside, each)) for each in layer.sources]
        given[key] = next((each for each in sources if each), _declared(layer))
        gives[key] = _after(layer, given[key])
    return given


def of_operations(graph: Description) -> dict[str, Sizes]:
    """What each operation of a graph is given, by its name."""
    consumers: dict[str, list[Operation]] = {}
    for each in graph.operations:
        for name in each.inputs:
            consumers.setdefault(name.partition(":")[0], []).append(each)
    given: dict[str, Sizes] = {}
    found: deque[tuple[str, Sizes]] = deque(
        (each.name, _of_shape(each.settings.get("shape")))
        for each in graph.operations
        if each.kind == "Placeholder"
    )
    while found:
        name, sizes = found.popleft()
        for each in consumers.get(name, ()):
            if sizes is not None and each.name not in given:
                given[each.name] = sizes
                found.append((each.name, _after_operation(each, sizes, graph.shapes)))
    return given


def reaches_the_end(kernel: Sequence[float], strides: Sequence[float], sizes: Sizes) -> bool | None:
    """Whether the windows of padding 'same' reach the last pixel of both axes; None if unknown."""
    if sizes is None or len(kernel) < 2 or len(strides) < 2 or min(strides) < 1:
        return None
    return all(
        (math.ceil(size / step) - 1) * step + window >= size
        for size, window, step in zip(sizes, kernel, strides, strict=False)
    )


def steps(each: Operation) -> list[float]:
    """The strides of an operation along height and width, as protobuf's JSON has them."""
    return _texts(each.settings.get("strides"))[1:3]


def _declared(layer: Layer) -> Sizes:
    for key in ("batch_input_shape", "batch_shape"):
        stored = layer.config.get(key)
        if isinstance(stored, list) and len(stored) == 4:
            return _of_shape(stored)
    return None


def _of_shape(stored: object) -> Sizes:
    """Height and width of a batch of pictures whose channels come last."""
    if not isinstance(stored, list) or len(stored) != 4:
        return None
    return _two(stored[1:3])


def _two(values: Sequence[object]) -> Sizes:
    found = [int(each) for value in values for each in numbers(value) if each >= 1]
    return (found[0], found[1]) if len(found) == 2 else None


def _after(layer: Layer, given: Sizes) -> Sizes:
    kind, config = layer.kind, layer.config
    if config.get("data_format") == "channels_first":
        return None
    if kind == "InputLayer" or kind in _KEEPS:
        return given
    if kind in ("Resizing", "CenterCrop"):
        return _two([config.get("height"), config.get("width")])
    if kind == "Reshape":
        target = integers(config.get("target_shape"))
        return _two(target[:2]) if len(target) == 3 else None
    if given is None:
        return None
    if kind in WINDOWS:
        window = pair(config.get("kernel_size", config.get("pool_size")))
        stride = pair(config.get("strides")) or window
        spread = pair(config.get("dilation_rate")) or [1, 1]
        return _windows(given, window, stride, spread, config.get("padding") == "same")
    if kind == "UpSampling2D":
        return _two([size * by for size, by in zip(given, pair(config.get("size")), strict=False)])
    if kind in ("ZeroPadding2D", "Cropping2D"):
        return _padded(given, config, 1 if kind == "ZeroPadding2D" else -1)
    return None


def _padded(given: Sizes, config: Mapping[str, object], sign: int) -> Sizes:
    stored = config.get("padding" if sign > 0 else "cropping")
    if given is None or not isinstance(stored, list) or len(stored) != 2:
        return None
    sides = [pair(each) for each in stored]
    return _two([size + sign * sum(side) for size, side in zip(given, sides, strict=False) if side])


def _after_operation(each: Operation, given: Sizes, shapes: Mapping[str, Sequence[int]]) -> Sizes:
    if each.settings.get("data_format") in ("NCHW", "NCDHW"):
        return None
    if each.kind in _OPERATIONS_KEEP:
        return given
    if each.kind in KERNELS:
        window = shapes.get(each.inputs[1] if len(each.inputs) > 1 else "", ())[:2]
    elif each.kind in _POOLS:
        window = [int(size) for size in _texts(each.settings.get("ksize"))[1:3]]
    else:
        return None
    padding = each.settings.get("padding")
    if padding not in ("SAME", "VALID"):
        return None
    spread = _texts(each.settings.get("dilations"))[1:3] or [1, 1]
    return _windows(given, window, steps(each), spread, padding == "SAME")


def _windows(
    given: Sizes,
    window: Sequence[float],
    stride: Sequence[float],
    spread: Sequence[float],
    same: bool,
) -> Sizes:
    if given is None or min(map(len, (window, stride, spread))) < 2 or min(stride) < 1:
        return None
    out = (
        math.ceil(size / step) if same else (size - (width - 1) * far - 1) // step + 1
        for size, width, step, far in zip(given, window, stride, spread, strict=False)
    )
    return _two(list(out))


def _texts(stored: object) -> list[float]:
    """Numbers that protobuf's JSON wrote as texts, such as ["1", "2", "2", "1"]."""
    values = stored if isinstance(stored, list) else []
    return [
        int(each)
        for each in values
        if isinstance(each, str) and each.isascii() and each.isdigit() and len(each) < 10
    ]
