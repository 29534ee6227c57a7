"""A layer's weights after batch normalisation has been folded into the layer before it.

The converter turns ``gamma (x − mean) / √(variance + epsilon) + beta`` after a convolution into
kernel · s and the sum (bias − mean) · s + beta, with s = gamma / √(variance + epsilon). After
anything else it stores s and beta − mean · s, as one factor and one sum. Of a Normalization it
stores 1 / √variance, and the mean alone or subtracted from what a Rescaling before it adds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.formats.anatomy.parts import Part
from models.formats.model_json import Weight

Values = NDArray[np.float64]
AS_IT_IS = "as it is"
# What products and sums in float32 are off by, at most, as a share of the terms; in 50 arrays of 80
# conversions it was at most 1.1e-7.
ROUNDING = 2.0**-20
_STEPS = {"bfloat16": 2.0**-8, "float16": 2.0**-11}  # half a step is what rounding moves, at most
_STEP32 = 2.0**-24  # that of float32, which a converter makes of float64
_LEAST16 = 2.0**-24  # numbers of float16 are no nearer to each other, however small
_TINY = 2.0**-126  # smaller numbers are 0 for some processors
_LEAST_DEVIATION = 1e-7  # that Keras divides by
_COMPUTED = 4  # a float16 layer rounds each of so many results on the way to a factor or a sum


@dataclass(frozen=True, eq=False)
class Effective:
    """An array to look for in an operation: its value, the weights that it comes from, and how.

    ``terms`` are the magnitudes that were multiplied and added up to each number: 0 where the
    array is as it is. ``step`` is that of the float that a layer's numbers are rounded to, 0 where
    they are float32 as they are.
    """

    layer: str
    weights: tuple[str, ...]
    how: str
    value: Values
    terms: Values
    step: float = 0.0

    @property
    def rounding(self) -> Values:
        """What each number may differ by when the conversion computes or rounds it."""
        allowed: Values = self.terms * (ROUNDING + self.step) + np.abs(self.value) * self.step
        return allowed + (_LEAST16 if self.step >= _STEPS["float16"] else _TINY)


def as_it_is(part: Part, weight: Weight) -> Effective:
    """An unchanged weight."""
    value = weight.value.astype(np.float64)
    zeros = np.zeros_like(value)
    wide = weight.value.dtype.itemsize > np.dtype(np.float32).itemsize
    step = max(_step(part), _STEP32 if wide else 0.0)
    return Effective(part.name, (weight.name,), AS_IT_IS, value, zeros, step)


def _step(part: Part) -> float:
    """The graph of a layer that computes in float16 has its weights in float16."""
    policy = part.settings.get("dtype")
    name = str(policy.get("config", {}).get("name") if isinstance(policy, Mapping) else policy)
    return next((step for kind, step in _STEPS.items() if name.endswith(kind)), 0.0)


def effective(group: Sequence[Part], depthwise: bool) -> Iterator[Effective]:
    """The arrays that an operation needs to compute a ``group`` of layers, in order.

    ``depthwise`` says which kernel of a separable convolution the operation has.
    """
    kernel: Effective | None = None
    offset: Effective | None = None
    added = 0.0
    for part in group:
        if part.kind == "Rescaling":
            added = _number(part.settings.get("offset"))
        elif _is_standardising(part):
            yield from _standardising(part, added)
        elif is_normalisation(part):
            if kernel is None or not _folds(part, kernel, depthwise):
                yield from _alone(part)
            else:
                kernel, offset = _folded(kernel, offset, part, depthwise)
        else:
            for weight in part.floats:
                role = weight.name.rpartition("/")[2]
                if role == "bias":
                    offset = as_it_is(part, weight)
                elif not role.endswith("kernel") or role == "recurrent_kernel":
                    yield as_it_is(part, weight)
                elif kernel is None and (role == "depthwise_kernel") == depthwise:
                    kernel = as_it_is(part, weight)
    yield from (each for each in (kernel, offset) if each is not None)


def is_normalisation(part: Part) -> bool:
    """Whether a layer is batch normalisation, with its statistics."""
    roles = _roles(part).keys()
    return part.kind == "BatchNormalization" and {"moving_mean", "moving_variance"} <= roles


def _is_standardising(part: Part) -> bool:
    """Whether a layer is Normalization, with the statistics that it learnt."""
    return part.kind == "Normalization" and {"mean", "variance"} <= _roles(part).keys()


def _standardising(part: Part, added: float) -> Iterator[Effective]:
    """Normalization behind a sum of ``added``."""
    named = _roles(part)
    mean, variance = (named[role].value.astype(np.float64) for role in ("mean", "variance"))
    factor = 1 / np.maximum(np.sqrt(variance), _LEAST_DEVIATION)
    terms = np.abs(mean) + abs(added)
    yield Effective(part.name, (named["variance"].name,), "as one factor", factor, factor)
    yield Effective(part.name, (named["mean"].name,), "as one sum", added - mean, terms)
    yield as_it_is(part, named["mean"])


def _roles(part: Part) -> dict[str, Weight]:
    return {each.name.rpartition("/")[2]: each for each in part.floats}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _folds(part: Part, kernel: Effective, depthwise: bool) -> bool:
    outputs = kernel.value.shape[-2:] if depthwise else kernel.value.shape[-1:]
    return all(each.value.size == math.prod(outputs) for each in part.floats)


def _alone(part: Part) -> Iterator[Effective]:
    names = tuple(each.name for each in part.floats)
    scale, shift, terms = _normalisation(part)
    step = _COMPUTED * _step(part)
    yield Effective(part.name, names, "as one factor", scale, np.abs(scale), step)
    yield Effective(part.name, names, "as one sum", shift, terms, step)
    yield from (as_it_is(part, weight) for weight in part.floats)


def _folded(
    kernel: Effective, offset: Effective | None, part: Part, depthwise: bool
) -> tuple[Effective, Effective]:
    scale, shift, terms = _normalisation(part)
    how = f"with {part.name} folded in"
    # A depthwise kernel is (height, width, channels, multiplier): its outputs are the last two.
    factor = scale.reshape(kernel.value.shape[-2:]) if depthwise else scale
    zeros = np.zeros_like(scale)
    own = Effective(part.name, (), how, zeros, zeros) if offset is None else offset
    names = (*own.weights, *(each.name for each in part.floats))
    product = kernel.value * factor
    added = own.value * scale
    return (
        replace(kernel, how=how, value=product, terms=np.abs(product)),
        replace(own, how=how, weights=names, value=added + shift, terms=np.abs(added) + terms),
    )


def _normalisation(part: Part) -> tuple[Values, Values, Values]:
    """Batch normalisation as a factor and a sum, and the magnitudes that are added up to it."""
    named = {role: each.value.astype(np.float64) for role, each in _roles(part).items()}
    mean, variance = named["moving_mean"], named["moving_variance"]
    ones = np.ones_like(mean)
    epsilon = float(part.settings.get("epsilon", 1e-3))
    scale = named.get("gamma", ones) / np.sqrt(variance + epsilon)
    beta = named.get("beta", 0 * ones)
    return scale, beta - mean * scale, np.abs(beta) + np.abs(mean * scale)
