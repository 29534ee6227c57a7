"""Whether two formats hold the same numbers, unchanged or as conversion transforms them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.formats.anatomy.folding import Effective, as_it_is, effective
from models.formats.anatomy.match import Matching
from models.formats.anatomy.parts import Anatomy, Part
from models.formats.model_json import Weight

RTOL = 1e-5  # folding is a product and a sum in float32
MISSING = "not found"


@dataclass(frozen=True)
class Stored:
    """An array of a layer, and where the other model keeps it.

    ``weights`` are the layer's arrays that went into it and ``how`` what was done to them.
    ``max_abs`` is the largest difference, ``worst`` its index, ``scale`` the largest magnitude on
    the layer's side. Where nothing was found, ``other`` and ``max_abs`` are None.
    """

    layer: str
    weights: tuple[str, ...]
    other: str | None
    how: str
    max_abs: float | None = None
    scale: float = 0.0
    worst: tuple[int, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether the numbers are the same, but for the rounding of float32."""
        return self.max_abs is not None and self.max_abs <= RTOL * self.scale


def compare_weights(
    layers: Anatomy, other: Anatomy, matching: Matching | None = None
) -> tuple[Stored, ...]:
    """Compare the numbers of a Keras or layers model with those of another format of it.

    With ``matching``, ``other`` is the graph model; without, it has the same layers.
    """
    if matching is None:
        return tuple(_same_name(part, weight, other) for part in layers for weight in part.floats)
    compared = [
        stored
        for operation in other
        if operation.floats
        for stored in _in_operation(
            [layers[e] for e in matching.layers_in(operation.name)], operation
        )
    ]
    covered = {name for each in compared for name in each.weights}
    left = (
        Stored(part.name, (weight.name,), None, MISSING)
        for part in layers
        for weight in part.floats
        if weight.name not in covered
    )
    return tuple(sorted([*compared, *left], key=lambda each: layers.order[each.layer]))


def _same_name(part: Part, weight: Weight, other: Anatomy) -> Stored:
    twins = other[part.name].floats if part.name in other else ()
    twin = next((each for each in twins if each.name == weight.name), None)
    if twin is None or twin.value.shape != weight.value.shape:
        return Stored(part.name, (weight.name,), None, MISSING)
    return _compared(as_it_is(part, weight), twin)


def _in_operation(group: Sequence[Part], operation: Part) -> Iterator[Stored]:
    """Each constant of an operation beside the array of its size that it is nearest to."""
    if any("layers" in part.settings for part in group):
        return  # a model inside the model: its layers are not in order here
    wanted = list(effective(group, "Depthwise" in operation.kind))
    for constant in operation.floats:
        fitting = [each for each in wanted if each.value.size == constant.value.size]
        if fitting:
            nearest = min(fitting, key=lambda each: _median(each, constant))
            wanted.remove(nearest)
            yield _compared(nearest, constant)


def _median(wanted: Effective, constant: Weight) -> float:
    """The median difference: one changed value must not pair a constant with another array."""
    return float(np.median(np.abs(constant.value.ravel() - wanted.value.ravel())))


def _compared(wanted: Effective, constant: Weight) -> Stored:
    value = constant.value.astype(np.float64).reshape(wanted.value.shape)
    difference = np.abs(value - wanted.value)
    worst = np.unravel_index(int(np.argmax(difference)), difference.shape)
    return Stored(
        wanted.layer,
        wanted.weights,
        constant.name,
        wanted.how,
        float(difference[worst]),
        float(np.abs(wanted.value).max()),
        tuple(map(int, worst)),
    )
