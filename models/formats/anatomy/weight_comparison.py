"""Whether two formats hold the same numbers, unchanged or as conversion transforms them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.formats.anatomy.calls import path_of
from models.formats.anatomy.folding import AS_IT_IS, Effective, Values, as_it_is, effective
from models.formats.anatomy.leaves import leaves, neighbours
from models.formats.anatomy.match import Matching
from models.formats.anatomy.parts import Anatomy, Part
from models.formats.model_json import Weight

MISSING = "not found"
LEFT_OUT = "left out, being zero"
NEAR = 0.03  # of two arrays' lengths: float16 moves by 3e-4, uint8 by 1e-2, an epsilon by less


@dataclass(frozen=True)
class Stored:
    """An array of a layer, and where the other model keeps it.

    ``weights`` are the layer's arrays that went into it and ``how`` what was done to them.
    ``max_abs`` is the largest difference, ``worst`` its index, ``share`` what part of that number
    it is, and ``scale`` the largest magnitude on the layer's side. ``differing`` of ``size``
    numbers differ by more than the rounding of float32 explains, all of them as float16 would where
    ``halved``. ``alike`` says that they are one array's all the same: most are equal, or near.
    Where nothing was found, ``max_abs`` is None.
    """

    layer: str
    weights: tuple[str, ...]
    other: str | None
    how: str
    max_abs: float | None = None
    scale: float = 0.0
    worst: tuple[int, ...] = ()
    share: float = 0.0
    differing: int = 0
    size: int = 0
    alike: bool = True
    halved: bool = False

    @property
    def equal(self) -> bool:
        """Whether the numbers are the same, but for the rounding of float32."""
        return self.max_abs is not None and not self.differing


def compare_weights(
    layers: Anatomy, other: Anatomy, matching: Matching | None = None
) -> tuple[Stored, ...]:
    """Compare the numbers of a Keras or layers model with those of another format of it.

    With ``matching``, ``other`` is the graph model; without, it has the same layers.
    """
    if matching is None:
        return _between_layers(layers, other)
    compared = [
        (_folded(layers, stored, constant), constant)
        for operation in other
        if operation.floats
        for stored, constant in _in_operation(
            [_with_weights(layers, e) for e in matching.layers_in(operation.name)], operation
        )
    ]
    sure = [(stored, constant) for stored, constant in compared if stored.alike]
    found = [*(stored for stored, _ in sure), *_elsewhere(layers, other, sure)]
    told = _told(found)
    found += [stored for stored, _ in compared if not told.issuperset(stored.weights)]
    told = _told(found)
    found += [
        Stored(part.name, (weight.name,), None, MISSING)
        for part in layers
        for weight in part.floats
        if weight.name not in told
    ]
    return tuple(sorted(found, key=lambda each: layers.order.get(each.layer, len(layers.order))))


def _with_weights(layers: Anatomy, name: str) -> Part:
    """A call of a layer: a later one with the weights of the first, which a graph stores twice."""
    part, first = layers[name], path_of(name)
    return replace(part, weights=layers[first].weights) if first in layers else part


def _told(stored: Iterable[Stored]) -> set[str]:
    return {name for each in stored for name in each.weights}


def _between_layers(layers: Anatomy, other: Anatomy) -> tuple[Stored, ...]:
    """By name; in order where names find less of the same: Keras numbers layers anew."""
    by_name = [_same_name(part, weight, other) for part in layers for weight in part.floats]
    if all(each.equal for each in by_name):
        return tuple(by_name)
    own = [(part, weight) for part in layers for weight in part.floats]
    twins = [weight for part in other for weight in part.floats]
    if [weight.value.shape for _, weight in own] != [twin.value.shape for twin in twins]:
        return tuple(by_name)
    in_order = [
        _compared(as_it_is(part, weight), twin)
        for (part, weight), twin in zip(own, twins, strict=True)
    ]
    return tuple(max(by_name, in_order, key=lambda found: sum(each.equal for each in found)))


def _same_name(part: Part, weight: Weight, other: Anatomy) -> Stored:
    twins = other[part.name].floats if part.name in other else ()
    twin = next((each for each in twins if each.name == weight.name), None)
    if twin is None or twin.value.shape != weight.value.shape:
        return Stored(part.name, (weight.name,), None, MISSING)
    return _compared(as_it_is(part, weight), twin)


def _in_operation(group: Sequence[Part], operation: Part) -> Iterator[tuple[Stored, Weight]]:
    """Each constant of an operation beside the array of its size that it is nearest to."""
    if any("layers" in part.settings for part in group):
        return  # a model inside the model: `_elsewhere` looks into it
    wanted = list(effective(group, "Depthwise" in operation.kind))
    for constant in operation.floats:
        fitting = [each for each in wanted if each.value.size == constant.value.size]
        if fitting:
            nearest = min(fitting, key=lambda each: _median(each, constant))
            wanted.remove(nearest)
            yield _compared(nearest, constant), constant


def _folded(layers: Anatomy, stored: Stored, constant: Weight) -> Stored:
    """The same, or what it is where a normalisation was folded in that no name tells of: one that
    is about 1 would look like a fault.
    """
    if stored.equal or stored.how != AS_IT_IS:
        return stored
    found = (
        _compared(wanted, constant)
        for group in neighbours(leaves(layers.parts))
        if len(group) > 1 and group[0].name == stored.layer
        for depthwise in (False, True)
        for wanted in effective(group, depthwise)
        if wanted.how != AS_IT_IS and wanted.value.size == constant.value.size
    )
    return next((each for each in found if each.equal), stored)


def _elsewhere(
    layers: Anatomy, graph: Anatomy, sure: Sequence[tuple[Stored, Weight]]
) -> Iterator[Stored]:
    """Arrays that no operation named them for, beside constants that hold most of their numbers."""
    used = {constant.name for _, constant in sure}
    told = _told(stored for stored, _ in sure)
    free: dict[int, list[Weight]] = {}
    for constant in {each.name: each for part in graph for each in part.floats}.values():
        free.setdefault(constant.value.size, []).append(constant)
    for wanted in _left(leaves(layers.parts), told):
        fitting = free.get(wanted.value.size, [])
        found = [_compared(wanted, each) for each in fitting]
        best = min(found, key=lambda each: each.differing, default=None)
        if best is not None and (best.equal or (best.alike and best.other not in used)):
            yield best
        elif not wanted.value.any() and all(each.name in used for each in fitting):
            yield Stored(wanted.layer, wanted.weights, None, LEFT_OUT, 0.0, size=wanted.value.size)


def _left(parts: Sequence[Part], told: set[str]) -> Iterator[Effective]:
    """The arrays of layers that were not found, by themselves and with their neighbours."""
    for group in neighbours(parts):
        if told.issuperset(each.name for part in group for each in part.floats):
            continue
        for depthwise in (False, True):
            for wanted in effective(group, depthwise):
                if not told.issuperset(wanted.weights):
                    yield wanted


def _median(wanted: Effective, constant: Weight) -> float:
    """The median difference: one changed value must not pair a constant with another array."""
    return float(np.median(np.abs(constant.value.ravel() - wanted.value.ravel())))


def _compared(wanted: Effective, constant: Weight) -> Stored:
    value = constant.value.astype(np.float64).reshape(wanted.value.shape)
    if not value.size:
        return Stored(wanted.layer, wanted.weights, constant.name, wanted.how, 0.0)
    difference = np.abs(value - wanted.value)
    beyond = ~(difference <= wanted.rounding)  # NaN is beyond
    first = difference if not beyond.any() else np.where(beyond, difference, -1.0)
    worst = np.unravel_index(int(np.argmax(first)), difference.shape)
    magnitude = abs(float(wanted.value[worst]))
    halved = bool(beyond.any()) and bool((value == value.astype(np.float16)).all())
    return Stored(
        wanted.layer,
        wanted.weights,
        constant.name,
        wanted.how,
        float(difference[worst]),
        float(np.abs(wanted.value).max()),
        tuple(map(int, worst)),
        float(difference[worst]) / magnitude if magnitude else np.inf,
        int(beyond.sum()),
        difference.size,
        _alike(wanted, value, beyond, halved),
        halved,
    )


def _alike(wanted: Effective, value: Values, beyond: NDArray[np.bool_], halved: bool) -> bool:
    """Whether two arrays are one array, perhaps with a fault: no transformation that is not known
    here leaves most numbers as they were.

    It may multiply every output by a number near 1, as batch normalisation does before it has
    learnt anything.
    """
    some = wanted.value != 0
    if not some.any():
        return 2 * int(beyond.sum()) <= beyond.size
    if 2 * int((some & beyond).sum()) <= int(some.sum()):
        return True
    near = np.linalg.norm(value - wanted.value) <= NEAR * np.linalg.norm(wanted.value)
    if wanted.how != AS_IT_IS or halved:
        return bool(near)
    return bool(near) and not _is_scaled(wanted.value, value)


def _is_scaled(own: Values, value: Values) -> bool:
    """Whether each of the last axis's entries is the same multiple of its own."""
    ratio = np.where(own == 0, np.nan, value / np.where(own == 0, 1, own))
    ratio = ratio.reshape(-1, own.shape[-1]) if own.ndim > 1 else ratio.reshape(1, -1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a whole column of zeros
        spread = np.nanmax(ratio, axis=0) - np.nanmin(ratio, axis=0)
    return bool(np.nanmax(spread) <= 1e-5)
