"""One operation of a converted model by itself, in the converter's own format, with its inputs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.formats.model_json import Stored

Values = NDArray[Any]
# From the name of an axis that can be cut, "in", "out" or the number of one of the inputs' axes, to
# the range that is left of it. "in" are the channels that are taken, "out" those that are given;
# where each channel is computed from itself alone, all are "in".
Cut = Mapping[str, tuple[int, int]]
Axes = Mapping[int, str]  # which axes of an array a cut goes along
# From a cut and the inputs, cut, to a model's topology.
Topology = Callable[[Cut, Sequence[Values]], Mapping[str, Any]]

_DTYPES = {
    "b": ("bool", "u1"),
    "f": ("float32", "<f4"),
    "i": ("int32", "<i4"),
    "u": ("int32", "<i4"),
}


@dataclass(frozen=True)
class Weights:
    """An array of the operation, as its files store it, and the axes that a cut goes along."""

    stored: Stored
    axes: Axes

    def cut(self, cut: Cut) -> Stored:
        """What is left of it."""
        value = along(self.stored.value, self.axes, cut)
        entry = {**self.stored.entry, "shape": list(value.shape)}
        return Stored(entry, value, value.nbytes)


@dataclass(frozen=True, eq=False)
class Operation:
    """What a lane computes between given values and ``output``.

    ``topology`` is a model's, as model.json has it, for a cut and the shapes of its inputs;
    ``sources`` are the names of the inputs in it; ``axes`` those that can be cut. ``described``
    says what it is, a line each of name and value.
    """

    format: Literal["graph", "layers"]
    topology: Topology
    weights: Sequence[Weights]
    sources: Sequence[str]
    output: str
    axes: frozenset[str]
    described: Sequence[tuple[str, str]]

    def case(self, inputs: Sequence[Values], cut: Cut) -> dict[str, Any]:
        """It as models/tfjs/src/report/case.js takes it, for inputs that are cut already."""
        stored = [each.cut(cut) for each in self.weights]
        data = b"".join(np.ascontiguousarray(each.value).tobytes() for each in stored)
        return {
            "format": self.format,
            "topology": self.topology(cut, inputs),
            "weights": [each.entry for each in stored],
            "data": base64.b64encode(data).decode(),
            "inputs": [_fed(name, each) for name, each in zip(self.sources, inputs, strict=True)],
            "output": self.output,
        }

    def values(self, cut: Cut) -> int:
        """How many numbers it holds."""
        return sum(each.cut(cut).value.size for each in self.weights)


def along(value: Values, axes: Axes, cut: Cut) -> Values:
    """The array with a cut made along its axes."""
    kept = [
        slice(*cut[axes[at]]) if axes.get(at) in cut else slice(None) for at in range(value.ndim)
    ]
    return value[tuple(kept)]


def input_axes(value: Values) -> Axes:
    """The axes of an operation's input: rows of the batch, places, channels."""
    last = value.ndim - 1
    return {at: "in" if at == last else str(at) for at in range(1, value.ndim)}


def array(value: Values) -> dict[str, Any]:
    """Values as the report has them: float32, little-endian, in base64."""
    data = np.ascontiguousarray(value, "<f4").tobytes()
    return {"shape": list(value.shape), "data": base64.b64encode(data).decode()}


def _fed(name: str, value: Values) -> dict[str, Any]:
    dtype, stored = _DTYPES[value.dtype.kind]
    data = np.ascontiguousarray(value, stored).tobytes()
    shape = list(value.shape)
    return {"name": name, "shape": shape, "dtype": dtype, "data": base64.b64encode(data).decode()}
