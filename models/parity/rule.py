"""The rule of parity: how far a lane may be from exact, and how far it is.

Exact is the model's own formula in float64 (``models.runtimes.keras.exact``). Keras itself, in
float32,
is off by rounding, and by how much depends on the model: that measures what may be forgiven.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import InputError
from models.parity.difference import absolute

Values = NDArray[np.float64]
Head = Literal["softmax", "values"]

# Measured on 64 digits: every healthy lane of 107 small networks lies at 8.4 times Keras's own
# distance or below. A weight off by 1 % lies at 21 to 4,150 in the shipped model's layers: what
# answers cannot tell from rounding, the numbers in the files do (``file_numbers``).
FACTOR = 30.0
FLOOR = 8 * 2.0**-23  # a few steps of float32: where Keras itself happens to round to the truth
# A model that computes in float16 is far from its own formula. TensorFlow.js, which computes it in
# float32, is not; TensorFlow, which does as Keras, may be as far as Keras.
AS_COARSE = 2.0
BELOW = 1e-30  # probabilities that float32 may round to 0
# The least logarithm is taken of these. A float32 answer of 0 is known to be below the first.
_TINY32, _TINY64 = 2.0**-149, 1e-300
_SUM = 1e-5  # how far from 1 the sum of float32 probabilities may be


@dataclass(frozen=True)
class Distance:
    """How far a lane is from exact on the same inputs.

    ``largest`` is a share of the scale of the model's answers, NaN where a lane's answer is one.
    ``worst`` is (input, class) where that is; ``same_top`` the share (0 to 1) of inputs that are
    given exact's top class.
    """

    largest: float
    worst: tuple[int, int]
    same_top: float


def head_of(exact: ArrayLike) -> Head:
    """What the answers (n, classes) are: of a softmax, whose rows sum to 1, or other values.

    This finds every softmax, whatever layers come after it, also in a model of another library.
    """
    values = np.asarray(exact, np.float64)
    sums_to_1 = np.abs(values.sum(axis=1) - 1) <= _SUM  # False for NaN
    return "softmax" if values.shape[1] > 1 and sums_to_1.all() and values.min() >= 0 else "values"


def distance(
    exact: ArrayLike, lane: ArrayLike, head: Head, *, scale: float | None = None
) -> Distance:
    """How far a lane's answers (n, classes) are from exact's of the same shape, n at least 1.

    In place of exact there may be the float32 answers of the reference.

    Of a softmax, logits are compared: the logarithms of the probabilities less that of exact's top
    class, and that one itself, as a share of the input's largest logit, at least 1. What is below
    1e-30 is compared as that: it may underflow. Other values are compared as a share of ``scale``,
    the largest of all unless given: a few inputs need not have a large one.

    Top classes need no rule of their own: within a bound they can differ only where exact itself is
    a tie within that bound. Raises InputError when the shapes differ or are empty.
    """
    apart = shares(exact, lane, head, scale=scale)
    base, values = np.asarray(exact), np.asarray(lane)
    image, label = divmod(int(np.argmax(apart)), base.shape[1])  # the first NaN, if there is one
    same = base.argmax(axis=1) == values.argmax(axis=1)
    return Distance(float(apart[image, label]), (image, label), float(same.mean()))


def shares(exact: ArrayLike, lane: ArrayLike, head: Head, *, scale: float | None = None) -> Values:
    """What ``distance`` is the largest of, for each input and class: (n, classes).

    Raises InputError when the shapes differ or are empty.
    """
    tiny = _TINY32 if np.asarray(exact).dtype == np.float32 else _TINY64
    base, values = np.asarray(exact, np.float64), np.asarray(lane, np.float64)
    if base.shape != values.shape or base.ndim != 2 or not base.size:
        raise InputError(
            f"Answers of shapes {base.shape} and {values.shape} cannot be compared. "
            "Expected two of the same shape (images, classes), at least one of each."
        )
    if head == "softmax":
        return _of_logits(base, values, tiny)
    return _of_values(base, values, scale or float(np.abs(base).max()))


def bound(reference: float, float32: float | None = None) -> float:
    """How far from exact rounding takes a lane of a model, as a share like ``Distance.largest``.

    ``reference`` is the original's own distance from exact. Where it does not compute in float32,
    as TensorFlow.js does, ``float32`` is the distance of the same model computed so.
    """
    if float32 is None:
        return max(FACTOR * reference, FLOOR)
    return max(FACTOR * float32, AS_COARSE * reference, FLOOR)


def rows(values: ArrayLike) -> NDArray[Any]:
    """Answers (n, …) as rows that are compared each by itself: (n · …, last); (n,) as (n, 1)."""
    array = np.asarray(values)
    return array.reshape(-1, array.shape[-1] if array.ndim > 1 else 1)


def rows_of_one(values: ArrayLike) -> int:
    """How many of these rows one input has."""
    return math.prod(np.asarray(values).shape[1:-1])


def _of_values(base: Values, values: Values, scale: float) -> Values:
    return absolute(base, values) / (scale or 1.0)


def _of_logits(base: Values, values: Values, tiny: float) -> Values:
    top = base.argmax(axis=1)[:, None]
    scale = np.abs(_logits(base, top, tiny)).max(axis=1, keepdims=True)
    apart = absolute(_logits(base, top, BELOW), _logits(values, top, BELOW))
    shared: Values = apart / np.maximum(scale, 1.0)
    return shared


def _logits(probabilities: Values, top: NDArray[np.int64], least: float) -> Values:
    """The top class keeps its own logarithm, or a lane that does not sum to 1 would pass."""
    logs = np.log(np.maximum(probabilities, least))
    own = np.take_along_axis(logs, top, axis=1)
    relative: Values = logs - own
    np.put_along_axis(relative, top, own, axis=1)
    return relative
