"""What a model does first with its input, as far as that tells which values it takes.

A model that scales its pixels itself, by a Rescaling or Normalization layer or by arithmetic,
says so in its file: what it divides by 127.5 goes from 0 to 255.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.convert.guess.numbers import Numbers
from models.formats.architecture.description import Description, Layer, Operation

# They hand pixels on, at other places, in another order or number.
_PASSING_LAYERS = (
    *("InputLayer", "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "Identity"),
    *("Reshape", "Permute", "Flatten", "Concatenate", "Masking", "Resizing", "CenterCrop"),
    *("Cropping2D", "ZeroPadding2D", "UpSampling2D", "SlicingOpLambda"),
    *("GetItem", "ExpandDims", "Squeeze", "Transpose", "Flip", "Pad", "Cast", "Stack"),
)
_PASSING_FUNCTIONS = ("cast", "image.", "reshape", "expand_dims", "transpose", "squeeze", "reverse")
_PASSING_OPERATIONS = (
    *("Identity", "StopGradient", "PlaceholderWithDefault", "Cast", "Reshape", "ExpandDims"),
    *("Squeeze", "Transpose", "Pad", "PadV2", "MirrorPad", "StridedSlice", "Slice", "ReverseV2"),
    *("ResizeBilinear", "ResizeNearestNeighbor", "ResizeBicubic", "ResizeArea"),
    *("ConcatV2", "Pack", "NoOp", "Shape"),
)
_DIVIDES = ("truediv", "divide", "realdiv", "TrueDivide", "Divide", "RealDiv", "Div")
_MULTIPLIES = ("multiply", "mul", "Multiply", "Mul", "scalar_mul")
_SUBTRACTS = ("subtract", "sub", "Subtract", "Sub")
_ADDS = ("add", "bias_add", "Add", "AddV2", "BiasAdd")


@dataclass(frozen=True)
class Step:
    """A value v of the input becomes ``factor`` · v + ``offset``, each with one number or one for
    each channel, both None where the file does not tell them. ``what`` is how a sentence calls it.
    """

    what: str
    factor: NDArray[np.float64] | None = None
    offset: NDArray[np.float64] | None = None


def first(description: Description) -> Layer | Operation | None:
    """The first layer or operation that computes with the pixels of a model with one input."""
    if description.format == "graph":
        return next(_behind_the_input(description.operations), None)
    return next((each for each in description.layers if not _passes(each)), None)


def find(description: Description, numbers: Numbers) -> Step | None:
    """How the model scales its input by itself; None where it does not begin so."""
    found = first(description)
    if isinstance(found, Operation):
        return _of_operation(found, description.operations, numbers)
    return None if found is None else _of_layer(found, numbers)


def _passes(layer: Layer) -> bool:
    if isinstance(layer.config.get("layers"), list):  # a model: its layers follow
        return True
    function = str(layer.config.get("function", ""))
    linear = layer.kind == "Activation" and layer.config.get("activation") == "linear"
    return (
        linear
        or layer.kind in _PASSING_LAYERS
        or layer.kind.startswith("Random")  # they act in training only
        or any(function.startswith(each) for each in _PASSING_FUNCTIONS)
    )


def _of_layer(layer: Layer, numbers: Numbers) -> Step | None:
    config, named = layer.config, f"{layer.kind} right behind its input"
    if layer.kind == "Rescaling":
        return Step(named, _array(config.get("scale")), _array(config.get("offset", 0.0)))
    if layer.kind == "Normalization" and not config.get("invert"):
        mean, variance = (_array(config.get(each)) for each in ("mean", "variance"))
        if mean is None or variance is None:
            mean, variance = (numbers(layer.name, each) for each in ("mean", "variance"))
        return _by_statistics(named, mean, variance)
    if layer.kind.startswith("BatchNormalization"):
        mean, variance = (numbers(layer.name, f"moving_{each}") for each in ("mean", "variance"))
        return _by_statistics(named, mean, variance)
    function = str(layer.config.get("function", "")).rpartition(".")[2]
    is_call = bool(layer.numbers) or layer.kind == "TFOpLambda"
    return _arithmetic(function or layer.kind, _array(layer.numbers)) if is_call else None


def _of_operation(
    found: Operation, operations: Sequence[Operation], numbers: Numbers
) -> Step | None:
    by_name = {each.name: each for each in operations}
    names = [_source(each, by_name) for each in found.inputs]
    constants = [name for name in names if name in by_name and by_name[name].kind == "Const"]
    return _arithmetic(found.kind, numbers(constants[-1]) if constants else None)


def _by_statistics(
    what: str, mean: NDArray[np.float64] | None, variance: NDArray[np.float64] | None
) -> Step:
    if mean is None or variance is None or mean.size != variance.size:
        return Step(what)
    deviation = np.sqrt(np.maximum(variance, 1e-12))
    return Step(what, 1 / deviation, -mean / deviation)


def _arithmetic(name: str, value: NDArray[np.float64] | None) -> Step | None:
    """The step of an operation with a constant; None where it is none of arithmetic."""
    made: tuple[tuple[tuple[str, ...], str, Callable[[Any], Any], Callable[[Any], Any]], ...] = (
        (_DIVIDES, "it divides by", lambda by: 1 / by, np.zeros_like),
        (_MULTIPLIES, "it multiplies by", lambda by: by, np.zeros_like),
        (_SUBTRACTS, "it subtracts", np.ones_like, lambda by: -by),
        (_ADDS, "it adds", np.ones_like, lambda by: by),
    )
    for names, what, factor, offset in made:
        if name in names:
            if value is None or not value.size or not (np.isfinite(value) & (value != 0)).all():
                return Step(f"{what} numbers right behind its input")
            shown = ", ".join(f"{each:.4g}" for each in value.ravel()[:4])
            return Step(f"{what} {shown} right behind its input", factor(value), offset(value))
    return None


def _behind_the_input(operations: Sequence[Operation]) -> Iterator[Operation]:
    """The operations that compute with the input, past those that only hand it on."""
    takers: dict[str, list[Operation]] = {}
    for each in operations:
        for name in each.inputs:
            takers.setdefault(name.partition(":")[0], []).append(each)
    waiting = [each for each in operations if each.kind.startswith("Placeholder")]
    seen = {each.name for each in waiting}
    while waiting:
        for taker in takers.get(waiting.pop(0).name, ()):
            if taker.name in seen:
                continue
            seen.add(taker.name)
            if taker.kind in _PASSING_OPERATIONS:
                waiting += [] if taker.kind == "Shape" else [taker]
            else:
                yield taker


def _source(tensor: str, by_name: Mapping[str, Operation]) -> str:
    """The operation behind a tensor, past those that only hand it on."""
    name, seen = tensor.partition(":")[0].lstrip("^"), set[str]()
    while name in by_name and by_name[name].kind == "Identity" and by_name[name].inputs:
        if name in seen:
            break
        seen.add(name)
        name = by_name[name].inputs[0].partition(":")[0]
    return name


def _array(value: Any) -> NDArray[np.float64] | None:
    """The numbers of a setting; None for anything else."""
    try:
        found = np.asarray(value, np.float64).ravel()
    except (TypeError, ValueError):
        return None
    return found if 0 < found.size <= 64 and np.isfinite(found).all() else None
