"""What a loaded model of either Keras takes and gives, as a manifest says it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats.tensors import DTYPES, LARGEST, MOST, Tensor
from models.runtimes.keras import keras3

_UNBUILT = (
    "does not say what it takes and gives. Build it before it is saved, model.build(shape), or "
    "begin it with an Input layer."
)
_TEXT = (
    "a text. Only numbers can be compared: leave the layers that make numbers of texts outside, "
    "and save the model that begins behind them, Model(numbers, outputs)."
)
_NOT_DENSE = (
    "a {} tensor, which TensorFlow.js does not have. Build the model with a dense Input, pad what "
    "it takes to one length, load the weights into it and save that."
)


def takes(model: Any, path: Path) -> tuple[Tensor, ...]:
    """The inputs of a model that was loaded from ``path``, in its own order.

    An integer or float that an Embedding takes has its number of ``values``. Raises ModelError,
    with the way out, for what is no dense tensor of numbers.
    """
    tensors = _listed(model, "inputs", path)
    names = getattr(model, "input_names", None) or [each.name for each in tensors]
    words = dict(_embedded(model))
    return tuple(
        _tensor(name, each, f"{path} takes", words.get(id(each)))
        for name, each in zip(names, tensors, strict=True)
    )


def gives(model: Any, path: Path) -> tuple[Tensor, ...]:
    """The outputs of a model, those of tf_keras by the names that conversion keeps. Raises
    ModelError.
    """
    tensors = _listed(model, "outputs", path)
    names = getattr(model, "output_names", None) or [each.name for each in tensors]
    return tuple(
        _tensor(name, each, f"{path} gives") for name, each in zip(names, tensors, strict=True)
    )


def _listed(model: Any, side: str, path: Path) -> list[Any]:
    found = getattr(model, side, None)
    if not found:
        raise ModelError(f"{path} {_UNBUILT}")
    if len(found) > MOST:
        raise ModelError(f"{path} has {len(found)} {side}; {MOST} is the most.")
    return list(found)


def _tensor(name: str, tensor: Any, does: str, values: int | None = None) -> Tensor:
    """``does`` begins the sentence of an error: "model.h5 takes"."""
    dtype = str(getattr(tensor.dtype, "name", tensor.dtype))
    spec = type(getattr(tensor, "type_spec", None)).__name__
    for kind in ("ragged", "sparse"):
        if getattr(tensor, kind, False) or spec.lower().startswith(kind):
            raise ModelError(f"{does} {name}, {_NOT_DENSE.format(kind)}")
    if dtype == "string":
        raise ModelError(f"{does} {name}, {_TEXT}")
    if dtype not in DTYPES:
        raise ModelError(
            f"{does} {name} of {dtype}. Expected {', '.join(DTYPES)}: a Keras layer takes "
            "dtype='float32'."
        )
    if getattr(tensor.shape, "rank", 1) is None or not len(tensor.shape):
        raise ModelError(
            f"{does} {name} of the shape {tensor.shape}. Expected a first side that is the batch."
        )
    batch, *sides = (None if side is None else int(side) for side in tensor.shape)
    if (size := math.prod(side or 1 for side in sides)) > LARGEST:
        raise ModelError(f"{does} {name} of {size:,} values; {LARGEST:,} is the most.")
    return Tensor(name, tuple(sides), dtype, values, batch=batch)


def _embedded(model: Any) -> Iterator[tuple[int, int]]:
    """The id of each tensor that an Embedding takes, and how many different values it knows."""
    for layer in model.layers:
        # Not public, but in both Keras what the calls of a layer are kept in.
        taken = [keras3.tensors(node.input_tensors) for node in layer._inbound_nodes]
        if type(layer).__name__ == "Embedding":
            yield from ((id(each), int(layer.input_dim)) for call in taken for each in call)
        elif hasattr(layer, "layers"):
            inside = dict(_embedded(layer))
            for call in taken:
                for outer, inner in zip(call, layer.inputs, strict=False):
                    if (words := inside.get(id(inner))) is not None:
                        yield id(outer), words
