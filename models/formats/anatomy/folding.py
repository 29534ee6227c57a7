"""A layer's weights after batch normalisation has been folded into the layer before it.

The converter turns ``gamma (x − mean) / √(variance + epsilon) + beta`` after a convolution into
kernel · s and the sum (bias − mean) · s + beta, with s = gamma / √(variance + epsilon). After
anything else it stores s and beta − mean · s, as one factor and one sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.formats.anatomy.parts import Part
from models.formats.model_json import Weight

Values = NDArray[np.float64]
AS_IT_IS = "as it is"


@dataclass(frozen=True, eq=False)
class Effective:
    """An array to look for in an operation: its value, the weights that it comes from, and how."""

    layer: str
    weights: tuple[str, ...]
    how: str
    value: Values


def as_it_is(part: Part, weight: Weight) -> Effective:
    """An unchanged weight."""
    return Effective(part.name, (weight.name,), AS_IT_IS, weight.value.astype(np.float64))


def effective(group: Sequence[Part], depthwise: bool) -> Iterator[Effective]:
    """The arrays that an operation needs to compute a ``group`` of layers, in order.

    ``depthwise`` says which kernel of a separable convolution the operation has.
    """
    kernel: Effective | None = None
    offset: Effective | None = None
    for part in group:
        if part.kind == "BatchNormalization":
            if kernel is None:
                yield from _alone(part)
            else:
                kernel, offset = _folded(kernel, offset, part, depthwise)
            continue
        for weight in part.floats:
            role = weight.name.rpartition("/")[2]
            if role == "bias":
                offset = as_it_is(part, weight)
            elif not role.endswith("kernel") or role == "recurrent_kernel":
                yield as_it_is(part, weight)
            elif kernel is None and (role == "depthwise_kernel") == depthwise:
                kernel = as_it_is(part, weight)
    yield from (each for each in (kernel, offset) if each is not None)


def _alone(part: Part) -> Iterator[Effective]:
    names = tuple(each.name for each in part.floats)
    scale, shift = _normalisation(part)
    yield Effective(part.name, names, "as one factor", scale)
    yield Effective(part.name, names, "as one sum", shift)
    yield from (as_it_is(part, weight) for weight in part.floats)


def _folded(
    kernel: Effective, offset: Effective | None, part: Part, depthwise: bool
) -> tuple[Effective, Effective]:
    scale, shift = _normalisation(part)
    how = f"with {part.name} folded in"
    # A depthwise kernel is (height, width, channels, multiplier): its outputs are the last two.
    factor = scale.reshape(kernel.value.shape[-2:]) if depthwise else scale
    own = Effective(part.name, (), how, np.zeros_like(scale)) if offset is None else offset
    names = (*own.weights, *(each.name for each in part.floats))
    return (
        replace(kernel, how=how, value=kernel.value * factor),
        replace(own, how=how, weights=names, value=own.value * scale + shift),
    )


def _normalisation(part: Part) -> tuple[Values, Values]:
    """Batch normalisation as a factor and a sum."""
    named = {each.name.rpartition("/")[2]: each.value.astype(np.float64) for each in part.floats}
    mean, variance = named["moving_mean"], named["moving_variance"]
    ones = np.ones_like(mean)
    epsilon = float(part.settings.get("epsilon", 1e-3))
    scale = named.get("gamma", ones) / np.sqrt(variance + epsilon)
    return scale, named.get("beta", 0 * ones) - mean * scale
