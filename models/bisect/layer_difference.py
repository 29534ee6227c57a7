"""Where two lanes part: what each layer gave, compared from the first to the last.

A layer may differ by ``RTOL`` times the largest magnitude that the reference has there; ``ATOL``
is for layers that are all zero. Value by value, as numpy.allclose has it, would be too strict:
beside large activations lie small ones, sums of the same large terms, and float32 rounds a sum as
large as its terms. On probabilities, whose largest is near 1, it is the tolerance of the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.parity.difference import absolute
from models.runtimes.activations import Trace

ATOL = 1e-8
RTOL = 1e-5

Values = NDArray[np.float32]


@dataclass(frozen=True)
class LayerDifference:
    """How far another lane is from the reference after one layer.

    ``part`` is what gives the same in the other lane. ``max_abs`` and ``mean_abs`` are of the
    absolute differences, ``relative`` is ``max_abs`` over ``scale``, the largest finite magnitude
    in the reference, and ``worst`` the index of the largest difference, digit first. All are NaN,
    and ``problem`` says why, where the two cannot be compared. ``atol`` is the part of ``allowed``
    that does not grow with ``scale``.
    """

    layer: str
    part: str
    shape: tuple[int, ...]
    max_abs: float
    mean_abs: float
    scale: float
    worst: tuple[int, ...]
    allowed: float
    problem: str | None = None
    atol: float = ATOL

    @property
    def relative(self) -> float:
        """The largest difference as a share of the layer's largest magnitude."""
        if self.max_abs == 0:
            return 0.0
        return self.max_abs / self.scale if self.scale else float("inf")

    @property
    def smallest_rtol(self) -> float:
        """The smallest ``rtol`` that the layer would pass; NaN where it cannot be compared."""
        beyond = self.max_abs - self.atol
        if beyond <= 0:
            return 0.0
        return beyond / self.scale if self.scale else beyond * float("inf")  # NaN stays NaN

    @property
    def passed(self) -> bool:
        """Whether the layer is within the tolerance; NaN never is."""
        return self.max_abs <= self.allowed


def compare(
    reference: Trace,
    other: Trace,
    pairs: Iterable[tuple[str, str]],
    *,
    atol: float = ATOL,
    rtol: float = RTOL,
) -> tuple[LayerDifference, ...]:
    """Compare a layer of the reference with a part of the other lane for every pair, in order.

    Pairs that one of the two traces does not have are left out.
    """
    return tuple(
        _difference((layer, part), reference.outputs[layer], other.outputs[part], atol, rtol)
        for layer, part in pairs
        if layer in reference.outputs and part in other.outputs
    )


def smallest_rtol(differences: Iterable[LayerDifference]) -> float:
    """The smallest tolerance that every layer would pass; NaN where one cannot be compared."""
    return float(np.max([each.smallest_rtol for each in differences], initial=0.0))


def first_parting(differences: Iterable[LayerDifference]) -> LayerDifference | None:
    """The first layer that is beyond the tolerance."""
    return next((each for each in differences if not each.passed), None)


def _difference(
    names: tuple[str, str], base: Values, found: Values, atol: float, rtol: float
) -> LayerDifference:
    # An infinity has no part that could be allowed, nor may the values beside it differ for it.
    scale = float(np.abs(base).max(initial=0.0, where=np.isfinite(base)))
    allowed = atol + rtol * scale
    if base.shape != found.shape:
        problem = f"its shape is {_shape(found)} where the reference has {_shape(base)}"
        nan = float("nan")
        return LayerDifference(*names, base.shape, nan, nan, scale, (), allowed, problem, atol)
    far = absolute(base.astype(np.float64), found.astype(np.float64))
    worst = np.unravel_index(int(np.argmax(far)), far.shape)  # NaN counts as the largest
    return LayerDifference(
        *names,
        base.shape,
        float(far[worst]),
        float(far.mean()),
        scale,
        tuple(map(int, worst)),
        allowed,
        atol=atol,
    )


def _shape(values: Values) -> str:
    return "×".join(map(str, values.shape[1:]))
