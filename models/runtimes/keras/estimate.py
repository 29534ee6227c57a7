"""How far float32 takes a model from exact, where exact cannot be had."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.formats.tensors import Tensors
from models.parity import rule

_SEED = 9
_STEP = 2.0**-22  # a rounding error of an input, generously
_DRAWS = 2

Ask = Callable[[Tensors], Sequence[NDArray[Any]]]


def distances(
    base: Sequence[NDArray[Any]], answers: Sequence[NDArray[Any]], heads: Sequence[rule.Head]
) -> list[float]:
    """How far each output of ``answers`` is from ``base``, as its head says."""
    return [
        rule.distance(rule.rows(one), rule.rows(other), head).largest
        for one, other, head in zip(base, answers, heads, strict=True)
    ]


def moved(given: Tensors, answers: Tensors, heads: Sequence[rule.Head], ask: Ask) -> list[float]:
    """How far a rounding error in the inputs ``given`` takes each output of the reference, which
    ``ask`` asks, from its ``answers``: that stands for its distance from exact. On 26 networks that
    have both, it was 0.3 to 2.6 times that.
    """
    random = np.random.default_rng(_SEED)
    own = [0.0] * len(answers)
    for _ in range(_DRAWS):
        other = ask(tuple(_moved(each, random) for each in given))
        own = [*map(max, own, distances(answers, other, heads))]
    return own


def _moved(tensor: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
    """Floats with a rounding error; integers as they are."""
    if not np.issubdtype(tensor.dtype, np.floating):
        return tensor
    moved: NDArray[Any] = tensor * (1 + random.uniform(-_STEP, _STEP, tensor.shape))
    return moved.astype(tensor.dtype)
